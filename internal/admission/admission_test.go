package admission

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// command is a call of Take that runs in a goroutine of its own.
type command struct {
	client string
	cancel context.CancelFunc
	came   time.Time
	ended  time.Time // when Take returned
	leave  func()
	err    error
	left   bool
	done   atomic.Bool // Take has returned: what is above may be read
}

func (c *command) inFlight() bool { return c.done.Load() && c.leave != nil && !c.left }

func (c *command) waits() bool { return !c.done.Load() }

func take(p *Places, client string) *command {
	ctx, cancel := context.WithCancel(context.Background())
	c := &command{client: client, cancel: cancel, came: time.Now()}
	go func() {
		leave, err := p.Take(ctx, client)
		c.leave, c.err, c.ended = leave, err, time.Now()
		c.done.Store(true)
	}()
	synctest.Wait()
	return c
}

func (c *command) end() {
	c.left = true
	c.leave()
	synctest.Wait()
}

func refusal(t *testing.T, err error) *Refused {
	t.Helper()
	var r *Refused
	require.ErrorAs(t, err, &r)
	return r
}

func TestOthersWaitInLineForABoundedTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(Limits{Places: 1, Line: 2, Wait: 4 * time.Second})
		first, second, third := take(p, "ana"), take(p, "bo"), take(p, "cy")
		require.True(t, first.inFlight())
		inFlight, waiting := p.Count()
		require.Equal(t, []int{1, 2}, []int{inFlight, waiting})
		busy := take(p, "dee")
		require.False(t, refusal(t, busy.err).Own, "the line is full")
		time.Sleep(time.Second)
		first.end()
		require.True(t, second.inFlight(), "who came first goes first")
		time.Sleep(3 * time.Second)
		synctest.Wait()
		require.False(t, refusal(t, third.err).Own)
		require.Equal(t, 4*time.Second, third.ended.Sub(third.came))
		require.EqualError(t, third.err, "all places are taken")
		second.end()
		second.leave() // giving back twice gives one place
		inFlight, waiting = p.Count()
		require.Zero(t, inFlight+waiting)
		require.Empty(t, p.clients)
	})
}

func TestAClientThatFloodsLosesItsPlacesInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(Limits{Places: 2, Line: 4, Wait: time.Second})
		var flood []*command
		for range 6 {
			flood = append(flood, take(p, "robot"))
		}
		own := take(p, "robot")
		require.True(t, refusal(t, own.err).Own)
		require.EqualError(t, own.err, "the client's share of the places is used up")
		ana := take(p, "ana")
		require.NoError(t, ana.err)
		require.True(t, refusal(t, flood[5].err).Own, "the newest of the flood makes room")
		flood[0].end()
		require.True(t, ana.inFlight(), "who has nothing in flight goes first")
		time.Sleep(time.Second)
		synctest.Wait()
		require.True(t, refusal(t, flood[3].err).Own, "it holds its share of the places and waits for more")
		ana.end()
		flood[1].end()
	})
}

func TestClientsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(Limits{Places: 1, Line: 100, Wait: time.Minute})
		all := []*command{take(p, "robot")}
		for range 5 {
			all = append(all, take(p, "robot"))
		}
		for range 3 {
			all = append(all, take(p, "ana"))
		}
		var order []string
		for range all {
			for _, c := range all {
				if c.inFlight() {
					order = append(order, c.client)
					c.end()
					break
				}
			}
		}
		require.Equal(t, []string{"robot", "robot", "ana", "robot", "ana", "robot", "ana", "robot", "robot"}, order)
	})
}

func TestRetryAfterFollowsTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(Limits{Places: 2, Line: 10, Wait: time.Minute})
		require.Equal(t, time.Second, p.retryAfter())
		first, other := take(p, "ana"), take(p, "ana")
		for range 10 {
			take(p, "bo")
		}
		time.Sleep(3 * time.Second)
		first.end()
		require.Equal(t, 3*time.Second, p.took)
		require.Equal(t, 10*time.Second, p.retryAfter())
		p.took = time.Second
		require.Equal(t, time.Second*9/2, p.retryAfter())
		other.end()
		for p.inFlight > 0 { // the rest
			p.mu.Lock()
			p.free("bo")
			p.mu.Unlock()
			synctest.Wait()
		}
		require.Empty(t, p.clients)
	})
}

// model is the places with every command that came, to compare with.
type model struct {
	*rapid.T
	limits Limits
	places *Places
	all    []*command
}

func (m *model) step() {
	switch rapid.IntRange(0, 4).Draw(m.T, "step") {
	case 0, 1:
		m.all = append(m.all, take(m.places, fmt.Sprint(rapid.IntRange(0, 3).Draw(m.T, "client"))))
	case 2:
		if c := m.pick((*command).inFlight); c != nil {
			c.end()
		}
	case 3:
		if c := m.pick((*command).waits); c != nil {
			c.cancel()
			synctest.Wait()
			require.ErrorIs(m, c.err, context.Canceled)
		}
	case 4:
		time.Sleep(time.Duration(rapid.IntRange(1, 3).Draw(m.T, "seconds")) * time.Second)
		synctest.Wait()
	}
}

func (m *model) pick(ok func(*command) bool) *command {
	var some []*command
	for _, c := range m.all {
		if ok(c) {
			some = append(some, c)
		}
	}
	if len(some) == 0 {
		return nil
	}
	return some[rapid.IntRange(0, len(some)-1).Draw(m.T, "which")]
}

// check compares the counts, and that who got a place in this step has no more than half of them while others wait.
func (m *model) check(before map[*command]bool) {
	inFlight, waiting, of, waits := 0, 0, map[string]int{}, map[string]bool{}
	for _, c := range m.all {
		switch {
		case c.inFlight():
			inFlight++
			of[c.client]++
		case c.waits():
			waiting++
			waits[c.client] = true
			require.LessOrEqual(m, time.Since(c.came), m.limits.Wait)
		}
	}
	gotIn, gotWaiting := m.places.Count()
	require.Equal(m, []int{inFlight, waiting}, []int{gotIn, gotWaiting})
	require.LessOrEqual(m, inFlight, m.limits.Places)
	require.LessOrEqual(m, waiting, m.limits.Line)
	require.True(m, waiting == 0 || inFlight == m.limits.Places, "a place is free and somebody waits")
	for _, c := range m.all {
		for other := range waits {
			if c.inFlight() && !before[c] && other != c.client {
				require.LessOrEqual(m, of[c.client], (m.limits.Places+1)/2, "%s got more than half", c.client)
			}
		}
	}
}

func (m *model) end() {
	for _, c := range m.all {
		c.cancel()
	}
	synctest.Wait()
	for _, c := range m.all {
		if c.inFlight() {
			c.end()
		}
	}
	m.check(nil)
	require.Empty(m, m.places.clients)
}

// TestNoPlaceIsLost drives any sequence of comings, goings, disconnections and waits, and checks after each step.
func TestNoPlaceIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rapid.Check(struct{ rapid.TB }{t}, func(r *rapid.T) { // without Deadline, which a bubble forbids
			l := Limits{Places: rapid.IntRange(1, 5).Draw(r, "places"), Line: rapid.IntRange(0, 6).Draw(r, "line"), Wait: 4 * time.Second}
			m := &model{T: r, limits: l, places: New(l)}
			for range rapid.IntRange(1, 40).Draw(r, "steps") {
				before := map[*command]bool{}
				for _, c := range m.all {
					before[c] = c.inFlight()
				}
				m.step()
				m.check(before)
			}
			m.end()
		})
	})
}
