package telegramtest

import "encoding/json"

// The JSON of what a bot is told. Only what the fake says is here.

type wireUser struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	Username  string `json:"username,omitempty"`
	Language  string `json:"language_code,omitempty"`
	Premium   bool   `json:"is_premium,omitempty"`
}

type wireMe struct {
	wireUser
	CanJoinGroups bool `json:"can_join_groups"`
	CanReadAll    bool `json:"can_read_all_group_messages"`
	Inline        bool `json:"supports_inline_queries"`
	Business      bool `json:"can_connect_to_business"`
	WebApp        bool `json:"has_main_web_app"`
}

type wireChat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
}

// Entity is a stretch of a text with a meaning. Offset and Length count UTF-16 units.
type Entity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
	EmojiID  string `json:"custom_emoji_id,omitempty"`
}

type wireFile struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Size     int64  `json:"file_size,omitempty"`
	Path     string `json:"file_path,omitempty"`
	Name     string `json:"file_name,omitempty"`
	MIME     string `json:"mime_type,omitempty"`
	Duration *int   `json:"duration,omitempty"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
}

type wirePlace struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

type wireVenue struct {
	Location wirePlace `json:"location"`
	Title    string    `json:"title"`
	Address  string    `json:"address"`
}

type wireContact struct {
	Phone     string `json:"phone_number"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	UserID    int64  `json:"user_id,omitempty"`
}

type wireOrigin struct {
	Type string    `json:"type"`
	Date int64     `json:"date"`
	User *wireUser `json:"sender_user,omitempty"`
	Name string    `json:"sender_user_name,omitempty"`
}

type wireMessage struct {
	ID              int             `json:"message_id"`
	From            *wireUser       `json:"from,omitempty"`
	Chat            wireChat        `json:"chat"`
	Date            int64           `json:"date"`
	EditDate        int64           `json:"edit_date,omitempty"`
	Origin          *wireOrigin     `json:"forward_origin,omitempty"`
	ReplyTo         *wireMessage    `json:"reply_to_message,omitempty"`
	Protected       bool            `json:"has_protected_content,omitempty"`
	Text            string          `json:"text,omitempty"`
	Entities        []Entity        `json:"entities,omitempty"`
	Preview         json.RawMessage `json:"link_preview_options,omitempty"`
	Caption         string          `json:"caption,omitempty"`
	CaptionEntities []Entity        `json:"caption_entities,omitempty"`
	Document        *wireFile       `json:"document,omitempty"`
	Voice           *wireFile       `json:"voice,omitempty"`
	Photo           []wireFile      `json:"photo,omitempty"`
	Location        *wirePlace      `json:"location,omitempty"`
	Venue           *wireVenue      `json:"venue,omitempty"`
	Contact         *wireContact    `json:"contact,omitempty"`
	MigrateTo       int64           `json:"migrate_to_chat_id,omitempty"`
	MigrateFrom     int64           `json:"migrate_from_chat_id,omitempty"`
	NewMembers      []wireUser      `json:"new_chat_members,omitempty"`
	LeftMember      *wireUser       `json:"left_chat_member,omitempty"`
	Markup          json.RawMessage `json:"reply_markup,omitempty"`
}

type wireCallback struct {
	ID       string      `json:"id"`
	From     wireUser    `json:"from"`
	Message  wireMessage `json:"message"`
	Instance string      `json:"chat_instance"`
	Data     string      `json:"data"`
}

type wireMember struct {
	Status string   `json:"status"`
	User   wireUser `json:"user"`
	Until  *int64   `json:"until_date,omitempty"`
}

type wireMemberChange struct {
	Chat wireChat   `json:"chat"`
	From wireUser   `json:"from"`
	Date int64      `json:"date"`
	Old  wireMember `json:"old_chat_member"`
	New  wireMember `json:"new_chat_member"`
}
