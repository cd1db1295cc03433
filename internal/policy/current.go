package policy

import (
	"sync/atomic"

	"leanpmo/internal/forecast"
)

// Current holds the policy that a process works by. Another version may take its place at any time, while calls are under way: a call that
// needs several answers of one policy reads it once.
type Current struct{ now atomic.Pointer[Policy] }

// Holding holds p from the beginning.
func Holding(p *Policy) *Current {
	c := &Current{}
	c.Take(p)
	return c
}

// Now is the policy of this moment; nil while none is known yet.
func (c *Current) Now() *Policy { return c.now.Load() }

// Take replaces the policy.
func (c *Current) Take(p *Policy) { c.now.Store(p) }

// ForecastNeeds is that of the policy of this moment.
func (c *Current) ForecastNeeds(portfolio string) (int, forecast.Need) {
	p := c.Now()
	return p.Limits(portfolio).WIP, forecast.Need(p.Prerequisites())
}

// ForecastDays is that of the policy of this moment.
func (c *Current) ForecastDays(portfolio string) forecast.Calendar {
	return c.Now().ForecastDays(portfolio)
}
