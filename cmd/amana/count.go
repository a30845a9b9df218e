package main

import "fmt"

// count gives a number with its noun, in the English of the program itself: "1 error", "2 errors".
func count(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
