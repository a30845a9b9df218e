package terminal

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
)

// MaxLine bounds one typed line, in bytes. Nobody types so much; what is longer is not sent in part.
const MaxLine = 64 << 10

// ErrLongLine says that a line was longer than MaxLine and was not read.
var ErrLongLine = errors.New("this line is too long to be sent")

// Lines reads what is typed, line by line, and can be told to stop waiting.
type Lines struct {
	in   *bufio.Reader
	next chan typed
	ask  chan struct{}
}

type typed struct {
	line string
	err  error
}

// Read makes Lines of a terminal, a pipe or a file. It owns one goroutine, which reads only when it is asked and ends
// with the input.
func Read(in io.Reader) *Lines {
	l := &Lines{in: bufio.NewReaderSize(in, MaxLine), next: make(chan typed, 1), ask: make(chan struct{}, 1)}
	go func() {
		for range l.ask {
			t := l.read()
			l.next <- t
			if t.err != nil && !errors.Is(t.err, ErrLongLine) {
				return
			}
		}
	}()
	return l
}

// Next gives the next line without its end; io.EOF when there is none, the context's error when that ends first.
// After an error other than ErrLongLine it must not be called again.
func (l *Lines) Next(ctx context.Context) (string, error) {
	select {
	case l.ask <- struct{}{}:
	default: // asked before, when the context of that call ended
	}
	select {
	case t := <-l.next:
		return t.line, t.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (l *Lines) read() typed {
	line, err := l.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = l.in.ReadSlice('\n')
		}
		if err == nil || errors.Is(err, io.EOF) {
			return typed{err: ErrLongLine}
		}
	}
	if err != nil && len(line) == 0 {
		return typed{err: err}
	}
	return typed{line: strings.TrimRight(string(line), "\r\n")}
}

// Ended says of an error of Next that the talk is over, and nothing went wrong.
func Ended(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
