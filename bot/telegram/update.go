package telegram

import "encoding/json"

// The types of this file are all of an update that is ever decoded. What has no field here (names, user names,
// telephone numbers, pictures' file ids, who wrote what was forwarded) is dropped by the parser itself.

type update struct {
	ID       int64     `json:"update_id"`
	Message  *message  `json:"message"`
	Edited   *message  `json:"edited_message"`
	Callback *callback `json:"callback_query"`
	Member   *member   `json:"my_chat_member"`
}

type message struct {
	ID      int64  `json:"message_id"`
	Date    int64  `json:"date"`
	EditAt  int64  `json:"edit_date"`
	Chat    chat   `json:"chat"`
	From    sender `json:"from"`
	Text    string `json:"text"`
	Caption string `json:"caption"`
	Album   string `json:"media_group_id"`

	Location *place    `json:"location"`
	Document *document `json:"document"`
	Voice    *voice    `json:"voice"`

	Audio     present `json:"audio"`
	VideoNote present `json:"video_note"`
	Photo     present `json:"photo"`
	Video     present `json:"video"`
	Animation present `json:"animation"`
	Sticker   present `json:"sticker"`

	// What the client does by itself: nobody said anything, so nobody is answered.
	Pinned     present `json:"pinned_message"`
	AutoDelete present `json:"message_auto_delete_timer_changed"`
	Background present `json:"chat_background_set"`
	Allowed    present `json:"write_access_allowed"`

	MovedTo int64 `json:"migrate_to_chat_id"` // in a group that became a supergroup
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

type sender struct {
	ID   int64  `json:"id"`
	Lang string `json:"language_code"`
}

type callback struct {
	ID      string   `json:"id"`
	From    sender   `json:"from"`
	Data    string   `json:"data"`
	Message *message `json:"message"`
}

type member struct {
	Chat chat   `json:"chat"`
	From sender `json:"from"`
	Date int64  `json:"date"`
	New  struct {
		Status string `json:"status"`
	} `json:"new_chat_member"`
}

type place struct {
	Lat float64 `json:"latitude"`
	Lon float64 `json:"longitude"`
}

type document struct {
	FileID string `json:"file_id"`
	Name   string `json:"file_name"`
	Size   int64  `json:"file_size"`
}

type voice struct {
	FileID  string `json:"file_id"`
	Seconds int    `json:"duration"`
	Size    int64  `json:"file_size"`
	MIME    string `json:"mime_type"`
}

// present notes that a field is there without keeping what it says.
type present bool

// UnmarshalJSON sees any value but null.
func (p *present) UnmarshalJSON(b []byte) error {
	*p = string(b) != "null"
	return nil
}

// parse reads one update. A field of the wrong shape is left empty and everything else is kept, so that one strange
// field never hides who wrote; ok is false when not even the number of the update can be read.
func parse(raw json.RawMessage) (u update, ok bool) {
	_ = json.Unmarshal(raw, &u)
	return u, u.ID > 0
}
