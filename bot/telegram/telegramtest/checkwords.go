package telegramtest

import "fmt"

// missing, unparsable and excess give the words that Telegram uses, where they are known.
func missing(f *field) string {
	switch f.name {
	case "text":
		return "message text is empty"
	case "chat_id":
		return "chat_id is empty"
	case "message_id":
		return "message identifier is not specified"
	case "message_ids":
		return "message identifiers are not specified"
	}
	return fmt.Sprintf("parameter %q is required", f.name)
}

func unparsable(f *field) string {
	switch f.name {
	case "reply_markup":
		return "can't parse reply keyboard markup JSON object"
	case "entities", "caption_entities":
		return "can't parse entities JSON array"
	case "commands":
		return "can't parse commands JSON array"
	}
	return fmt.Sprintf("can't parse parameter %q", f.name)
}

func (f *field) excess() string {
	switch f.owner + "." + f.name {
	case "InlineKeyboardButton.callback_data":
		return "BUTTON_DATA_INVALID"
	case "CopyTextButton.text":
		return "BUTTON_COPY_TEXT_INVALID"
	case "answerCallbackQuery.text":
		return "MESSAGE_TOO_LONG"
	case "BotCommand.command":
		return "BOT_COMMAND_INVALID"
	case "BotCommand.description":
		return "BOT_COMMAND_DESCRIPTION_INVALID"
	case "setMyCommands.commands":
		return "BOT_COMMANDS_TOO_MUCH"
	case "InlineKeyboardMarkup.inline_keyboard":
		return "reply markup is too long"
	}
	switch f.name {
	case "parse_mode":
		return "unsupported parse_mode"
	case "language_code":
		return "invalid language code specified"
	case "message_ids":
		return "too many message identifiers specified"
	}
	return fmt.Sprintf("field %q is outside its limits", f.name)
}
