package pmo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Assessment is how the work of a request stands by the rule of health, and what somebody says instead until the next report.
type Assessment struct {
	Health   Health          `json:"health" enum:"green,amber,red,unknown" doc:"What counts: by the rule, or what the latest report says instead"`
	Since    time.Time       `json:"since" doc:"Since when it has this colour"`
	Rule     Health          `json:"rule" enum:"green,amber,red,unknown" doc:"What the rule gives"`
	Because  []HealthReason  `json:"because,omitempty" doc:"What the rule rests on, the worst first; absent: nothing speaks against green"`
	Override *HealthOverride `json:"override,omitempty" doc:"What a report says instead; it ends at the next report"`
}

// HealthReason is one fact that speaks against green.
type HealthReason struct {
	Kind   string `json:"kind" enum:"blocker,milestone,schedule,cost,age,report,silent,raid"`
	Health Health `json:"health" enum:"amber,red,unknown"`
	Says   string `json:"says"`
}

// HealthOverride is a colour that a report gives although the rule gives another one.
type HealthOverride struct {
	Health Health    `json:"health" enum:"green,amber,red"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Why    string    `json:"why"`
	Rule   Health    `json:"rule" enum:"green,amber,red,unknown" doc:"What the rule gave then"`
}

// Borders of the rule of health. They are our conventions; docs/plans.md states them.
const (
	indexAmber     = 0.9 // SPI or CPI below it is amber
	indexRed       = 0.8
	milestonesRed  = 2   // so many milestones past their day are red, fewer amber
	agePastRed     = 1.5 // times the expectation; past the expectation itself is amber
	healthTextSize = 200 // characters of a text that a reason repeats
)

// Sentence says the colour with its first reason.
func (a *Assessment) Sentence() string {
	switch {
	case a.Override != nil:
		return fmt.Sprintf("%s by the word of %s, where the rule gives %s: %s", a.Health, a.Override.By, a.Rule, sentence(a.Override.Why))
	case len(a.Because) > 0:
		return fmt.Sprintf("%s: %s", a.Health, sentence(a.Because[0].Says))
	}
	return string(a.Health) + ": nothing speaks against it."
}

// Reason is the first reason in words; empty where nothing speaks against green.
func (a *Assessment) Reason() string {
	switch {
	case a == nil:
		return ""
	case a.Override != nil:
		return a.Override.Why
	case len(a.Because) > 0:
		return a.Because[0].Says
	}
	return ""
}

// HealthKindOverride stands for the first reason where somebody says another colour than the rule.
const HealthKindOverride = "override"

// Kind is the kind of the first reason; empty where nothing speaks against green.
func (a *Assessment) Kind() string {
	switch {
	case a == nil:
		return ""
	case a.Override != nil:
		return HealthKindOverride
	case len(a.Because) > 0:
		return a.Because[0].Kind
	}
	return ""
}

// HealthNow is the colour that counts: by the rule while work goes on, else as the latest report says.
func (r *Request) HealthNow() Health {
	switch {
	case r.Health != nil:
		return r.Health.Health
	case r.Progress != nil:
		return r.Progress.Health
	}
	return ""
}

// assesses reports whether the rule of health applies: work goes on by an agreed plan.
func (r *Request) assesses() bool {
	return r.Process >= Process10 && r.Stage == StageExecution && r.Status == StatusOpen && r.Plan.Agreed() && r.DoneAt.IsZero()
}

// assessHealth applies the rule. Another colour gets an entry of the ledger; other reasons for the same colour only change the state.
func (r *Request) assessHealth(now time.Time) {
	if !r.assesses() {
		return
	}
	r.adoptBlocker()
	next := Assessment{Since: now, Because: r.healthReasons(now)}
	next.Rule = ruleHealth(next.Because)
	next.Health = next.Rule
	before := r.Health
	if before != nil && before.Override != nil {
		next.Override, next.Health = before.Override, before.Override.Health
	}
	r.setHealth(next, now)
}

// setHealth stores an assessment that differs from the one before.
func (r *Request) setHealth(next Assessment, now time.Time) {
	r.showHealth(next.Health)
	was := HealthGreen // nothing is said of work that begins as it should
	if before := r.Health; before != nil {
		if was = before.Health; was == next.Health {
			next.Since = before.Since
		}
		if was == next.Health && before.Rule == next.Rule && slices.Equal(before.Because, next.Because) && before.Override == next.Override {
			return
		}
	}
	told := was != next.Health || next.Override != nil && (r.Health == nil || r.Health.Override != next.Override)
	r.Health = &next
	if told {
		r.record(now, Entry{Event: EventHealth, Text: "Health is " + next.Sentence()})
		return
	}
	r.BumpSeq()
}

// showHealth shows the colour in the latest report too, where readers of earlier releases look for it.
func (r *Request) showHealth(health Health) {
	if p := r.Progress; p != nil && p.Health != health {
		report := *p
		report.Health = health
		r.Progress = &report
	}
}

// reportHealth takes the colour that a report gives: where the rule gives another one it is an override until the next report.
func (r *Request) reportHealth(c Report, now time.Time) {
	if !r.assesses() {
		return
	}
	next := Assessment{Since: now, Because: r.healthReasons(now)}
	next.Rule = ruleHealth(next.Because)
	if next.Health = next.Rule; c.Health != "" && c.Health != next.Rule {
		next.Health = c.Health
		next.Override = &HealthOverride{Health: c.Health, By: c.By.Actor, At: now, Why: r.whyOverride(c), Rule: next.Rule}
	}
	r.setHealth(next, now)
}

// finishHealth ends an override when the work is done: the report says nothing else.
func (r *Request) finishHealth(c Report) {
	if r.assesses() && c.Health == "" {
		r.showHealth(HealthGreen)
	}
}

func (r *Request) whyOverride(c Report) string {
	switch {
	case c.Note != "":
		return Shorten(c.Note, healthTextSize)
	case c.Blocked != nil && *c.Blocked != "":
		return Shorten(*c.Blocked, healthTextSize)
	}
	return "The team's tool says so."
}

// checkHealth refuses a colour that needs a reason and has none: amber and red always, green where the rule gives something else. A tool
// reports what people set there, without a word.
func (r *Request) checkHealth(c Report, now time.Time) *Refusal {
	if c.Note != "" || c.Blocked != nil && *c.Blocked != "" {
		return nil
	}
	if c.Health == HealthAmber || c.Health == HealthRed {
		return invalid("/note", "%s needs a reason", c.Health)
	}
	if c.Health != HealthGreen || c.Done || c.By.Via == ViaDelivery || !r.assesses() {
		return nil
	}
	after, p := *r, r.nextProgress(c.By.Actor, now)
	p.take(c)
	after.Progress = &p
	after.reach(c.Milestones)
	after.reportRaid(c, now)
	if reasons := after.reasonsOnceReported(now); len(reasons) > 0 {
		return invalid("/note", "green needs a reason, because the rule gives %s: %s", ruleHealth(reasons), reasons[0].Says)
	}
	return nil
}

// ruleHealth is the worst of the reasons. What nobody has reported on is not known, whatever was known before.
func ruleHealth(because []HealthReason) Health {
	if len(because) == 0 {
		return HealthGreen
	}
	return because[0].Health
}

// severity orders reasons, the worst first.
var severity = map[Health]int{HealthUnknown: 0, HealthRed: 1, HealthAmber: 2}

// healthReasons are the facts that speak against green at a time.
func (r *Request) healthReasons(now time.Time) []HealthReason {
	reasons := slices.Concat(r.silentReasons(), r.raidReasons(now), r.lateReasons(now), r.valueReasons(), r.ageReasons(now))
	slices.SortStableFunc(reasons, func(a, b HealthReason) int { return severity[a.Health] - severity[b.Health] })
	return reasons
}

// reasonsOnceReported are the reasons that a report does not end by being there.
func (r *Request) reasonsOnceReported(now time.Time) []HealthReason {
	return slices.DeleteFunc(r.healthReasons(now), func(reason HealthReason) bool { return reason.Kind == "report" })
}

func (r *Request) silentReasons() []HealthReason {
	if q := r.OpenQuestionOf(KindReport); q != nil {
		return []HealthReason{{"report", HealthAmber, "no report for a while; the team was asked on " + string(r.dayOf(q.OpenedAt))}}
	}
	if r.Progress != nil && r.Progress.Silent {
		return []HealthReason{{"silent", HealthUnknown, "the team did not answer how it goes, on " + string(r.dayOf(r.Progress.At))}}
	}
	return nil
}

func (r *Request) raidReasons(now time.Time) []HealthReason {
	var reasons []HealthReason
	for _, i := range r.OpenRaid() {
		end := r.calendar().EndOf(i.Due)
		switch {
		case i.Kind == RaidBlocker:
			reasons = append(reasons, HealthReason{"blocker", HealthRed, fmt.Sprintf("blocked since %s: %s", r.dayOf(i.Since), Shorten(strings.TrimSuffix(i.Text, "."), healthTextSize))})
		case !end.IsZero() && !end.After(now):
			reasons = append(reasons, HealthReason{"raid", HealthAmber, fmt.Sprintf("%s %d was due on %s: %s", i.Kind, i.Number, i.Due, Shorten(i.Text, healthTextSize))})
		}
	}
	return reasons
}

func (r *Request) lateReasons(now time.Time) []HealthReason {
	var late []string
	for _, d := range r.planDays() {
		if !d.at.After(now) {
			late = append(late, d.name)
		}
	}
	if len(late) == 0 {
		return nil
	}
	health, verb := HealthAmber, "is"
	if len(late) > 1 {
		verb = "are"
	}
	if len(late) >= milestonesRed {
		health = HealthRed
	}
	return []HealthReason{{"milestone", health, Shorten(strings.Join(late, ", "), healthTextSize) + " " + verb + " past the planned day"}}
}

// planDay is a day of the plan that is not reached yet: at is the first moment after it.
type planDay struct {
	name string
	at   time.Time
}

func (r *Request) planDays() []planDay {
	var days []planDay
	for _, m := range r.Plan.Milestones {
		if end := r.calendar().EndOf(m.Due); !m.Done && !end.IsZero() {
			days = append(days, planDay{m.Name, end})
		}
	}
	if end := r.calendar().EndOf(r.Plan.Due); !end.IsZero() {
		days = append(days, planDay{"the work", end})
	}
	return days
}

func (r *Request) valueReasons() []HealthReason {
	if r.Progress == nil || r.Progress.EarnedValue == nil || r.Plan.Budget == nil {
		return nil
	}
	var reasons []HealthReason
	v := *r.Progress.EarnedValue
	for _, index := range []struct {
		kind, says string
		value      *float64
	}{{"schedule", "behind the plan: SPI", v.ScheduleIndex()}, {"cost", "dearer than planned: CPI", v.CostIndex()}} {
		if index.value == nil || *index.value >= indexAmber {
			continue
		}
		health := HealthAmber
		if *index.value < indexRed {
			health = HealthRed
		}
		reasons = append(reasons, HealthReason{index.kind, health, fmt.Sprintf("%s %.2f", index.says, *index.value)})
	}
	return reasons
}

// ageReasons compares the age of the work since it was pulled with the service level expectation of its plan.
func (r *Request) ageReasons(now time.Time) []HealthReason {
	amber, red := r.agePast()
	switch {
	case amber.IsZero() || amber.After(now):
		return nil
	case red.After(now):
		return []HealthReason{{"age", HealthAmber, "older than the expectation of the plan: " + r.Plan.Expectation.Words()}}
	}
	return []HealthReason{{"age", HealthRed, fmt.Sprintf("more than %g times as old as the expectation of the plan: %s", agePastRed, r.Plan.Expectation.Words())}}
}

// agePast is when the work is older than expected, and much older; zero without an expectation.
func (r *Request) agePast() (amber, red time.Time) {
	if r.Plan.Expectation == nil || r.Plan.Expectation.Days <= 0 || r.PulledAt.IsZero() {
		return time.Time{}, time.Time{}
	}
	expected := time.Duration(r.Plan.Expectation.Days) * 24 * time.Hour
	return r.PulledAt.Add(expected), r.PulledAt.Add(time.Duration(float64(expected) * agePastRed))
}

// HealthDue is the next moment at which the rule may give another colour although nobody does anything; zero if none is to come.
func (r *Request) HealthDue(now time.Time) time.Time {
	if !r.assesses() {
		return time.Time{}
	}
	amber, red := r.agePast()
	moments := []time.Time{amber, red}
	for _, d := range r.planDays() {
		moments = append(moments, d.at)
	}
	for _, i := range r.OpenRaid() {
		moments = append(moments, r.calendar().EndOf(i.Due))
	}
	var next time.Time
	for _, at := range moments {
		if at.After(now) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}
