package api

import (
	"net/http"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/clientaddr"
	"leanpmo/internal/problem"
	"leanpmo/internal/ratelimit"
)

// rates bound how often is called, also what a single call at a time could do.
type rates struct {
	persons *ratelimit.Limiter
	agents  *ratelimit.Limiter // with a bound of their own, also where people have none
	tokens  *ratelimit.Limiter // by the id of a token that was made here
	refused *ratelimit.Limiter // calls without a known token, by address
}

// agentPerMinute is how many calls an agent may make: enough to read what a question needs, and less than slows people down.
const agentPerMinute = 120

// refusedPerMinute is how many calls without a known token an address may make until it hears to wait.
const refusedPerMinute = 60

func ratesOf(d Deps) rates {
	agents := ratelimit.PerMinute(agentPerMinute, agentPerMinute/4, d.Now)
	if d.CallsPerMinute < 1 {
		return rates{agents: agents}
	}
	return rates{agents: agents, persons: ratelimit.PerMinute(d.CallsPerMinute, d.CallsPerMinute/10, d.Now), tokens: ratelimit.PerMinute(max(d.CallsPerMinute/2, 1), d.CallsPerMinute/20, d.Now),
		refused: ratelimit.PerMinute(refusedPerMinute, refusedPerMinute, d.Now)}
}

// paced lets a call through that its person, or its agent, may make now.
func (a *API) paced(actor access.Actor) error {
	if actor.Agent {
		return a.pace(a.rates.agents, actor.ID, "the calls of this agent come faster than %d a minute; nothing was started", agentPerMinute)
	}
	return a.pace(a.rates.persons, actor.ID, "your calls come faster than %d a minute; nothing was started", a.CallsPerMinute)
}

func (a *API) pace(l *ratelimit.Limiter, key, detail string, args ...any) error {
	wait, ok := l.Take(key)
	if ok {
		return nil
	}
	e := problem.New(problem.RateLimited, detail, args...)
	e.RetryAfter = max(wait, time.Second)
	return e
}

// unknownCaller is the answer to a call without a known token. Who tries many is told to wait; nobody who has one is, whatever others at their
// address do.
func (a *API) unknownCaller(r *http.Request, err error) error {
	from := clientaddr.Network(a.Proxies.Of(r)).String()
	if slow := a.pace(a.rates.refused, from, "too many calls without a known token come from your address"); slow != nil {
		return slow
	}
	return err
}
