package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// botUser asks Telegram for a bot's own name, which invitation links need. The token is part of every address of the
// Bot API, so no error of the transport is passed on as it is.
func botUser(ctx context.Context, token, api string) (string, error) {
	if api == "" {
		api = "https://api.telegram.org"
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, api+"/bot"+url.PathEscape(token)+"/getMe", nil)
	if err != nil {
		return "", errors.New("asking for the bot's name: the address of the Bot API server is not usable")
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return "", errors.New("asking for the bot's name: no way to the Bot API server")
	}
	defer resp.Body.Close()
	var answer struct {
		OK     bool `json:"ok"`
		Result struct {
			Username string `json:"username"`
		} `json:"result"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, resp.Body, 1<<20)).Decode(&answer); err != nil || !answer.OK {
		return "", fmt.Errorf("asking for the bot's name: the Bot API server answered %d", resp.StatusCode)
	}
	return answer.Result.Username, nil
}
