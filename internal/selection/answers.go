package selection

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"
)

// keptAnswers is how many answers are kept: some five portfolios at a dozen capacities. One of 500 requests takes some 150 KB.
const keptAnswers = 64

// Answers keeps the newest answers of Fund by the question, because a search takes long and the same question has the same answer. Who asks
// what is being searched for already waits for that answer. It is safe for use by many goroutines.
type Answers struct {
	work   int64
	kept   *lru.Cache[string, Funding]
	asking singleflight.Group
}

// NewAnswers keeps no answer yet. Work limits each search, see Options.
func NewAnswers(work int64) *Answers {
	kept, err := lru.New[string, Funding](keptAnswers)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &Answers{work: work, kept: kept}
}

// Fund answers as the function does. The lines of the answer are shared: callers only read them.
func (a *Answers) Fund(requests []Request, capacity float64) (Funding, error) {
	key, err := digest(requests, capacity)
	if err != nil {
		return Funding{}, err
	}
	if found, ok := a.kept.Get(key); ok {
		return found, nil
	}
	found, err, _ := a.asking.Do(key, func() (any, error) {
		found, err := Fund(requests, capacity, Options{Work: a.work})
		if err == nil {
			a.kept.Add(key, found)
		}
		return found, err
	})
	return found.(Funding), err
}

// digest names a question. Requests are put into the order of their ids, because their order changes no answer.
func digest(requests []Request, capacity float64) (string, error) {
	sorted := slices.SortedFunc(slices.Values(requests), func(a, b Request) int { return cmp.Compare(a.ID, b.ID) })
	text, err := json.Marshal(struct {
		Capacity float64
		Requests []Request
	}{capacity, sorted})
	if err != nil {
		return "", fmt.Errorf("digest of a funding question: %w", err)
	}
	sum := sha256.Sum256(text)
	return string(sum[:]), nil
}
