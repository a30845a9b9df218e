package telegram

import (
	"math"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"amana/bot"
)

// heard is one update as the door handles it: the words for the Hearer, and what only the door needs to answer.
type heard struct {
	update   int64 // 0 when the door itself noticed that somebody left
	chat     int64
	in       bot.Incoming
	message  int64  // of the person; 0 for a tap
	callback string // to be acknowledged
	tapped   *question
	file     *document // not fetched yet
	voice    *voice    // not fetched yet
	album    string
	came     time.Time // into its lane

	acked atomic.Bool // the tap was acknowledged
	group bool        // not a private chat: what is said there is refused, never heard
	quiet bool        // of a group: nobody said anything, only who or what it is changed
	drop  bool        // nothing to do but to confirm
}

// question is a message of ours that can still be edited.
type question struct {
	id   int64
	text string
	file bool // text is the caption of a file
}

// read turns an update into what the door does with it. It names the person only by chat id; the pseudonyms are
// added by the door. Whatever the update looks like, the answer is something that can be handled or dropped.
func read(u update, now time.Time) *heard {
	h := &heard{update: u.ID}
	switch {
	case u.Callback != nil:
		h.readTap(*u.Callback, now)
	case u.Message != nil:
		h.readMessage(*u.Message, now)
	case u.Edited != nil:
		h.readEdit(*u.Edited, now)
	case u.Member != nil:
		h.readMember(*u.Member, now)
	default:
		h.drop = true
	}
	if h.chat == 0 || h.chat > maxID || h.chat < -maxID {
		h.drop = true
	}
	return h
}

const maxID = 1 << 52 // ids of Telegram have up to 52 significant bits

// from sets the chat and says whether it is a private one.
func (h *heard) from(c chat, lang string) bool {
	h.chat = c.ID
	h.in.Lang = cleanLang(lang)
	// Anything but a private chat is refused, also a kind of chat that does not exist yet.
	h.group = c.Type != "private" || c.ID < 0
	return !h.group
}

func (h *heard) readTap(c callback, now time.Time) {
	h.callback = c.ID
	h.in.Kind, h.in.Sent = bot.Tap, now
	where := chat{ID: c.From.ID, Type: "private"}
	if c.Message != nil && c.Message.Chat.ID != 0 {
		where = c.Message.Chat
		if c.Message.Date > 0 && c.Message.ID > 0 { // else it is too old to be touched
			h.tapped = &question{id: c.Message.ID, text: c.Message.Text}
			if c.Message.Document != nil {
				h.tapped.text, h.tapped.file = c.Message.Caption, true
			}
		}
	}
	h.from(where, c.From.Lang)
	if len(c.Data) > maxData {
		h.in.Kind = bot.Other
		return
	}
	h.in.Tap = clean(c.Data)
}

func (h *heard) readMessage(m message, now time.Time) {
	h.in.Sent = instant(m.Date, now)
	if !h.from(m.Chat, m.From.Lang) {
		h.readGroup(m)
		return
	}
	h.message, h.album = m.ID, m.Album
	h.in.Text = bounded(m.Text)
	switch {
	case m.Text != "":
		h.readText(m.Text)
	case m.Voice != nil:
		h.in.Kind, h.in.Text, h.voice = bot.Voice, bounded(m.Caption), m.Voice
	case bool(m.Audio || m.VideoNote): // music and films are nobody's answer
		h.in.Kind, h.in.Text = bot.Voice, bounded(m.Caption)
	case bool(m.Photo || m.Video || m.Animation || m.Sticker): // an animation has a document beside it
		h.in.Kind, h.in.Text = bot.Picture, bounded(m.Caption)
	case m.Document != nil:
		h.in.Kind, h.in.Text = bot.Document, bounded(m.Caption)
		h.file = m.Document
	case m.Location != nil && m.Location.valid(): // a venue has a location beside it
		h.in.Kind = bot.Location
		h.in.Place = &bot.Place{Lat: m.Location.Lat, Lon: m.Location.Lon}
	case bool(m.Pinned || m.AutoDelete || m.Background || m.Allowed):
		h.drop = true
	default:
		h.in.Kind = bot.Other
	}
}

// readGroup takes of what comes from a group only that it was joined with a word, or moved. Whatever else is said there is
// not even kept until it is refused.
func (h *heard) readGroup(m message) {
	h.in.Group, h.in.Kind = true, bot.Other
	said := m.Text != "" || m.Caption != "" || m.Voice != nil || m.Document != nil || m.Location != nil
	h.quiet = !said && !bool(m.Audio || m.VideoNote || m.Photo || m.Video || m.Animation || m.Sticker) // Telegram itself speaks
	if m.MovedTo != 0 && m.MovedTo >= -maxID && m.MovedTo < 0 {
		h.in.Kind, h.in.Moved = bot.Moved, address(m.MovedTo)
		return
	}
	if name, payload, ok := slash(bounded(m.Text)); ok && name == "start" && payload != "" {
		h.in.Kind, h.in.Payload = bot.Start, payload
	}
}

func (h *heard) readText(text string) {
	switch name, payload, ok := slash(h.in.Text); {
	case len(text) > longestText:
		h.in.Kind, h.in.Text = bot.Other, ""
	case ok && name == "start":
		h.in.Kind, h.in.Text, h.in.Payload = bot.Start, "", payload
	case ok:
		h.in.Kind, h.in.Text = bot.Command, name
	default:
		h.in.Kind = bot.Text
	}
}

func (h *heard) readEdit(m message, now time.Time) {
	if !h.from(m.Chat, m.From.Lang) {
		h.drop = true // a group was refused when the message came
		return
	}
	h.message = m.ID
	h.in.Kind, h.in.Sent = bot.Edited, instant(max(m.Date, m.EditAt), now)
	h.in.Text = bounded(m.Text)
	if m.Text == "" {
		h.in.Text = bounded(m.Caption)
	}
	// A live location edits its message every few seconds without anybody saying anything.
	h.drop = h.in.Text == ""
}

func (h *heard) readMember(m member, now time.Time) {
	h.in.Kind, h.in.Sent = bot.Left, instant(m.Date, now)
	out := m.New.Status == "kicked" || m.New.Status == "left"
	if h.from(m.Chat, m.From.Lang) {
		h.drop = !out
		return
	}
	if h.in.Group = true; !out {
		h.in.Kind = bot.Other
	}
	h.quiet = true
}

func bounded(s string) string {
	if len(s) > longestText {
		return ""
	}
	return clean(s)
}

func (p place) valid() bool {
	return !math.IsNaN(p.Lat) && !math.IsNaN(p.Lon) && math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180
}

// instant reads a time of Telegram, and distrusts one that lies in the future or long before there were bots.
func instant(unix int64, now time.Time) time.Time {
	if unix < 1_400_000_000 || unix > now.Add(time.Minute).Unix() {
		return now
	}
	return time.Unix(unix, 0).UTC()
}

func address(chat int64) bot.Address {
	return bot.Address(scheme + strconv.FormatInt(chat, 10))
}

func chatOf(a bot.Address) (int64, bool) {
	s, ours := strings.CutPrefix(a.Reveal(), scheme)
	id, err := strconv.ParseInt(s, 10, 64)
	return id, ours && err == nil && id != 0
}
