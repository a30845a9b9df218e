package speech_test

import (
	"fmt"
	"testing/fstest"

	"amana/bot/speech"
)

func Example() {
	files := fstest.MapFS{
		"en/language.json": {Data: []byte(`{"tag": "en", "name": "English", "english": "English", "direction": "ltr", "script": "Latn", "review": "native"}`)},
		"en/messages.gotext.json": {Data: []byte(`{"language": "en", "messages": [
			{"id": "word.back", "translation": "Back"},
			{"id": "word.partial", "translation": {"select": {"feature": "plural", "arg": "Count", "cases": {
				"one": {"msg": "One message so far."}, "other": {"msg": "{Count} messages so far."}}}},
			 "placeholders": [{"id": "Count", "string": "%[1]d", "type": "int", "underlyingType": "int", "argNum": 1, "expr": "Count"}]}]}`)},
	}
	book, err := speech.Load(files)
	if err != nil {
		fmt.Println(err)
		return
	}
	said, _ := book.Text("en", "word.partial", speech.Args{"Count": "3"})
	fmt.Println(said)

	options := []speech.Option{{Name: "yes", Labels: []string{"Yes"}}, {Name: "not_now", Labels: []string{"Not now"}}}
	for _, typed := range []string{"not now!", "٢", "nott now", "perhaps"} {
		name, how, ok := book.Match("en", typed, options)
		fmt.Println(name, how == speech.Guess, ok)
	}
	word, _ := book.Word("en", "BACK")
	fmt.Println(word)
	// Output:
	// 3 messages so far.
	// not_now false true
	// not_now false true
	// not_now true true
	//  false false
	// back
}
