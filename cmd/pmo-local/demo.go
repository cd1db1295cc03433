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

// addDemo adds the demo portfolio, if --demo is set, and returns when it stands: only then is everything ready. A demo that could not be
// added is printed and stops nothing else; a part that ends meanwhile is an error.
func (s *stack) addDemo(ctx context.Context) error {
	if !s.Demo {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.printDemoResult(demo.Seed(ctx, s.url(), s.demoProgress()))
	}()
	select {
	case <-done:
		return nil
	case err := <-s.failed:
		cancel()
		<-done
		return err
	}
}

// demoProgress prints one changing line on a terminal, and every tenth count elsewhere.
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

func (s *stack) printDemoResult(added int, err error) {
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(s.out, "demo: interrupted; the next start with --demo continues it")
	case err != nil:
		fmt.Fprintln(s.errOut, "demo: not everything could be added:", err)
	case added == 0:
		fmt.Fprintln(s.out, "demo: already complete; nothing added")
	default:
		fmt.Fprintf(s.out, "demo: %d requests added, %.1f s after the start\n", added, time.Since(s.begun).Seconds())
	}
}
