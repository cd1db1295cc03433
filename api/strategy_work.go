package api

import (
	"context"
	"slices"
	"sync"
	"time"

	"leanpmo/internal/backlog"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
	"leanpmo/internal/strategy"
)

// strategyWork keeps the work of a portfolio as shares of the capacity count it, because every board and backlog is held against it and most of it has not
// changed since. What is in process is read again when it has changed, what was delivered also when it has; both under another policy.
// It is safe for use by many goroutines.
type strategyWork struct {
	source workReader
	mu     sync.Mutex
	kept   map[string]keptWork // by portfolio; only those of a policy are asked for
}

// keptWork is the work of a portfolio with its marks. Nobody changes the lists.
type keptWork struct {
	policy               *policy.Policy
	marks                store.WorkMarks
	inProcess, delivered []strategy.Work
	all                  []strategy.Work // both
	checked              time.Time       // when the marks were read
}

// keptFor is for how long what a pull would do to the guardrails takes the work without asking whether it has changed.
const keptFor = time.Second

// recent is the work as read found it a second ago at most, or reads it.
func (s *strategyWork) recent(ctx context.Context, p *policy.Policy, portfolio string, since, at time.Time) ([]strategy.Work, error) {
	s.mu.Lock()
	work := s.kept[portfolio]
	s.mu.Unlock()
	if work.policy == p && at.Sub(work.checked) < keptFor && !at.Before(work.checked) {
		return work.all, nil
	}
	return s.read(ctx, p, portfolio, since, at)
}

func newStrategyWork(source workReader) *strategyWork {
	return &strategyWork{source: source, kept: map[string]keptWork{}}
}

// read is what of a portfolio has a slot now, at, and what was delivered since a time.
func (s *strategyWork) read(ctx context.Context, p *policy.Policy, portfolio string, since, at time.Time) ([]strategy.Work, error) {
	// The marks are read before the lists. What changes between the two is in the lists, and the next marks differ.
	marks, err := s.source.WorkMarks(ctx, portfolio, since)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	work := s.kept[portfolio]
	s.mu.Unlock()
	if work.policy != p || work.marks != marks {
		if work, err = s.renew(ctx, work, p, portfolio, since, marks); err != nil {
			return nil, err
		}
		work.all = slices.Concat(work.inProcess, work.delivered)
	}
	work.checked = at
	s.mu.Lock()
	s.kept[portfolio] = work
	s.mu.Unlock()
	return work.all, nil
}

// renew reads what is in process, and with it what was delivered where that has changed.
func (s *strategyWork) renew(ctx context.Context, had keptWork, p *policy.Policy, portfolio string, since time.Time, marks store.WorkMarks) (keptWork, error) {
	if had.policy == p && had.marks.Delivered == marks.Delivered {
		stored, err := s.source.WorkInProcess(ctx, portfolio)
		return keptWork{policy: p, marks: marks, inProcess: backlog.Work(stored, p, portfolio), delivered: had.delivered}, err
	}
	stored, err := s.source.SizedWork(ctx, portfolio, since)
	work := keptWork{policy: p, marks: marks}
	for _, w := range backlog.Work(stored, p, portfolio) {
		if w.Delivered.IsZero() {
			work.inProcess = append(work.inProcess, w)
		} else {
			work.delivered = append(work.delivered, w)
		}
	}
	return work, err
}
