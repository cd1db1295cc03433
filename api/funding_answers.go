package api

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"leanpmo/internal/selection"
)

const (
	// keptFundings is how many answers are kept: some five portfolios at a dozen capacities.
	keptFundings = 64
	// keptFundingLines limits their requests in all: some 30 MB.
	keptFundingLines = 100_000
)

// fundingAnswers keeps the newest answers of selection.Fund by the question, because a search takes long and the same question has the same
// answer. Who asks what is being searched for already waits for that answer. It is safe for use by many goroutines.
type fundingAnswers struct {
	work   int64
	kept   *lru.Cache[string, selection.Funding]
	lines  atomic.Int64
	asking singleflight.Group
}

// newFundingAnswers keeps no answer yet. Work limits each search, see selection.Options.
func newFundingAnswers(work int64) *fundingAnswers {
	a := &fundingAnswers{work: work}
	kept, err := lru.NewWithEvict(keptFundings, func(_ string, f selection.Funding) { a.lines.Add(-int64(len(f.Lines))) })
	if err != nil {
		panic(err) // only for a size below one
	}
	a.kept = kept
	return a
}

// keep adds an answer, and lets go of the least recently asked for ones while there are too many lines.
func (a *fundingAnswers) keep(key string, f selection.Funding) {
	if len(f.Lines) > keptFundingLines || a.kept.Contains(key) {
		return
	}
	for a.lines.Load()+int64(len(f.Lines)) > keptFundingLines {
		if _, _, more := a.kept.RemoveOldest(); !more {
			break
		}
	}
	a.lines.Add(int64(len(f.Lines)))
	a.kept.Add(key, f)
}

// Fund answers as the function does. The lines of the answer are shared: callers only read them.
func (a *fundingAnswers) Fund(requests []selection.Request, capacity float64) (selection.Funding, error) {
	key, err := fundingDigest(requests, capacity)
	if err != nil {
		return selection.Funding{}, err
	}
	if found, ok := a.kept.Get(key); ok {
		return found, nil
	}
	found, err, _ := a.asking.Do(key, func() (any, error) {
		found, err := selection.Fund(requests, capacity, selection.Options{Work: a.work})
		if err == nil {
			a.keep(key, found)
		}
		return found, err
	})
	return found.(selection.Funding), err
}

// fundingDigest names a question. Requests are put into the order of their ids, because their order changes no answer.
func fundingDigest(requests []selection.Request, capacity float64) (string, error) {
	sorted := slices.SortedFunc(slices.Values(requests), func(a, b selection.Request) int { return cmp.Compare(a.ID, b.ID) })
	text, err := json.Marshal(struct {
		Capacity float64
		Requests []selection.Request
	}{capacity, sorted})
	if err != nil {
		return "", fmt.Errorf("digest of a funding question: %w", err)
	}
	sum := sha256.Sum256(text)
	return string(sum[:]), nil
}
