package seal_test

import (
	"crypto/rand"
	"fmt"

	"amana/bot/seal"
)

// A report is sealed to its readers; one of them opens it and signs an answer, which the server accepts without being
// able to read it.
func Example() {
	amina, err := seal.NewIdentity(rand.Reader)
	if err != nil {
		panic(err)
	}
	seed, err := seal.NewSeed(rand.Reader) // lies inside the report; the server keeps seed.Public()
	if err != nil {
		panic(err)
	}
	report, err := seal.Message([]byte("what happened"), []string{amina.Public()}, "", rand.Reader)
	if err != nil {
		panic(err)
	}
	body, err := seal.OpenMessage(report, amina)
	fmt.Printf("%d bytes, opened: %s, %v\n", len(report), body, err)

	words, err := seal.Message([]byte("we heard you"), []string{amina.Public()}, "", rand.Reader)
	if err != nil {
		panic(err)
	}
	file, err := seal.SignAnswer(seed, seal.Header{Kind: "answer", State: "read", Readers: []seal.Reader{{ID: "amina", Key: amina.Public()}}}, words)
	if err != nil {
		panic(err)
	}
	answer, err := seal.ParseAnswer(file)
	if err != nil {
		panic(err)
	}
	fmt.Println(answer.Header.Kind, answer.Header.State, answer.Verify(seed.Public()), amina)
	// Output:
	// 5766 bytes, opened: what happened, <nil>
	// answer read <nil> (secret)
}
