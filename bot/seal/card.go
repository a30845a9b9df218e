package seal

import "encoding/binary"

// Card is one reader as the coordinator confirmed them: with it, a program on a reader's own machine knows to whom it
// seals without trusting the server.
type Card struct {
	Version   uint64 // roster version in which the card was signed
	ID        string // roster id
	Name      string // name or role, as shown
	Role      string // "reader" or "recovery"
	Key       string // age1…
	Signature []byte // the coordinator's
}

// SignCard signs a card; its former signature does not matter.
func SignCard(k CoordinatorKey, c Card) Card {
	c.Signature = k.sign("card", c.statement())
	return c
}

// Verify says whether the coordinator signed this card as it is, and whether its key is usable.
func (c Card) Verify(public string) error {
	if err := verify(public, "card", c.statement(), c.Signature); err != nil {
		return err
	}
	return CheckPublic(c.Key)
}

func (c Card) statement() []byte {
	b := binary.BigEndian.AppendUint64(nil, c.Version)
	for _, s := range []string{c.ID, c.Name, c.Role, c.Key} {
		b = append32(b, []byte(s))
	}
	return b
}
