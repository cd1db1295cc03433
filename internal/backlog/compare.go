package backlog

import (
	"cmp"
	"context"
	"slices"
	"time"

	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

// Reader reads backlogs from the store.
type Reader struct{ Store *store.Store }

// Snapshot reads a portfolio, without holding its lock.
func (r Reader) Snapshot(ctx context.Context, portfolio string, at time.Time) (Snapshot, error) {
	var s Snapshot
	err := r.Store.ReadPortfolio(ctx, portfolio, func(tx *store.PortfolioTx) (err error) {
		s, err = Read(ctx, tx, portfolio, at)
		return err
	})
	return s, err
}

// Place is a request in one of two orders that are compared.
type Place struct {
	Rank    int     `json:"rank"` // 0: it is not in this order
	Score   float64 `json:"score,omitempty"`
	Unknown bool    `json:"unknown,omitempty"` // it has no score
	Pulled  bool    `json:"pulled,omitempty"`
}

// Compared is a request whose place or pull differs.
type Compared struct {
	ID     string           `json:"id"`
	Number int64            `json:"number"`
	Now    Place            `json:"now"`
	Then   Place            `json:"then"`
	Causes []priority.Cause `json:"causes,omitempty"`
}

// Comparison is what other rules or another backlog would change.
type Comparison struct {
	Portfolio string     `json:"portfolio"`
	Count     int        `json:"count"`      // requests in the order that would be
	Moved     int        `json:"moved"`      // of these at another place, or new in it
	PulledNow int        `json:"pulled_now"` // what a run would pull now
	Pulled    int        `json:"pulled"`     // and what it would pull then
	Lines     []Compared `json:"lines"`      // the pulls that differ and the widest moves, by their place then
	More      int        `json:"more,omitempty"`
}

// MostCompared is how many requests a comparison lists.
const MostCompared = 200

// Compare says what differs between two results of one moment, with the causes of moves.
func Compare(portfolio string, now, then Result) Comparison {
	c := Comparison{Portfolio: portfolio, Count: len(then.Ranking.Entries)}
	lines := map[string]*Compared{}
	var order []string
	place := func(r Result, of func(*Compared) *Place) (pulled int) {
		for i := range r.Ranking.Entries {
			e := &r.Ranking.Entries[i]
			line := lines[e.Item.ID]
			if line == nil {
				line = &Compared{ID: e.Item.ID, Number: e.Item.Number}
				lines[e.Item.ID], order = line, append(order, e.Item.ID)
			}
			*of(line) = Place{Rank: e.Rank, Score: e.Score.Value, Unknown: !e.Score.Known, Pulled: r.Pulls[i].Pulled}
			if r.Pulls[i].Pulled {
				pulled++
			}
		}
		return pulled
	}
	c.Pulled = place(then, func(l *Compared) *Place { return &l.Then })
	c.PulledNow = place(now, func(l *Compared) *Place { return &l.Now })
	for _, m := range priority.Diff(now.Ranking, then.Ranking) {
		lines[m.ID].Causes = m.Causes
		if m.To != 0 {
			c.Moved++
		}
	}
	for _, id := range order {
		if l := lines[id]; l.differs() {
			c.Lines = append(c.Lines, *l)
		}
	}
	c.cut()
	return c
}

func (l *Compared) differs() bool { return l.Now.Rank != l.Then.Rank || l.Now.Pulled != l.Then.Pulled }

// cut keeps the lines that say most.
func (c *Comparison) cut() {
	if len(c.Lines) > MostCompared {
		c.More = len(c.Lines) - MostCompared
		slices.SortStableFunc(c.Lines, func(a, b Compared) int { return cmp.Compare(b.weight(), a.weight()) })
		c.Lines = c.Lines[:MostCompared]
	}
	slices.SortStableFunc(c.Lines, func(a, b Compared) int { return cmp.Compare(a.position(), b.position()) })
}

func (l *Compared) weight() int {
	moved := max(l.Now.Rank-l.Then.Rank, l.Then.Rank-l.Now.Rank)
	if l.Now.Pulled != l.Then.Pulled || l.Now.Rank == 0 || l.Then.Rank == 0 {
		return 1<<30 + moved
	}
	return moved
}

// position is the place in a list by the order that would be; what is not in it comes last.
func (l *Compared) position() int {
	if l.Then.Rank == 0 {
		return 1<<30 + l.Now.Rank
	}
	return l.Then.Rank
}

// Effect is what other rules would do to the backlog as it is.
func (s Snapshot) Effect(portfolio string, now, then Rules) (Comparison, error) {
	before, err := s.Rank(s.Items(now.Zone), now)
	if err != nil {
		return Comparison{}, err
	}
	after, err := s.Rank(s.Items(then.Zone), then)
	if err != nil {
		return Comparison{}, err
	}
	return Compare(portfolio, before, after), nil
}
