package api

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"leanpmo/internal/flow"
	flowcache "leanpmo/internal/flow/cache"
	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

const (
	// A report that has just been made is given again, also when something has changed meanwhile: many pages follow the same event.
	reportFreshFor = time.Second
	// While nothing changes, only ages grow.
	reportUsableFor = time.Minute
	// mostReports is how many reports are kept: there are few portfolios, and pages ask for three lengths of time.
	mostReports = 16
	// A picture of the cycle times has so many cells at most.
	scatterColumns, scatterRows = 26, 10
)

// flowReports makes the flow reports, and keeps the last ones.
type flowReports struct {
	requests *flowcache.Cache
	source   flowReader

	mu   sync.Mutex
	kept map[reportOf]*flowReport
}

type reportOf struct {
	portfolio string
	days      int
}

// keptChoices is how many reports of some of its requests a report keeps.
const keptChoices = 16

// flowReport is a report before it is known who reads it. It does not change.
type flowReport struct {
	requests flowcache.View
	location *time.Location
	base     wire.FlowReport // all but what depends on the reader
	cycles   []flow.Sample
	imported []flow.Imported
	ids      map[string]string               // of confidential requests, by their number
	chosen   *lru.Cache[string, *flowReport] // of some of its requests
}

func newFlowReports(s flowReader) *flowReports {
	return &flowReports{requests: flowcache.New(s), source: s, kept: map[reportOf]*flowReport{}}
}

// report is the report over the last days.
func (f *flowReports) report(ctx context.Context, portfolio string, days int, now time.Time, location *time.Location) (*flowReport, error) {
	f.mu.Lock()
	defer f.mu.Unlock() // one report at a time is made; the others wait for it, and most take the same one
	key := reportOf{portfolio, days}
	last := f.kept[key]
	if last != nil && age(last, now) < reportFreshFor {
		return last, nil
	}
	from := now.AddDate(0, 0, -days)
	seen := uint64(0)
	if last != nil && age(last, now) < reportUsableFor {
		seen = last.requests.Version
	}
	found, err := f.requests.Requests(ctx, portfolio, from, now, seen)
	if err != nil {
		return nil, err
	}
	if found.Version == seen {
		return last, nil
	}
	if len(f.kept) >= mostReports {
		clear(f.kept)
	}
	imported, err := f.source.ImportedCycles(ctx, portfolio, from)
	if err != nil {
		return nil, err
	}
	made := newFlowReport(portfolio, found, imported, nil, from, now, location)
	f.kept[key] = made
	return made, nil
}

// only is the report of those of its requests that a filter chose, by their ids. Of imported work only the kind is known: where something else
// is chosen too, there is none.
//
// The last ones are kept with the report they are of: pages of teams and filters ask for the same ones again and again.
func (r *flowReport) only(ids []string, f store.Filter) *flowReport {
	var imported []flow.Imported
	kind, all := f.Kind, false
	if f.Kind = ""; !f.Filtered() {
		all = true
		imported = slices.DeleteFunc(slices.Clone(r.imported), func(i flow.Imported) bool { return i.Kind != kind })
	}
	slices.Sort(ids)
	key := fmt.Sprint(kind, " ", all, " ", ids)
	if made, ok := r.chosen.Get(key); ok {
		return made
	}
	made := newFlowReport(r.base.Portfolio, r.requests.Only(ids), imported, &r.base.Reference, r.base.From, r.base.To, r.location)
	r.chosen.Add(key, made)
	return made
}

func newChoices() *lru.Cache[string, *flowReport] {
	kept, err := lru.New[string, *flowReport](keptChoices)
	if err != nil {
		panic(err) // only for a size below one
	}
	return kept
}

// age is how old a report is. One that was made later than now, by a clock that was put back, is too old.
func age(r *flowReport, now time.Time) time.Duration {
	if a := now.Sub(r.base.To); a >= 0 {
		return a
	}
	return reportUsableFor
}

func newFlowReport(portfolio string, found flowcache.View, imported []flow.Imported, whole *flow.Reference, from, to time.Time, location *time.Location) *flowReport {
	r := &flowReport{requests: found, imported: imported, location: location, base: wire.FlowReport{Portfolio: portfolio, From: from, To: to}, ids: map[string]string{}, chosen: newChoices()}
	items := make([]flow.Item, 0, found.Len())
	var questions []flow.Question
	ages, byTeam, byKind, byTheme := map[pmo.Stage][]float64{}, map[string][]float64{}, map[string][]float64{}, map[string][]float64{}
	b, options := &r.base, flow.Options{Location: location}
	for i := range found.Len() {
		m := found.At(i)
		if m.Open() {
			ages[m.Stage] = append(ages[m.Stage], to.Sub(m.SubmittedAt).Hours()/24)
		}
		if m.Confidential {
			r.ids[m.Ref] = m.ID
		}
		markWaiting(&m.Item)
		b.Efficiency.Add(m.Item, spansOf(m.Questions))
		if days, ok := flow.CycleOf(m.Item, options); ok {
			byTeam[m.Team], byKind[m.Kind] = append(byTeam[m.Team], days), append(byKind[m.Kind], days)
			for _, theme := range m.Themes {
				byTheme[theme] = append(byTheme[theme], days)
			}
		}
		for k := range m.Questions {
			m.Questions[k].CostOfDelay = m.CostOfDelay
		}
		items, questions = append(items, m.Item), append(questions, m.Questions...)
	}
	b.Distribution, b.Little = flow.Distribution(items, from, to, options), flow.CheckLittle(items, from, to)
	for _, i := range imported {
		byKind[i.Kind] = append(byKind[i.Kind], i.Days)
	}
	b.ByTeam, b.ByKind, b.ByTheme = flow.Expectations(byTeam), flow.Expectations(byKind), flow.Expectations(byTheme)
	cycle, odd := flow.CycleTimes(items, options)
	lead, odder := flow.LeadTimes(items, options)
	r.cycles = cycle
	b.Throughput = flow.WeeklyThroughput(items, from, to, options)
	b.CycleTime, b.LeadTime = flow.Summarise(flow.Days(cycle)), flow.Summarise(flow.Days(lead))
	b.Expectation = flow.NewReference(flow.Days(cycle), imported, nil).Expectation
	b.Reference = flow.NewReference(flow.Days(cycle), imported, whole)
	b.WIP = flow.WIP(items, to)
	b.Skipped, b.Aging = append(odd, odder...), agingOf(items, &b.Reference, to, options)
	b.Groups = flow.GroupTimes(questions, from, to, options)
	b.CFD = flow.CumulativeFlow(items, stageNames(), from, to, options)
	stays := flow.StageTimes(items, from, to, options)
	b.ByStage = []flow.Expectation{}
	var open []float64
	for _, stage := range pmo.Stages() {
		open = append(open, ages[stage]...)
		b.ByStage = append(b.ByStage, flow.Expect(string(stage), stays[string(stage)]))
		b.Stages = append(b.Stages, wire.StageCount{Stage: stage, Open: len(ages[stage]), Age: flow.Summarise(ages[stage]), Days: flow.Summarise(stays[string(stage)])})
	}
	b.Age = flow.Summarise(open)
	return r
}

// agingOf compares ages with the reference, and says how likely each is still finished as expected.
func agingOf(items []flow.Item, r *flow.Reference, at time.Time, o flow.Options) []flow.Aging {
	list := flow.AgingFlags(items, r.Cycles(), at, o)
	for i := range list {
		if chance, known := forecast.ChanceWithinLimit(r.Cycles(), list[i].Age, float64(r.Expectation.Days)); known && r.Expectation.Days > 0 {
			chance = rounded(chance)
			list[i].Chance = &chance
		}
	}
	return list
}

// markWaiting marks the stages in which no team works on a request.
func markWaiting(i *flow.Item) {
	for k := range i.Stages {
		i.Stages[k].Waiting = i.Stages[k].Stage != string(pmo.StageExecution)
	}
}

// spansOf is when the questions were open.
func spansOf(questions []flow.Question) []flow.Span {
	spans := make([]flow.Span, len(questions))
	for i, q := range questions {
		spans[i] = flow.Span{From: q.Opened, To: q.Answered}
	}
	return spans
}

func stageNames() []string {
	var names []string
	for _, stage := range pmo.Stages() {
		names = append(names, string(stage))
	}
	return names
}

// forReader is the report for who may not read the hidden requests: these count, and are named nowhere. It has so many lines at most.
func (r *flowReport) forReader(hidden map[string]bool, limit int) wire.FlowReport {
	out, hides := r.base, func(ref string) bool { return hidden[r.ids[ref]] }
	out.Confidential = len(hidden)
	out.Skipped = without(r.base.Skipped, func(s flow.Skipped) bool { return hides(s.ID) })
	out.Aging = without(r.base.Aging, func(a flow.Aging) bool { return hides(a.ID) })
	out.AgingTotal, out.Aging = len(out.Aging), out.Aging[:min(limit, len(out.Aging))]
	out.Scatter = flow.Scatter(without(r.cycles, func(s flow.Sample) bool { return hides(s.ID) }), out.From, out.To, scatterColumns, scatterRows)
	out.Items, out.ItemsTotal = []wire.FlowItem{}, r.requests.Len()-len(hidden)
	first := r.requests.Len()
	for shown := 0; shown < limit && first > 0; {
		if first--; !hidden[r.requests.ID(first)] {
			shown++
		}
	}
	for i := first; i < r.requests.Len(); i++ {
		if !hidden[r.requests.ID(i)] {
			m := r.requests.At(i)
			out.Items = append(out.Items, flowItemOf(&m, out.To))
		}
	}
	return out
}

// without is the list without what is to be left out, which stays in the list that is given.
func without[T any](list []T, leaveOut func(T) bool) []T {
	if !slices.ContainsFunc(list, leaveOut) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), leaveOut)
}

// flowItemOf is a request of the report. What was accepted is delivered, also while its benefit review is open.
func flowItemOf(m *flow.Measured, at time.Time) wire.FlowItem {
	outcome := m.Outcome
	if m.AcceptedAt != nil && m.Status != pmo.StatusClosed {
		outcome = pmo.OutcomeDelivered
	}
	return wire.FlowItem{Ref: m.Ref, Kind: m.Kind, Class: string(m.Class), Team: m.Team, Approach: m.Approach, Stage: m.Stage, Outcome: string(outcome),
		SubmittedAt: m.SubmittedAt, PulledAt: m.PulledAt, AcceptedAt: m.AcceptedAt, ClosedAt: m.ClosedAt,
		StageDays: flow.DaysIn(m.Item.Stages, at), GroupDays: flow.DaysWith(m.Questions, at)}
}
