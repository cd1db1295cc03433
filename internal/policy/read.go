package policy

import (
	"cmp"
	"fmt"
	"leanpmo/internal/assign"
	"maps"
	"slices"
	"time"

	"leanpmo/internal/calendar"
	"leanpmo/internal/directory"
	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
)

// PortfolioLimits limit the work in progress of a portfolio.
type PortfolioLimits struct {
	WIP     int
	Classes map[pmo.ClassOfService]ClassLimitDoc // Max of expedite does not count towards WIP
}

// ApproachPolicy is where a recommendation is taken without asking.
type ApproachPolicy struct {
	Version         string
	AutoAcceptLanes []pmo.Lane
}

// AssignPolicy has the limits of teams that name none of their own.
type AssignPolicy struct {
	Version     string
	WIPLimit    int
	LoadCeiling float64
	Lateness    float64 // share of a request's value lost by finishing late, 0 to 1
	Switching   float64 // share of a mean request's value that one costs beyond those a team works on without switching, 0 to 1
	Fairness    float64 // share of a request's value that goes off for a team that carried all of its capacity over the last weeks, 0 to 1
	// Reserve is the share of each team's capacity that plans leave free for expedite requests and those of ReserveKinds, 0 to 1.
	Reserve      float64
	ReserveKinds []string
	AssumeSize   float64       // team-weeks held for a request of unknown size
	RetryAfter   time.Duration // after which a team is searched for again without a signal
	Days         pmo.Days      // over which the capacity of a team counts, with its absences; none: without them
	Weeks        []AssignWeek  // the weeks after these days
	Today        pmo.Date      // the first day of both; empty: no day is looked at
}

// AssignWeek is a later week of an assignment.
type AssignWeek struct {
	From pmo.Date
	Days pmo.Days
}

// WeeksAhead is over how many weeks an assignment looks, this one included.
const WeeksAhead = 8

// MostWeeksAhead is over how many weeks a what-if looks at most, where what it asks about lies beyond WeeksAhead.
const MostWeeksAhead = 26

// WeeksBack is over how many weeks what teams carried counts, where fairness does.
const WeeksBack = 8

// SchedulePolicy is how often a portfolio's backlog is ranked and pulled from.
type SchedulePolicy struct {
	Every          time.Duration // between scheduled runs
	RunAtMostEvery time.Duration // runs for freed capacity are bundled to one in this time
	TimeZone       string
}

// Scoring is what the portfolio's requests are scored and ranked with.
func (p *Policy) Scoring(portfolio string) priority.Policy {
	s := p.doc.scoring(p.portfolio(portfolio))
	s.Version = p.Name()
	return s
}

// ScoreInputs names the inputs that the portfolio's scoring model needs.
func (p *Policy) ScoreInputs(portfolio string) []string { return p.Scoring(portfolio).Needs() }

// ScoreInputs names the inputs that the scoring models of the portfolios need, in the order of the form.
func (d Document) ScoreInputs() []string {
	needed := map[string]bool{}
	for _, portfolio := range d.Portfolios {
		for _, name := range d.scoring(portfolio).Needs() {
			needed[name] = true
		}
	}
	return slices.DeleteFunc(pmo.InputNames(), func(name string) bool { return !needed[name] })
}

// Model is the scoring model of a portfolio.
func (d Document) Model(portfolio string) priority.Model {
	var own PortfolioDoc
	for _, p := range d.Portfolios {
		if p.ID == portfolio {
			own = p
		}
	}
	return d.scoring(own).Model
}

func (d Document) scoring(portfolio PortfolioDoc) priority.Policy {
	s := d.Scoring
	return priority.Policy{Model: cmp.Or(portfolio.ScoringModel, s.Model, priority.WSJF), Weights: s.Weights, Criteria: s.Criteria,
		Normalise: cmp.Or(s.Normalise, priority.NormaliseScale), Scale: s.Scale, AllPoints: float64(portfolio.points().All()), LongestWait: elapsed(s.LongestWait), Spread: s.Spread,
		AgeingPerWeek: s.AgeingPerWeek, NearTie: s.NearTie, UnknownLead: elapsed(s.UnknownLead)}
}

// defaultStaleAfter is the age after which an input is marked as stale where the policy names none.
const defaultStaleAfter = 26 * 7 * 24 * time.Hour

// InputsStaleAfter is the age after which an input of a score is marked as stale.
func (p *Policy) InputsStaleAfter() time.Duration {
	return cmp.Or(elapsed(p.doc.Scoring.StaleAfter), defaultStaleAfter)
}

// Prerequisites is how far what a request needs must be before it is pulled.
func (p *Policy) Prerequisites() Prerequisites {
	return cmp.Or(p.doc.Replenishing.Prerequisites, PrerequisitesDelivered)
}

// Limits are the portfolio's.
func (p *Policy) Limits(portfolio string) PortfolioLimits {
	d := p.portfolio(portfolio)
	return PortfolioLimits{WIP: d.WIPLimit, Classes: maps.Clone(d.ClassLimits)}
}

// ApproachPolicy is where a recommendation is taken without asking.
func (p *Policy) ApproachPolicy() ApproachPolicy {
	a := p.doc.Approach
	return ApproachPolicy{Version: p.Name(), AutoAcceptLanes: slices.Clone(a.AutoAcceptLanes)}
}

// AssignPolicy has the limits of teams that name none.
func (p *Policy) AssignPolicy() AssignPolicy {
	a := p.doc.Assignment
	rules := AssignPolicy{Version: p.Name(), WIPLimit: a.WIPLimit, LoadCeiling: a.LoadCeiling, Reserve: a.Reserve, Fairness: a.Fairness, ReserveKinds: slices.Clone(a.ReserveKinds), AssumeSize: a.AssumeSize, RetryAfter: elapsed(a.RetryAfter),
		Lateness: assign.DefaultPolicy().Lateness, Switching: assign.DefaultPolicy().Switching}
	if a.Lateness != nil {
		rules.Lateness = *a.Lateness
	}
	if a.Switching != nil {
		rules.Switching = *a.Switching
	}
	return rules
}

// UsesReserve reports whether a request may use what plans leave free of the teams: an expedite one, or one of a kind that the policy names.
func (a AssignPolicy) UsesReserve(class pmo.ClassOfService, kind string) bool {
	return class == pmo.ClassExpedite || slices.Contains(a.ReserveKinds, kind)
}

// defaultAskAfter is how long a request without a team waits before the PMO is asked, where the policy does not say it.
var defaultAskAfter = calendar.Duration{N: 2, Unit: calendar.WorkingDays}

func (p *Policy) askAfter() calendar.Duration {
	if after := p.doc.Assignment.AskAfter; after != nil {
		return *after
	}
	return defaultAskAfter
}

// AskForTeamAt is when the PMO is asked about a request that some team could take, and that has found none since then.
func (p *Policy) AskForTeamAt(portfolio string, since time.Time) time.Time {
	return p.Calendar(portfolio).Add(since, p.askAfter())
}

// AssignPolicyAt is AssignPolicy for an assignment at a moment: a team's absences of the seven days from then count.
func (p *Policy) AssignPolicyAt(portfolio string, at time.Time) AssignPolicy {
	return p.AssignPolicyOver(portfolio, at, WeeksAhead)
}

// AssignPolicyOver is AssignPolicyAt, which looks over some weeks, this one included.
func (p *Policy) AssignPolicyOver(portfolio string, at time.Time, weeks int) AssignPolicy {
	rules := p.AssignPolicy()
	rules.Days = p.WorkingDays(portfolio, at, 7)
	rules.Today = p.DayOf(portfolio, at)
	for k := 1; k < weeks; k++ {
		from := at.In(p.Calendar(portfolio).Location()).AddDate(0, 0, 7*k)
		rules.Weeks = append(rules.Weeks, AssignWeek{From: pmo.Date(from.Format(time.DateOnly)), Days: p.WorkingDays(portfolio, from, 7)})
	}
	return rules
}

// WorkingDays are those of n days from the day of a moment, in the portfolio's calendar and time zone, and how many of them are holidays. Where people
// work on none of those days in any week, all of them count.
func (p *Policy) WorkingDays(portfolio string, from time.Time, n int) pmo.Days {
	c := p.Calendar(portfolio)
	var all []pmo.Date
	var days pmo.Days
	for i := range n {
		day := from.In(c.Location()).AddDate(0, 0, i)
		all = append(all, pmo.Date(day.Format(time.DateOnly)))
		switch {
		case c.IsWorkingDay(day):
			days.Worked = append(days.Worked, all[i])
		case c.Weekdays()[day.Weekday()]:
			days.Off++
		}
	}
	if len(days.Worked)+days.Off == 0 {
		return pmo.Days{Worked: all}
	}
	return days
}

// Schedule is how often the portfolio's backlog is ranked.
func (p *Policy) Schedule(portfolio string) SchedulePolicy {
	r := p.doc.Replenishing
	return SchedulePolicy{Every: elapsed(r.Every), RunAtMostEvery: elapsed(r.RunAtMostEvery), TimeZone: p.portfolio(portfolio).TimeZone}
}

// RequesterDue is when the requester's answer to a question of this kind, opened at a moment, would be due.
func (p *Policy) RequesterDue(kind pmo.Kind, portfolio string, at time.Time) time.Time {
	return p.Calendar(portfolio).Add(at, p.questionDoc(kind).Due)
}

// Calendar is the portfolio's.
func (p *Policy) Calendar(portfolio string) *calendar.Calendar {
	return p.calendars[p.portfolio(portfolio).ID]
}

// RequestCalendar is the working time that a request of the portfolio carries at a time. Its name changes with the policy and every year.
func (p *Policy) RequestCalendar(portfolio string, at time.Time) *pmo.Calendar {
	c := p.Calendar(portfolio).Around(at)
	c.Name = fmt.Sprintf("%s/%s/%d", p.Name(), portfolio, at.UTC().Year())
	return c
}

// ForecastDays are the portfolio's time zone, the days of the week that are worked, and the holidays.
func (p *Policy) ForecastDays(portfolio string) forecast.Calendar {
	d, c := p.portfolio(portfolio), p.Calendar(portfolio)
	days := forecast.Calendar{Zone: c.Location(), Works: c.Weekdays()}
	for _, doc := range p.doc.Calendars {
		if doc.ID == d.Calendar {
			days.Holidays = slices.Clone(doc.Holidays)
		}
	}
	return days
}

// Works says of a date, whose time does not count, whether people of the portfolio work on it.
func (p *Policy) Works(portfolio string) func(date time.Time) bool {
	c := p.Calendar(portfolio)
	return func(date time.Time) bool {
		y, m, d := date.Date()
		return c.IsWorkingDay(time.Date(y, m, d, 12, 0, 0, 0, c.Location()))
	}
}

// DayOf is the day of a moment in the time zone of a portfolio.
func (p *Policy) DayOf(portfolio string, at time.Time) pmo.Date {
	return pmo.Date(at.In(p.Calendar(portfolio).Location()).Format(time.DateOnly))
}

// DayBegins is when a day begins in the portfolio's time zone; zero for an empty or wrong date.
func (p *Policy) DayBegins(portfolio string, day pmo.Date) time.Time {
	at, err := day.Time(p.Calendar(portfolio).Location())
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// Portfolios lists the portfolios' ids in the order of the document.
func (p *Policy) Portfolios() []string {
	return collect(p.doc.Portfolios, func(d PortfolioDoc) string { return d.ID })
}

// PortfolioGroup is the group that is the portfolio's PMO.
func (p *Policy) PortfolioGroup(portfolio string) string { return p.portfolio(portfolio).Group }

// portfolio falls back to the last one, the catch-all: a request may be older than a policy that dropped its portfolio.
func (p *Policy) portfolio(id string) PortfolioDoc {
	for _, d := range p.doc.Portfolios {
		if d.ID == id {
			return d
		}
	}
	return p.doc.Portfolios[len(p.doc.Portfolios)-1]
}

// Kinds lists the kinds of request in the order of the document.
func (p *Policy) Kinds() []string {
	return collect(p.doc.Intake.Kinds, func(d KindDoc) string { return d.ID })
}

// Classes lists the classes of service.
func (p *Policy) Classes() []pmo.ClassOfService {
	list := make([]pmo.ClassOfService, len(p.doc.Classes))
	for i, d := range p.doc.Classes {
		list[i] = d.ID
	}
	return list
}

// Themes lists the themes of all portfolios, once each.
func (p *Policy) Themes() []string {
	var ids []string
	for _, d := range p.doc.Portfolios {
		for _, t := range d.Themes {
			if !slices.Contains(ids, t.ID) {
				ids = append(ids, t.ID)
			}
		}
	}
	return ids
}

// CheckDirectory checks that every group the policy names exists and is large enough. A group that claims fill has members only once they
// have signed in, so that its size is not judged. The error is a Faults.
func (p *Policy) CheckDirectory(dir *directory.Directory) error {
	var faults Faults
	group := func(path, id string, least int) {
		switch n := len(dir.Members(id)); {
		case !dir.HasGroup(id):
			faults.Add(path, "there is no group %q", id)
		case dir.FromClaims(id):
		case n == 0:
			faults.Add(path, "group %q has no members", id)
		case n < least:
			faults.Add(path, "%d must agree, but group %q has %d members", least, id, n)
		}
	}
	for i, d := range p.doc.Portfolios {
		group(fmt.Sprintf("portfolios[%d].group", i), d.Group, 1)
	}
	for i, r := range p.doc.Review.Routes {
		for j, s := range r.Steps {
			path := fmt.Sprintf("review.routes[%d].steps[%d]", i, j)
			group(path+".group", s.Group, 1)
			if s.Quorum.Mode == pmo.QuorumCount && len(dir.Members(s.Group)) > 0 {
				group(path+".quorum.n", s.Group, s.Quorum.N)
			}
		}
	}
	for _, kind := range pmo.Kinds() {
		p.checkAskGroups(kind, group)
	}
	p.checkPointGroups(group)
	p.checkServices(dir, &faults)
	return faults.Err()
}

func (p *Policy) checkAskGroups(kind pmo.Kind, group func(path, id string, least int)) {
	a, path := p.questionDoc(kind), "questions."+string(kind)
	for list, sources := range map[string][]string{"ask": a.From, "else": a.Else} {
		for i, s := range sources {
			if id, isGroup := cutGroup(s); isGroup {
				group(fmt.Sprintf("%s.%s[%d]", path, list, i), id, 1)
			}
		}
	}
	if a.Escalate != nil {
		group(path+".escalate.to", a.Escalate.To, 1)
	}
	for i, g := range a.Groups {
		at := fmt.Sprintf("%s.groups[%d]", path, i)
		group(at+".group", g.Group, 1)
		if g.Escalate != nil {
			group(at+".escalate.to", g.Escalate.To, 1)
		}
	}
}

// ReviewDue is when the answer of a group to a question of review, opened at a moment, would be due, before any escalation.
func (p *Policy) ReviewDue(group, portfolio string, at time.Time) time.Time {
	return p.Calendar(portfolio).Add(at, p.questionDoc(pmo.KindReview).forGroup(group).Due)
}
