package telegramtest_test

import (
	"strings"
	"testing"

	"amana/bot/telegram/telegramtest"
)

func TestTableIsWhole(t *testing.T) {
	methods, objects, answers, err := telegramtest.Table()
	if err != nil {
		t.Fatal(err)
	}
	if methods != 43 || objects < 30 || answers < 30 {
		t.Errorf("the table holds %d methods, %d objects, %d answers", methods, objects, answers)
	}
}

// Everything in this list must be refused, and must count as the bot's own fault.
func TestRefusesWhatTelegramRefuses(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	u.Start("")
	kb := func(s string) string { return `{"inline_keyboard":[[` + s + `]]}` }
	emoji := strings.Repeat("😀", 4096)
	for name, x := range map[string]struct {
		code   int
		words  string
		method string
		fields []string
	}{
		"unknown method":         {404, "method not found", "sendMesage", nil},
		"method not played":      {404, "Not Found", "sendSticker", nil},
		"unknown parameter":      {400, "unknown parameter", "sendMessage", []string{"chat_id", "5", "text", "a", "disable_web_page_preview", "true"}},
		"unknown field":          {400, "unknown field", "sendMessage", []string{"chat_id", "5", "text", "a", "link_preview_options", `{"disabled":true}`}},
		"no chat":                {400, "chat_id is empty", "sendMessage", []string{"text", "a"}},
		"chat is no number":      {400, "chat not found", "sendMessage", []string{"chat_id", "five", "text", "a"}},
		"no text":                {400, "message text is empty", "sendMessage", []string{"chat_id", "5"}},
		"blank text":             {400, "message text is empty", "sendMessage", []string{"chat_id", "5", "text", " \u200b\u2068\u2069\n "}},
		"long text":              {400, "message is too long", "sendMessage", []string{"chat_id", "5", "text", emoji + "a"}},
		"very long text":         {400, "text is too long", "sendMessage", []string{"chat_id", "5", "text", strings.Repeat("<b></b>", 5000) + "a", "parse_mode", "HTML"}},
		"not UTF-8":              {400, "strings must be encoded in UTF-8", "sendMessage", []string{"chat_id", "5", "text", "a\xff"}},
		"wrong Boolean":          {400, "must be a Boolean", "sendMessage", []string{"chat_id", "5", "text", "a", "protect_content", "maybe"}},
		"wrong integer":          {400, "must be an integer", "editMessageText", []string{"chat_id", "5", "message_id", "x", "text", "a"}},
		"wrong nested type":      {400, "must be a Boolean", "sendMessage", []string{"chat_id", "5", "text", "a", "link_preview_options", `{"is_disabled":"yes"}`}},
		"null entities":          {400, "must be an array", "sendMessage", []string{"chat_id", "5", "text", "a", "entities", "null"}},
		"null keyboard":          {400, "must be an array", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", `{"inline_keyboard":null}`}},
		"markup is no JSON":      {400, "can't parse reply keyboard markup JSON object", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", `{`}},
		"markup is no object":    {400, "object expected as reply markup", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", `[]`}},
		"empty data":             {400, "BUTTON_DATA_INVALID", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", kb(`{"text":"x","callback_data":""}`)}},
		"data of 65 bytes":       {400, "BUTTON_DATA_INVALID", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", kb(`{"text":"x","callback_data":"` + strings.Repeat("ش", 32) + `x"}`)}},
		"long copy":              {400, "BUTTON_COPY_TEXT_INVALID", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", kb(`{"text":"x","copy_text":{"text":"` + strings.Repeat("a", 257) + `"}}`)}},
		"button without label":   {400, "text must be non-empty", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", kb(`{"text":" ","callback_data":"x"}`)}},
		"button without a deed":  {400, "Text buttons are unallowed", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", kb(`{"text":"x"}`)}},
		"button with two deeds":  {400, "BUTTON_TYPE_INVALID", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", kb(`{"text":"x","callback_data":"x","url":"https://a.example"}`)}},
		"button with a bad URL":  {400, "Wrong HTTP URL", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", kb(`{"text":"x","url":"javascript:alert(1)"}`)}},
		"button style":           {400, "outside its limits", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", kb(`{"text":"x","callback_data":"x","style":"red"}`)}},
		"nine in a row":          {400, "reply markup is too long", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", kb(strings.Repeat(`{"text":"x","callback_data":"x"},`, 8) + `{"text":"x","callback_data":"x"}`)}},
		"a hundred and one rows": {400, "reply markup is too long", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", `{"inline_keyboard":[` + strings.Repeat(`[{"text":"x","callback_data":"x"}],`, 100) + `[{"text":"x","callback_data":"x"}]]}`}},
		"much markup":            {400, "reply markup is too long", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", kb(`{"text":"` + strings.Repeat("a", 10300) + `","callback_data":"x"}`)}},
		"entity outside":         {400, "ENTITY_BOUNDS_INVALID", "sendMessage", []string{"chat_id", "5", "text", "😀a", "entities", `[{"type":"bold","offset":2,"length":2}]`}},
		"entity splits a rune":   {400, "ENTITY_BOUNDS_INVALID", "sendMessage", []string{"chat_id", "5", "text", "😀a", "entities", `[{"type":"bold","offset":1,"length":2}]`}},
		"entity of no kind":      {400, "outside its limits", "sendMessage", []string{"chat_id", "5", "text", "ab", "entities", `[{"type":"loud","offset":0,"length":1}]`}},
		"link without URL":       {400, "ENTITY_URL_INVALID", "sendMessage", []string{"chat_id", "5", "text", "ab", "entities", `[{"type":"text_link","offset":0,"length":1}]`}},
		"Markdown":               {400, "can't parse entities", "sendMessage", []string{"chat_id", "5", "text", "*a*", "parse_mode", "MarkdownV2"}},
		"parse mode":             {400, "unsupported parse_mode", "sendMessage", []string{"chat_id", "5", "text", "*a*", "parse_mode", "html5"}},
		"HTML and entities":      {400, "can't parse entities", "sendMessage", []string{"chat_id", "5", "text", "a", "parse_mode", "HTML", "entities", "[]"}},
		"long toast":             {400, "MESSAGE_TOO_LONG", "answerCallbackQuery", []string{"callback_query_id", "1", "text", strings.Repeat("é", 201)}},
		"no ids":                 {400, "message identifiers", "deleteMessages", []string{"chat_id", "5", "message_ids", "[]"}},
		"101 ids":                {400, "message identifiers", "deleteMessages", []string{"chat_id", "5", "message_ids", "[" + strings.Repeat("1,", 100) + "1]"}},
		"command in capitals":    {400, "BOT_COMMAND_INVALID", "setMyCommands", []string{"commands", `[{"command":"Start","description":"a"}]`}},
		"command in Arabic":      {400, "BOT_COMMAND_INVALID", "setMyCommands", []string{"commands", `[{"command":"مساعدة","description":"a"}]`}},
		"long command":           {400, "BOT_COMMAND_INVALID", "setMyCommands", []string{"commands", `[{"command":"` + strings.Repeat("a", 33) + `","description":"a"}]`}},
		"no description":         {400, "BOT_COMMAND_DESCRIPTION_INVALID", "setMyCommands", []string{"commands", `[{"command":"a","description":""}]`}},
		"long description":       {400, "BOT_COMMAND_DESCRIPTION_INVALID", "setMyCommands", []string{"commands", `[{"command":"a","description":"` + strings.Repeat("a", 257) + `"}]`}},
		"101 commands":           {400, "BOT_COMMANDS_TOO_MUCH", "setMyCommands", []string{"commands", `[` + strings.Repeat(`{"command":"a","description":"a"},`, 100) + `{"command":"a","description":"a"}]`}},
		"scope":                  {400, "BotCommandScope", "setMyCommands", []string{"commands", `[]`, "scope", `{"type":"everybody"}`}},
		"three-letter language":  {400, "invalid language code", "setMyCommands", []string{"commands", `[]`, "language_code", "rhg"}},
		"long name":              {400, "name", "setMyName", []string{"name", strings.Repeat("a", 65)}},
		"long about":             {400, "description", "setMyDescription", []string{"description", strings.Repeat("a", 513)}},
		"long short description": {400, "short_description", "setMyShortDescription", []string{"short_description", strings.Repeat("a", 121)}},
		"limit":                  {400, "limit", "getUpdates", []string{"limit", "101"}},
		"update kind":            {400, "unknown update type", "getUpdates", []string{"allowed_updates", `["messages"]`}},
		"chat action":            {400, "action", "sendChatAction", []string{"chat_id", "5", "action", "thinking"}},
		"file without upload":    {400, "wrong file identifier", "sendDocument", []string{"chat_id", "5", "document", "https://a.example/x"}},
		"latitude":               {400, "latitude", "sendLocation", []string{"chat_id", "5", "latitude", "91", "longitude", "0"}},
		"webhook without TLS":    {400, "HTTPS", "setWebhook", []string{"url", "http://a.example/"}},
		"webhook port":           {400, "ports 80, 88, 443 or 8443", "setWebhook", []string{"url", "https://a.example:99/"}},
		"webhook secret":         {400, "secret_token", "setWebhook", []string{"url", "https://a.example/", "secret_token", "a b"}},
		"long placeholder":       {400, "input_field_placeholder", "sendMessage", []string{"chat_id", "5", "text", "a", "reply_markup", `{"force_reply":true,"input_field_placeholder":"` + strings.Repeat("a", 65) + `"}`}},
	} {
		t.Run(name, func(t *testing.T) {
			inner := *c
			inner.t = t
			if !inner.bad(x.code, x.words, x.method, x.fields...) {
				t.Error("the refusal did not count as a violation")
			}
		})
	}
	if len(u.Screen()) != 1 {
		t.Errorf("a refused call left something in the chat:\n%s", u.Screen())
	}
}

// What lies exactly on the limit is granted.
func TestGrantsWhatTelegramGrants(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	u.Start("")
	good[message](c, "sendMessage", "chat_id", "5", "text", strings.Repeat("😀", 4096))
	good[message](c, "sendMESSAGE", "chat_id", "5", "text", strings.Repeat("<b>م</b>", 2700), "parse_mode", "HTML")
	good[message](c, "sendMessage", "chat_id", "5", "text", "a", "protect_content", "true", "disable_notification", "1",
		"link_preview_options", `{"is_disabled":true}`, "reply_markup",
		`{"inline_keyboard":[[{"text":"x","callback_data":"`+strings.Repeat("ش", 32)+`","style":"danger"}],[],[{"text":"copy","copy_text":{"text":"1234"}},{"text":"page","url":"https://a.example/b"}]]}`)
	last, _ := u.Screen().Last()
	if !last.Protected || !last.Silent || !last.NoPreview || len(last.Rows) != 2 || last.Rows[1][0].Copy != "1234" {
		t.Errorf("the message arrived as %+v", last)
	}
	if got, err := u.Copy("copy"); err != nil || got != "1234" {
		t.Errorf("copying gave %q, %v", got, err)
	}
	if u.Tap("copy") == nil || u.Tap("page") == nil || u.Tap("nothing") == nil {
		t.Error("a button without data was tapped")
	}
	good[message](c, "sendMessage", "chat_id", "5", "text", "Where?", "reply_markup",
		`{"keyboard":[[{"text":"Share the place","request_location":true}],[{"text":"Skip"}]],"resize_keyboard":true,"is_persistent":true}`)
	if err := u.Press("Skip"); err != nil || u.Press("skip") == nil {
		t.Error("the keyboard in place of the letters does not work:", err)
	}
	good[message](c, "sendMessage", "chat_id", "5", "text", "Thanks.", "reply_markup", `{"remove_keyboard":true}`)
	if len(u.Keyboard()) != 0 {
		t.Error("the keyboard is still there")
	}
	good[bool](c, "sendChatAction", "chat_id", "5", "action", "typing")
}
