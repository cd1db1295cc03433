package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/calendar"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
)

// Admit checks the form, chooses portfolio and lane, assesses the severity and fixes the numbers that apply to the request. The
// caller adds what does not come from the policy: number, similar requests and forecast.
func (p *Policy) Admit(content pmo.Content, dir *directory.Directory) pmo.Admission {
	f := facts{content: content}
	portfolio := p.doc.Portfolios[p.pick("portfolios", len(p.doc.Portfolios), f.known())].ID
	severity, chosen := p.assess(content)
	lane := p.doc.Lanes[chosen]
	f.severity, f.lane = p.doc.Severity[severity].Severity, string(lane.Lane)
	return pmo.Admission{
		Portfolio: portfolio, Lane: lane.Lane, LaneReason: lane.Because, Severity: f.severity,
		Missing: p.gaps(f, dir), Rules: p.rules(lane.Lane, portfolio),
	}
}

// pick falls back to the last entry, which has no condition: a failing condition must not fail intake. Parse has tried
// every condition, so this happens only with unforeseen values.
func (p *Policy) pick(list string, n int, known map[string]any) int {
	i, err := p.first(list, n, known)
	if err != nil {
		return n - 1
	}
	return i
}

func (p *Policy) rules(lane pmo.Lane, portfolio string) pmo.Rules {
	r := pmo.Rules{
		Policy: p.Name(), Material: slices.Clone(p.doc.Material), Tolerance: p.doc.Execution.Tolerance,
		ReportEvery: elapsed(p.doc.Execution.ReportEvery), ReconfirmAfter: elapsed(p.doc.Reconfirm.After),
		DeferAtMost:  elapsed(p.doc.Review.DeferAtMost),
		AutoApproach: slices.Contains(p.doc.Approach.AutoAcceptLanes, lane),
		NeedsSponsor: slices.Contains(p.doc.Intake.SponsorLanes, lane), ClarifyRounds: p.doc.Intake.ClarifyRounds,
		ReconfirmRounds: p.doc.Reconfirm.Rounds, ExceptionRounds: p.doc.Exceptions.Rounds,
	}
	if needs := p.ScoreInputs(portfolio); !slices.Equal(needs, pmo.ScoreInputs()) {
		r.ScoreInputs = needs
	}
	if slices.Contains(p.doc.Closure.BenefitLanes, lane) {
		r.BenefitAfter = elapsed(p.doc.Closure.BenefitAfter)
	}
	return r
}

// elapsed is for durations Parse has checked not to be working time.
func elapsed(d calendar.Duration) time.Duration {
	t, _ := d.Fixed()
	return t
}

// gaps lists what the policy wants and the form does not give.
func (p *Policy) gaps(f facts, dir *directory.Directory) []pmo.Gap {
	var gaps []pmo.Gap
	known := f.known()
	for _, field := range p.fields(f.content.Kind) {
		if field.Need == NeedOptional {
			continue
		}
		asked, err := p.holds(field.path+".when", known)
		if err != nil || !asked || filled(f.content, field.Field) {
			continue
		}
		gaps = append(gaps, pmo.Gap{Field: field.Field, Why: field.Ask})
	}
	if s := f.content.Sponsor; s != "" && dir != nil {
		if _, known := dir.Principal(s); !known {
			gaps = append(gaps, pmo.Gap{Field: "sponsor", Why: fmt.Sprintf("Nobody is known as %q; who stands behind it?", s)})
		}
	}
	return gaps
}

type fieldAt struct {
	FieldDoc
	path string
}

// fields are the questions of the form: those for every kind, and those of this kind.
func (p *Policy) fields(kind string) []fieldAt {
	var list []fieldAt
	for i, f := range p.doc.Intake.Fields {
		list = append(list, fieldAt{f, fmt.Sprintf("intake.fields[%d]", i)})
	}
	for i, k := range p.doc.Intake.Kinds {
		if k.ID != kind {
			continue
		}
		for j, f := range k.Fields {
			list = append(list, fieldAt{f, fmt.Sprintf("intake.kinds[%d].fields[%d]", i, j)})
		}
	}
	return list
}

// Fields lists what the form asks for a kind, in order, with help texts.
func (p *Policy) Fields(kind string) []FieldDoc {
	var list []FieldDoc
	for _, f := range p.fields(kind) {
		list = append(list, f.FieldDoc)
	}
	return list
}

// placeholders are texts without information.
var placeholders = []string{"-", "--", "?", ".", "n/a", "na", "n.a.", "none", "tbd", "tbc", "unknown", "see above", "see attachment", "see attached", "as above", "same"}

// filled reports whether a field has content of its own: placeholders and a copy of the title or of another field do not count.
func filled(c pmo.Content, field string) bool {
	switch field {
	case "baseline":
		return c.Baseline.Known()
	case "size":
		return c.Size > 0
	case "themes":
		return len(c.Themes) > 0
	case "objectives":
		return len(c.Objectives) > 0
	case "skills":
		return len(c.Skills) > 0
	case "resources":
		return len(c.Resources) > 0
	case "second_team":
		return c.SecondTeam.Needed()
	case "needs":
		return len(c.Needs) > 0
	case "inputs":
		return len(c.Inputs.Missing(pmo.ScoreInputs())) == 0
	case "context":
		return !reflect.ValueOf(c.Context).IsZero()
	case "confidential":
		return true
	}
	text := plain(textOf(c, field))
	if text == "" || slices.Contains(placeholders, text) {
		return false
	}
	repeats := field == "problem" && text == plain(c.Title) || field == "outcome" && (text == plain(c.Title) || text == plain(c.Problem)) ||
		field == "success_measure" && (text == plain(c.Outcome) || text == plain(c.Problem))
	return !repeats
}

// plain is the text as it is compared: a copy in capitals, or typed on another system, is a copy.
func plain(text string) string { return strings.Join(strings.Fields(cleantext.Fold(text)), " ") }

func textOf(c pmo.Content, field string) string {
	switch field {
	case "title":
		return c.Title
	case "kind":
		return c.Kind
	case "class":
		return string(c.Class)
	case "sponsor":
		return c.Sponsor
	case "wanted_by":
		return string(c.WantedBy)
	case "urgency":
		return c.Urgency
	}
	for _, t := range longTexts {
		if t.field == field {
			return t.of(c)
		}
	}
	return ""
}

// Route is the way through review for a request, from the first route whose condition holds.
func (p *Policy) Route(in pmo.RouteInput) (pmo.Route, error) {
	f := facts{content: in.Content, severity: in.Severity, lane: string(in.Lane), portfolio: in.Portfolio, requester: in.Requester}
	if in.Proposed {
		proposed := p.Admit(in.Content, nil)
		f.severity, f.lane = proposed.Severity, string(proposed.Lane)
	}
	i, err := p.first("review.routes", len(p.doc.Review.Routes), f.known())
	if err != nil {
		return pmo.Route{}, fmt.Errorf("choose the way through review: %w", err)
	}
	doc := p.doc.Review.Routes[i]
	route := pmo.Route{Policy: p.Name(), Reason: doc.Because}
	for _, step := range doc.Steps {
		route.Steps = append(route.Steps, pmo.RouteStep{Group: step.Group, Order: max(step.Order, 1), Quorum: step.Quorum.quorum()})
	}
	return route, nil
}

func (q QuorumDoc) quorum() pmo.Quorum {
	reject := q.Reject
	if reject == "" {
		reject = pmo.RejectOutOfReach
	}
	return pmo.Quorum{Mode: q.Mode, N: q.N, Reject: reject, RejectN: q.RejectN, AbstainCounts: q.AbstainCounts}
}
