package telegramtest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"amana/bot/telegram/telegramtest"
)

// A bot of two calls, and the person who talks to it. In a test, Start(t) opens the server and closes it again.
func Example() {
	s := telegramtest.New(telegramtest.Options{})
	if err := s.Listen(); err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()

	amal := s.User(77, telegramtest.UserOptions{FirstName: "Amal", Language: "ar"})
	amal.Start("")
	r, err := http.PostForm(s.URL()+"/bot"+telegramtest.Token+"/sendMessage", url.Values{
		"chat_id":      {"77"},
		"text":         {"Is it safe to write now?"},
		"reply_markup": {`{"inline_keyboard":[[{"text":"Yes","callback_data":"1"},{"text":"No","callback_data":"2"}]]}`},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Body.Close()
	screen, err := amal.WaitText(telegramtest.Within(time.Minute), "safe")
	fmt.Print(screen)
	fmt.Println(err, amal.Tap("No"), s.Bot(telegramtest.Token).Unanswered())
	// Output:
	// < /start
	// > Is it safe to write now?
	//   [Yes] [No]
	// <nil> <nil> 1
}
