package api

import (
	"context"
	"errors"
	"slices"
	"strings"

	"leanpmo/internal/dependency"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/selection"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

const (
	// fundingWork limits one search: half a second of processor time. The same backlog gives the same answer.
	fundingWork = 30_000_000
	// fundingLines is how many requests an answer lists.
	fundingLines = 500
)

type fundingInput struct {
	Portfolio string   `query:"portfolio" maxLength:"64" doc:"The first one of the policy when absent"`
	Capacity  float64  `query:"capacity" required:"true" minimum:"0" maximum:"1000000" doc:"Team-weeks that can be given to the backlog in the period"`
	Needs     []string `query:"needs" maxItems:"200" doc:"Beside what requests say they need: R-12:R-7 for R-12 needs R-7, R-12: for R-12 needs nothing; several with commas"`
}

type fundingOutput struct {
	Body wire.Funding
}

// funding chooses from the ranked backlog as far as the reader may read it.
func (a *API) funding(ctx context.Context, in *fundingInput) (*fundingOutput, error) {
	portfolio, err := a.portfolio(in.Portfolio, "query/portfolio")
	if err != nil {
		return nil, err
	}
	v := viewOf(ctx)
	f := store.Filter{Portfolio: portfolio, Viewer: v.Viewer, ActsFor: v.ActsFor, SeesAll: v.SeesAll}
	ranked, err := a.Store.Fundable(ctx, f)
	if err != nil {
		return nil, err
	}
	q := a.fundingQuestion(ranked)
	if err := a.storedNeeds(ctx, q, portfolio, v); err != nil {
		return nil, err
	}
	if err := q.need(in.Needs); err != nil {
		return nil, err
	}
	q.leaveOut()
	found, err := a.fundings.Fund(q.requests, in.Capacity)
	var fault *selection.Fault
	switch {
	case errors.As(err, &fault):
		return nil, problem.InvalidField("query/needs", "%s", fault.Error())
	case err != nil:
		return nil, err
	}
	out := &fundingOutput{Body: q.answer(found)}
	out.Body.Portfolio, out.Body.Unscored, out.Body.Waiting = portfolio, q.unscored, len(q.waiting)
	out.Body.Unranked, err = a.Store.Unranked(ctx, f)
	return out, err
}

// fundingQuestion is the ranked backlog as requests to choose from.
type fundingQuestion struct {
	requests []selection.Request
	rows     map[string]store.Fundable
	byRef    map[string]int
	assumed  map[string]bool
	unscored int
	outside  map[string]bool // needs a request that cannot be funded from this backlog
	waiting  map[string]bool // of these, and of those that need them: cannot be funded now
}

// storedNeeds adds what the requests say they need. What has begun costs nothing more. What cannot be chosen here, because it is not ranked with a
// score in this backlog, or not for the reader, keeps those that need it out.
func (a *API) storedNeeds(ctx context.Context, q *fundingQuestion, portfolio string, v store.View) error {
	nodes, err := a.Store.BacklogDependencies(ctx, portfolio, v)
	if err != nil {
		return err
	}
	q.needing(nodes)
	return nil
}

// needing adds what the requests need of each other.
func (q *fundingQuestion) needing(nodes []dependency.Node) {
	graph := dependency.New(nodes)
	index := make(map[string]int, len(q.requests))
	for i, r := range q.requests {
		index[r.ID] = i
	}
	asked := len(q.requests)
	for i := range asked {
		for _, n := range graph.Pending(q.requests[i].ID) {
			at, known := index[n.ID]
			if !known && n.State() == dependency.Begun {
				at, known = q.begun(n), true
				index[n.ID] = at
			}
			if !known {
				q.outside[q.requests[i].ID] = true
				continue
			}
			q.requests[i].Needs = append(q.requests[i].Needs, q.requests[at].ID)
		}
	}
}

// begun adds a request that has been begun.
func (q *fundingQuestion) begun(n *dependency.Node) int {
	ref := n.NameFor()
	if n.Readable {
		q.byRef[ref] = len(q.requests)
		q.rows[n.ID] = store.Fundable{ID: n.ID, Number: n.Number, Title: n.Title}
	}
	q.requests = append(q.requests, selection.Request{ID: n.ID, Ref: ref, Begun: true})
	return len(q.requests) - 1
}

// leaveOut takes out the requests that need something that cannot be funded here, and those that need these.
func (q *fundingQuestion) leaveOut() {
	q.waiting = map[string]bool{}
	for id := range q.outside {
		q.waiting[id] = true
	}
	for changed := true; changed; {
		changed = false
		for _, r := range q.requests {
			if !q.waiting[r.ID] && slices.ContainsFunc(r.Needs, func(id string) bool { return q.waiting[id] }) {
				q.waiting[r.ID], changed = true, true
			}
		}
	}
	q.requests = slices.DeleteFunc(q.requests, func(r selection.Request) bool { return q.waiting[r.ID] })
}

// fundingQuestion gives each request what the current run says it is worth, and the size that its team would be asked for. Without a score
// only what must be funded is considered.
func (a *API) fundingQuestion(ranked []store.Fundable) *fundingQuestion {
	q := &fundingQuestion{rows: map[string]store.Fundable{}, byRef: map[string]int{}, assumed: map[string]bool{}, outside: map[string]bool{}}
	due := true // until the first request of another class: a fixed date ranked above all of these has to be started now
	for _, r := range ranked {
		class := pmo.ClassOfService(r.Class)
		due = due && (class == pmo.ClassExpedite || class == pmo.ClassFixedDate)
		must := class == pmo.ClassExpedite || due
		if !r.Scored && !must {
			q.unscored++
			continue
		}
		size := r.Size
		if size <= 0 {
			size = a.Policy.Now().AssignPolicy().AssumeSize
			q.assumed[r.ID] = true
		}
		q.byRef[pmo.Ref(r.Number)] = len(q.requests)
		q.rows[r.ID] = r
		q.requests = append(q.requests, selection.Request{ID: r.ID, Ref: pmo.Ref(r.Number), Rank: r.Rank, Value: max(r.Value, 0), Size: size, Must: must})
	}
	return q
}

// need adds the prerequisites of the question, such as "R-12:R-7"; "R-12:" drops those of R-12.
func (q *fundingQuestion) need(pairs []string) error {
	const field = "query/needs"
	for _, pair := range pairs {
		after, before, ok := strings.Cut(pair, ":")
		if !ok {
			return problem.InvalidField(field, "is not of the form R-12:R-7")
		}
		i, known := q.byRef[strings.TrimSpace(after)]
		if known && strings.TrimSpace(before) == "" {
			q.requests[i].Needs = nil
			delete(q.outside, q.requests[i].ID)
			continue
		}
		j, knownToo := q.byRef[strings.TrimSpace(before)]
		if !known || !knownToo {
			return problem.InvalidField(field, "names a request that is not in the ranked backlog with a score")
		}
		q.requests[i].Needs = append(q.requests[i].Needs, q.requests[j].ID)
	}
	return nil
}

func (q *fundingQuestion) answer(f selection.Funding) wire.Funding {
	out := wire.Funding{Capacity: f.Capacity, Set: wire.FundingSum(f.Set), List: wire.FundingSum(f.List), CutLine: f.CutLine, Gain: f.Gain,
		Bound: f.Bound, Gap: f.Gap(), Proven: f.Proven, Price: f.Price, Words: f.Words(), Items: []wire.FundingLine{},
		OneMore: wire.OneMoreTeamWeek{Gain: f.OneMore.Gain, In: listed(f.OneMore.In), Out: listed(f.OneMore.Out), Proven: f.OneMore.Proven}}
	for _, l := range f.Lines {
		switch {
		case !l.InSet && !l.InList:
			out.Others++
		case len(out.Items) == fundingLines:
			out.MoreItems++
		default:
			out.Items = append(out.Items, q.line(l))
		}
	}
	return out
}

func (q *fundingQuestion) line(l selection.Line) wire.FundingLine {
	r := q.rows[l.ID]
	out := wire.FundingLine{ID: l.ID, Ref: l.Ref, Title: r.Title, Rank: l.Rank, Class: r.Class, Value: l.Value, Size: l.Size, SizeAssumed: q.assumed[l.ID],
		Must: l.Must, InSet: l.InSet, InList: l.InList, Reason: l.Reason, Why: l.Why(), Rate: l.Rate, OthersRate: l.Others, NeededBy: l.NeededBy, Link: linksOf(l.ID).Self}
	for _, id := range l.Needs {
		if needed, readable := q.rows[id]; readable {
			out.Needs = append(out.Needs, pmo.Ref(needed.Number))
		}
	}
	return out
}
