package telegramtest

// playChat plays what a bot may ask about a chat, and pins.
func (b *Bot) playChat(c *call) (any, *refusal) {
	if c.method == "getUserProfilePhotos" {
		return map[string]any{"total_count": 0, "photos": []any{}}, nil
	}
	ch, r := b.chatOf(c)
	if r != nil {
		return nil, r
	}
	switch c.method {
	case "getChat":
		return struct {
			wireChat
			Accent int `json:"accent_color_id"`
			Max    int `json:"max_reaction_count"`
			Gifts  any `json:"accepted_gift_types"`
		}{ch.wireChat, 0, 11, map[string]bool{"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false,
			"premium_subscription": false, "gifts_from_channels": false}}, nil
	case "getChatMemberCount":
		return max(len(ch.members)+1, 2), nil
	case "getChatMember":
		return b.member(ch, c.int("user_id", 0))
	case "leaveChat":
		if ch.Type == "private" {
			return nil, badRequest("chat member status can't be changed in private chats")
		}
		ch.blocked = true
		return true, nil
	case "pinChatMessage":
		id := int(c.int("message_id", 0))
		if ch.messages[id] == nil {
			return nil, badRequest("message to pin not found")
		}
		ch.pinned = id
	case "unpinChatMessage", "unpinAllChatMessages":
		ch.pinned = 0
	case "setMessageReaction":
		if ch.messages[int(c.int("message_id", 0))] == nil {
			return nil, badRequest("message to react not found")
		}
	}
	return true, nil
}

func (b *Bot) member(ch *chat, id int64) (any, *refusal) {
	if id == b.user.ID {
		return wireMember{Status: "member", User: b.user}, nil
	}
	a := b.accounts[id]
	if a == nil || (ch.ID != id && !ch.members[id]) {
		return nil, badRequest("user not found")
	}
	return wireMember{Status: "member", User: a.wireUser}, nil
}
