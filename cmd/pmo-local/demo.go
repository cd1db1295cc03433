package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/term"

	"leanpmo/internal/demo"
)

// playDemo fills the running product with the demo portfolio, if it is wanted, while the product can be used already. A demo that
// fails is told and ends nothing. ended stops it and waits for that.
func (s *stack) playDemo(ctx context.Context) (ended func()) {
	if !s.Demo {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.sayDemo(demo.Run(ctx, s.url(), s.demoProgress()))
	}()
	return func() {
		cancel()
		<-done
	}
}

// demoProgress is one line that changes on a terminal, and a line now and then elsewhere.
func (s *stack) demoProgress() demo.Progress {
	const every = 10
	file, ok := s.out.(*os.File)
	live := ok && term.IsTerminal(int(file.Fd()))
	return func(done, total int) {
		switch {
		case live:
			fmt.Fprintf(s.out, "\rdemo: %d of %d requests in place", done, total)
			if done == total {
				fmt.Fprintln(s.out)
			}
		case done%every == 0:
			fmt.Fprintf(s.out, "demo: %d of %d requests in place\n", done, total)
		}
	}
}

func (s *stack) sayDemo(added int, err error) {
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(s.out, "demo: interrupted; the next start with --demo goes on")
	case err != nil:
		fmt.Fprintln(s.errOut, "demo: not everything could be played:", err)
	case added == 0:
		fmt.Fprintln(s.out, "demo: was here before; nothing added")
	default:
		fmt.Fprintf(s.out, "demo: %d requests added, %.1f s after the start\n", added, time.Since(s.begun).Seconds())
	}
}
