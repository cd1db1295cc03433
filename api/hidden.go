package api

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// An explanation of a rank names other requests: neighbours, what it needs and what waits behind it. Whoever reads it may read the request that is
// ranked; of the others, those that are not for them are taken out here, with the numbers that are theirs. Every answer with ranked requests
// passes through hideLines, and every answer with runs through hideRuns.

var mentioned = regexp.MustCompile(`\bR-([0-9]{1,18})\b`)

// hideLines takes out of ranked requests what is told of those that the viewer may not read.
func (a *API) hideLines(ctx context.Context, v store.View, lines []wire.RankedRequest) error {
	var named []int64
	for i := range lines {
		named = append(named, namedIn(&lines[i])...)
	}
	hidden, err := a.unreadable(ctx, v, named)
	if err != nil || len(hidden) == 0 {
		return err
	}
	for i := range lines {
		if slices.ContainsFunc(namedIn(&lines[i]), func(n int64) bool { return hidden[n] }) {
			hideLine(&lines[i], hidden)
		}
	}
	return nil
}

// unreadable are those of the numbers that the viewer may not read. It is asked for once for an answer.
func (a *API) unreadable(ctx context.Context, v store.View, numbers []int64) (map[int64]bool, error) {
	slices.Sort(numbers)
	list, err := a.Store.UnreadableNumbers(ctx, v, slices.Compact(numbers))
	hidden := make(map[int64]bool, len(list))
	for _, n := range list {
		hidden[n] = true
	}
	return hidden, err
}

// texts are the sentences of a line that may name others.
func texts(l *wire.RankedRequest) []*string {
	return []*string{&l.Why, &l.Sensitivity, &l.TopText, &l.NearTie, &l.Problem}
}

// namedIn are the numbers of the other requests that a line names.
func namedIn(l *wire.RankedRequest) []int64 {
	var numbers []int64
	for _, text := range append(texts(l), &l.LimitReason) {
		numbers = append(numbers, numbersIn(*text)...)
	}
	for _, n := range []*priority.Neighbour{l.Above, l.Below} {
		if n != nil {
			numbers = append(numbers, n.Number)
		}
	}
	for _, r := range append(slices.Clone(l.Needs), l.Unblocks...) {
		numbers = append(numbers, r.Number)
	}
	return slices.DeleteFunc(numbers, func(n int64) bool { return n == l.Number })
}

func numbersIn(text string) []int64 {
	var numbers []int64
	for _, ref := range mentioned.FindAllString(text, -1) {
		if n, ok := pmo.RefNumber(ref); ok {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

func hideLine(l *wire.RankedRequest, hidden map[int64]bool) {
	if l.Above != nil && hidden[l.Above.Number] {
		l.Above, l.Up = &priority.Neighbour{Rank: l.Above.Rank, Hidden: true}, nil // what would pass it says what its score is
	}
	if l.Below != nil && hidden[l.Below.Number] {
		l.Below = &priority.Neighbour{Rank: l.Below.Rank, Hidden: true}
	}
	if slices.ContainsFunc(numbersIn(l.TopText), func(n int64) bool { return hidden[n] }) {
		l.Top = nil
	}
	isHidden := func(r priority.Ref) bool { return hidden[r.Number] }
	if slices.ContainsFunc(l.Needs, isHidden) || slices.ContainsFunc(l.Unblocks, isHidden) {
		l.Inherited, l.MoreUnblocked = 0, 0 // it is made of their numbers too
		l.Needs, l.Unblocks = slices.DeleteFunc(slices.Clone(l.Needs), isHidden), slices.DeleteFunc(slices.Clone(l.Unblocks), isHidden)
	}
	for _, text := range texts(l) {
		*text = withoutSentences(*text, hidden)
	}
	l.LimitReason = withoutNames(l.LimitReason, hidden)
}

// withoutSentences leaves out the sentences that name hidden requests.
func withoutSentences(text string, hidden map[int64]bool) string {
	var kept []string
	for _, sentence := range strings.SplitAfter(text, ". ") {
		if !slices.ContainsFunc(numbersIn(sentence), func(n int64) bool { return hidden[n] }) {
			kept = append(kept, sentence)
		}
	}
	return strings.TrimSpace(strings.Join(kept, ""))
}

// withoutNames replaces the names of hidden requests.
func withoutNames(text string, hidden map[int64]bool) string {
	return mentioned.ReplaceAllStringFunc(text, func(ref string) string {
		if n, _ := pmo.RefNumber(ref); hidden[n] {
			return "another request"
		}
		return ref
	})
}

// hideRuns takes out of runs the requests that the viewer may not read: those that were pulled, and those that their words name.
func (a *API) hideRuns(ctx context.Context, v store.View, runs []wire.Prioritization) error {
	if v.SeesAll {
		return nil
	}
	var pulled []string
	var named []int64
	for i := range runs {
		pulled = append(pulled, runs[i].Pulled...)
		named = append(named, numbersIn(runs[i].Words)...)
	}
	hidden, err := a.unreadable(ctx, v, named)
	if err != nil || len(pulled) == 0 && len(hidden) == 0 {
		return err
	}
	readable, err := a.Store.Readable(ctx, v, pulled)
	for i := range runs {
		r := &runs[i]
		r.Words = withoutNames(r.Words, hidden)
		r.Pulled = slices.DeleteFunc(slices.Clone(r.Pulled), func(id string) bool { return !slices.Contains(readable, id) })
	}
	return err
}
