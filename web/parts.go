package web

import (
	"math"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

// Parts are what the templates of parts.html get: a value and the reader it is written for.
type (
	controlPart struct {
		Control control
		Page    *reader
	}
	controlsPart struct {
		Controls []control
		Others   []string // faults that belong to no control
		Page     *reader
	}
	itemPart struct {
		Item   wire.InboxItem
		Page   *reader
		Choose bool // it may be chosen to be answered with others
		Full   bool // with what the reader can note
	}
	claimsPart struct {
		Claims []wire.Claim
		Page   *reader
	}
	rowsPart struct {
		Items  []wire.RequestItem
		Page   *reader
		Choose bool // each has a box of the form "together"
	}
	burnUpPart struct {
		Chart *burnUpChart
		Page  *reader
	}
	stuckPart struct {
		wire.Stuck
		Page *reader
	}
	conditionsPart struct {
		List []conditionRow
		Page *reader
	}
	workedPart struct {
		Example *workedExample
		Page    *reader
	}
	pointsPart struct {
		Chart *pointChart
		Page  *reader
	}
	entriesPart struct {
		Entries []wire.LedgerEntry
		Page    *reader
	}
	loadPart struct {
		Team wire.TeamLoad
		Page *reader
	}
	weeksPart struct {
		Chart *weeksChart
		Page  *reader
	}
	filtersPart struct {
		Filters filterView
		Page    *reader
	}
	calibrationPart struct {
		Chart *calibrationChart
		Label string // the id of its heading
		Page  *reader
	}
	sharesPart struct {
		Rows    []shareRow
		Label   string // the id of its heading
		Targets bool   // some of them have one
		Page    *reader
	}
	objectivePart struct {
		Objective strategy.ObjectiveNow
		Page      *reader
	}
	guardrailsPart struct {
		List []guardrailRow
		Page *reader
	}
	waitedPart struct {
		Waiting wire.GroupsWaiting
		Page    *reader
	}
	expectedPart struct {
		Items []flow.Expectation
		Of    string // team, kind or theme
		Page  *reader
	}
	picturePart struct {
		Picture *forecastPicture
		Page    *reader
	}
)

// forReader is a page or a reader: templates pass both.
type forReader interface{ self() *reader }

func (t *reader) self() *reader { return t }

type accessPart struct {
	Rows accessRows
	Page *reader
}

// chatFieldsPart are the fields of a form for a chat's address; the name tells forms apart.
type chatFieldsPart struct {
	Name string
	View chatView
	Page *reader
}

type playbookPart struct {
	Book *wire.Playbook
	Page *reader
}

// partFunctions make the parts in templates.
var partFunctions = map[string]any{
	"pair":     func(c control, t forReader) controlPart { return controlPart{c, t.self()} },
	"controls": func(c []control, t forReader) controlsPart { return controlsPart{Controls: c, Page: t.self()} },
	"faults": func(c []control, others []string, t forReader) controlsPart {
		return controlsPart{c, others, t.self()}
	},
	"item": func(i wire.InboxItem, t forReader) itemPart { return itemPart{Item: i, Page: t.self()} },
	"choosable": func(i wire.InboxItem, choose bool, t forReader) itemPart {
		return itemPart{Item: i, Page: t.self(), Choose: choose, Full: true}
	},
	"similar": func(found wire.SimilarRequests, t forReader) similarPart {
		return similarPart{found.Similar, found.Lessons, t.self()}
	},
	"lessons": func(list []wire.Learned, t forReader) similarPart { return similarPart{nil, list, t.self()} },
	"claims":  func(c []wire.Claim, t forReader) claimsPart { return claimsPart{c, t.self()} },
	"depends": func(list []wire.Dependency, t forReader) dependencyPart { return dependencyPart{list, t.self()} },
	"shares": func(rows []shareRow, label string, t forReader) sharesPart {
		return sharesPart{rows, label, slices.ContainsFunc(rows, func(r shareRow) bool { return r.Target != nil }), t.self()}
	},
	"guardrails": func(flags []strategy.GuardrailFlag, t forReader) guardrailsPart {
		return guardrailsPart{guardrailRows(t.self(), flags), t.self()}
	},
	"objective": func(o strategy.ObjectiveNow, t forReader) objectivePart { return objectivePart{o, t.self()} },
	"ranked":    func(r any, t forReader) rankedPart { return newRankedPart(r, t.self()) },
	"rows":      func(i []wire.RequestItem, t forReader) rowsPart { return rowsPart{Items: i, Page: t.self()} },
	"choosablerows": func(i []wire.RequestItem, t forReader) rowsPart {
		return rowsPart{Items: i, Page: t.self(), Choose: true}
	},
	"burnup":   func(c *burnUpChart, t forReader) burnUpPart { return burnUpPart{c, t.self()} },
	"stuck":    func(s wire.Stuck, t forReader) stuckPart { return stuckPart{s, t.self()} },
	"playbook": func(b *wire.Playbook, t forReader) playbookPart { return playbookPart{b, t.self()} },
	"standing": func(r *wire.Request, t forReader) standingPart { return standingPart{r, t.self()} },
	"suitability": func(f wire.ApproachFilter, d wire.ApproachDimensions, t forReader) suitabilityPart {
		return newSuitabilityPart(f, d, t.self())
	},
	"planchanges": func(c []wire.PlanChange, t forReader) planChangesPart { return planChangesPart{c, t.self()} },
	"conditions":  func(c []conditionRow, t forReader) conditionsPart { return conditionsPart{c, t.self()} },
	"points":      func(c *pointChart, t forReader) pointsPart { return pointsPart{c, t.self()} },
	"worked":      func(x *workedExample, t forReader) workedPart { return workedPart{x, t.self()} },
	"entries":     func(e []wire.LedgerEntry, t forReader) entriesPart { return entriesPart{e, t.self()} },
	"weeks":       func(w *weeksChart, t forReader) weeksPart { return weeksPart{w, t.self()} },
	"load":        func(l wire.TeamLoad, t forReader) loadPart { return loadPart{l, t.self()} },
	"discussion":  func(d discussion, t forReader) discussionPart { return discussionPart{d, t.self()} },
	"accessrows":  func(rows accessRows, t forReader) accessPart { return accessPart{rows, t.self()} },
	"chatfields":  func(name string, v chatView, t forReader) chatFieldsPart { return chatFieldsPart{name, v, t.self()} },
	"filters":     func(f filterView, t forReader) filtersPart { return filtersPart{f, t.self()} },
	"difference":  func(d *policy.RulesDifference, t forReader) differencePart { return newDifference(d, t.self()) },
	"waits":       func(c *waitChart, says string, t forReader) waitsPart { return waitsPart{c, says, t.self()} },
	"wait":        func(d waitDot, label string, t forReader) waitPart { return waitPart{d, label, t.self()} },
	"simulated": func(name string, v wire.Confident, t forReader) confidentPart {
		return confidentPart{name, v, t.self()}
	},
	"simulatedChart": func(id string, c *simulatedChart, t forReader) simulatedChartPart {
		return simulatedChartPart{id, c, t.self()}
	},
	"effect": func(e *wire.PolicyEffect, t forReader) effectPart { return newEffect(e, t.self()) },
	"calibrated": func(c *calibrationChart, label string, t forReader) calibrationPart {
		return calibrationPart{c, label, t.self()}
	},
	"waited": func(w wire.GroupsWaiting, t forReader) waitedPart { return waitedPart{w, t.self()} },
	"expected": func(items []flow.Expectation, of string, t forReader) expectedPart {
		return expectedPart{items, of, t.self()}
	},
	"picture": func(p *forecastPicture, t forReader) picturePart { return picturePart{p, t.self()} },
}

// Name is the name of the team, kind or theme that an expectation is about.
func (p expectedPart) Name(id string) string {
	switch p.Of {
	case "kind":
		return p.Page.KindName(id)
	case "theme":
		return p.Page.ThemeName(id)
	}
	return p.Page.TeamName(id)
}

// DoneBy is when a request is done with 85 percent; nil where that is not known.
func (p rowsPart) DoneBy(f *wire.Forecast) *Moment {
	if f == nil || f.CannotForecast || f.P85 == "" {
		return nil
	}
	day := p.Page.Day(f.P85)
	return &day
}

// Says is why a request does not go on, in words.
func (p stuckPart) Says(r wire.StuckRequest) string {
	return p.Page.T("stuck."+string(r.Why), "n", p.Page.Days(r.UsualDays), "stage", p.Page.Word("stage", r.Stage))
}

// Mine reports whether the reader has said that they are on it.
func (p itemPart) Mine() bool { return p.Item.Note != nil && p.Item.Note.Claimed != nil }

// Overdue reports whether a moment has passed.
func (t *reader) Overdue(at time.Time) bool { return !at.IsZero() && at.Before(t.now) }

// OverdueAt is Overdue for a moment that may be absent.
func (t *reader) OverdueAt(at *time.Time) bool { return at != nil && t.Overdue(*at) }

// Age is how long something has been where it is, as a word for colour and text: fresh up to two weeks, ageing up to six, then old.
func (t *reader) Age(since time.Time) string {
	switch age := t.now.Sub(since); {
	case age < ageingAfter:
		return "fresh"
	case age < oldAfter:
		return "ageing"
	}
	return "old"
}

// How long a request is in its stage before it counts as ageing, and as old.
const (
	ageingAfter = 14 * 24 * time.Hour
	oldAfter    = 42 * 24 * time.Hour
)

// Expedited reports whether a class of service overtakes others, which a list then marks.
func (t *reader) Expedited(class string) bool {
	return class == string(priority.Expedite) || class == string(priority.FixedDate)
}

// Share is the part of a length that n is of the whole, at most all of it.
func (t *reader) Share(n, whole, length float64) float64 {
	if whole <= 0 {
		return 0
	}
	return tenth(length * math.Min(1, math.Max(0, n/whole)))
}

// Portion is Share of whole numbers.
func (t *reader) Portion(n, whole int, length float64) float64 {
	return t.Share(float64(n), float64(whole), length)
}

// Destination is where a move leads, in words.
func (t *reader) Destination(to string) string {
	if to == toHold || to == toClosed {
		return t.T("move." + to)
	}
	return t.Word("stage", to)
}

// Days says a length of time given in days: in days or, where it is shorter, in hours or minutes.
func (t *reader) Days(days float64) string {
	hours := days * 24
	switch {
	case hours < 1:
		return t.T("length.minutes", "n", math.Round(hours*60))
	case days < 1:
		return t.T("length.hours", "n", math.Round(hours))
	case days < 1.05:
		return t.T("length.day")
	case days < 10:
		return t.T("flow.n_days", "n", t.Number(days))
	}
	return t.T("flow.n_days", "n", math.Round(days))
}

// Percent writes a share of one in percent.
func (t *reader) Percent(share float64) string { return t.Number(share*100) + " %" }

// Whole writes a large number without decimals.
func (t *reader) Whole(n float64) string { return t.Number(math.Round(n)) }

// Odds are a chance in percent, in whole numbers: more digits would be noise.
func (t *reader) Odds(chance float64) string {
	if chance > 0 && chance < 0.01 {
		return "< 1 %"
	}
	return t.Number(math.Round(chance*100)) + " %"
}

// Baseline says how things are today in one line.
func (t *reader) Baseline(b pmo.Baseline) string {
	var parts []string
	if b.VolumePerMonth > 0 {
		parts = append(parts, t.T("baseline.volume", "n", t.Number(b.VolumePerMonth)))
	}
	if b.MinutesEach > 0 {
		parts = append(parts, t.T("baseline.minutes", "n", t.Number(b.MinutesEach)))
	}
	if b.People > 0 {
		parts = append(parts, t.T("baseline.people", "n", b.People))
	}
	if b.MoneyPerYear > 0 {
		parts = append(parts, t.T("baseline.money", "n", t.Number(b.MoneyPerYear)))
	}
	return strings.Join(parts, " · ")
}

// Unsaid is a sentence, without its full stop, that another text does not say already; empty where it does.
func (t *reader) Unsaid(sentence, text string) string {
	if strings.Contains(text, sentence) {
		return ""
	}
	return sentence
}

// SecondTeam says what a second team does of a request.
func (t *reader) SecondTeam(s pmo.SecondTeam) string {
	_, share := s.Sizes(1)
	words := t.T("second_team.share", "share", t.Percent(share))
	if len(s.Skills) > 0 {
		words += ": " + strings.Join(s.Skills, ", ")
	}
	return words
}

// Given reports whether a control has a value.
func (c control) Given() bool { return c.Value != "" || len(c.Values) > 0 }

// Shown is the value of a control in words.
func (c control) Shown(t forReader) string {
	switch c.Type {
	case typeFlag:
		return t.self().T("yes")
	case typeDate:
		return t.self().Day(pmo.Date(c.Value)).Exact
	case typeChoice, typeChecks:
		var labels []string
		for _, o := range c.Choices {
			if c.Chosen(o.Value) {
				labels = append(labels, o.Label)
			}
		}
		return strings.Join(labels, ", ")
	}
	return c.Value
}

// All are all controls of the form.
func (v submitView) All() []control { return append(append([]control{}, v.Asked...), v.More...) }
