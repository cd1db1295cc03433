// Package playbooks has one page of advice for each way of working, in our own words: the first steps, cadence, roles, pitfalls, how progress is
// read, and what to do at the end. It is shown when it matters.
package playbooks

import (
	"embed"
	"fmt"
	"strings"
	"time"

	"leanpmo/internal/pmo"
)

//go:embed texts/*.md
var texts embed.FS

// The sections of a playbook, in its order.
const (
	FirstSteps = "first_steps"
	Cadence    = "cadence"
	Roles      = "roles"
	Pitfalls   = "pitfalls"
	Reading    = "reading" // how progress is read
	Closing    = "closing"
)

// Sections lists them.
func Sections() []string { return []string{FirstSteps, Cadence, Roles, Pitfalls, Reading, Closing} }

// Section is one part of a playbook.
type Section struct {
	Name  string
	Items []string
}

// Playbook is the advice for an approach in a language.
type Playbook struct {
	Approach string
	Language string
	Title    string
	Sections []Section
}

// Of reads the playbook of an approach: in that language, else in English. It fails for an approach that there is not.
func Of(approach, language string) (Playbook, error) {
	for _, lang := range []string{language, "en"} {
		if text, err := texts.ReadFile("texts/" + approach + "." + lang + ".md"); err == nil {
			p := parse(string(text))
			p.Approach, p.Language = approach, lang
			return p, nil
		}
	}
	return Playbook{}, fmt.Errorf("%q is no way of working", approach)
}

// parse reads a title, headings that name sections, and their items.
func parse(text string) (p Playbook) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "## "); ok {
			p.Sections = append(p.Sections, Section{Name: name})
		} else if title, ok := strings.CutPrefix(line, "# "); ok {
			p.Title = title
		} else if item, ok := strings.CutPrefix(line, "- "); ok && len(p.Sections) > 0 {
			last := &p.Sections[len(p.Sections)-1]
			last.Items = append(last.Items, item)
		}
	}
	return p
}

// Only is the playbook with these sections alone.
func (p Playbook) Only(names ...string) Playbook {
	var kept []Section
	for _, name := range names {
		for _, s := range p.Sections {
			if s.Name == name {
				kept = append(kept, s)
			}
		}
	}
	p.Sections = kept
	return p
}

// Times of the moments at which advice is due.
const (
	// startDays is how long the first steps are shown after work began.
	startDays = 2
	// reviewAhead is how many days before a review its advice is shown.
	reviewAhead = 2
	day         = 24 * time.Hour
)

// Moment is why advice is due.
type Moment string

// The moments; empty means none.
const (
	AtStart      Moment = "start"
	BeforeReview Moment = "review"
	AtClosure    Moment = "closure"
)

// Due is which advice a request needs now, and the sections that have it: when its plan is agreed on and work begins, before a review of its plan,
// and when the work is done.
func Due(r *pmo.Request, now time.Time) (Moment, []string) {
	switch {
	case r.Approach.Name() == "" || r.Status != pmo.StatusOpen || r.Delivered():
		return "", nil
	case r.Stage == pmo.StageClosure:
		return AtClosure, []string{Closing}
	case r.Stage != pmo.StageExecution || r.Plan == nil:
		return "", nil
	case r.StartedAt.IsZero() || now.Sub(r.StartedAt) < startDays*day:
		return AtStart, []string{FirstSteps, Roles, Pitfalls}
	case reviewSoon(r, now):
		return BeforeReview, []string{Cadence, Reading}
	}
	return "", nil
}

// reviewSoon reports whether a review of the plan is asked or at hand. A cadence of a few days is always.
func reviewSoon(r *pmo.Request, now time.Time) bool {
	if r.Process >= pmo.Process10 {
		due := r.PlanReviewDue()
		return r.OpenQuestionOf(pmo.KindPlanReview) != nil || !due.IsZero() && due.Sub(now) <= reviewAhead*day
	}
	// Before that nobody is asked for a review: it is counted from the beginning of work.
	every := time.Duration(r.Plan.ReviewDays) * day
	if every <= 0 {
		return false
	}
	return every-now.Sub(r.StartedAt)%every <= reviewAhead*day
}
