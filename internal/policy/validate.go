package policy

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"leanpmo/internal/approach"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/pmo"
)

// What a request may hold, besides pmo.MaxTitle and pmo.MaxFormText. Texts count in characters.
const (
	maxShort = 200
	maxItems = 20
	maxSize  = 1000 // team-weeks: some twenty years of one team
	maxScore = 1000
)

// FieldFault is an error in a submitted field.
type FieldFault struct {
	Pointer string `json:"pointer"` // JSON pointer into the content
	Problem string `json:"problem"` // never repeats the value
}

// Urgencies lists the urgencies a requester may choose.
func Urgencies() []string { return []string{"flexible", "soon", "critical"} }

// Criticalities lists what a failure of the result may cost, the least first.
func Criticalities() []string { return answersTo("criticality") }

var longTexts = []struct {
	field string
	of    func(pmo.Content) string
}{
	{"problem", func(c pmo.Content) string { return c.Problem }},
	{"outcome", func(c pmo.Content) string { return c.Outcome }},
	{"success_measure", func(c pmo.Content) string { return c.SuccessMeasure }},
	{"users", func(c pmo.Content) string { return c.Users }},
	{"wanted_cause", func(c pmo.Content) string { return c.WantedCause }},
	{"others_to_act", func(c pmo.Content) string { return c.OthersToAct }},
	{"workaround", func(c pmo.Content) string { return c.Workaround }},
}

type validator struct{ faults []FieldFault }

func (v *validator) check(ok bool, pointer, format string, args ...any) {
	if !ok {
		v.faults = append(v.faults, FieldFault{pointer, fmt.Sprintf(format, args...)})
	}
}

// Validate lists the faults of a form that need no person to find. What is only missing becomes a question later, see Admit.
func (p *Policy) Validate(c pmo.Content) []FieldFault {
	v := &validator{}
	v.texts(c)
	v.choices(p, c)
	v.numbers(c)
	fault := p.SizeFault(c.Size)
	v.check(fault == "", "/size", "%s", fault)
	v.faults = append(v.faults, p.ValidateInputs(c.Inputs, "/inputs")...)
	p.required(v, c)
	return v.faults
}

func (v *validator) texts(c pmo.Content) {
	v.check(cleantext.Shows(c.Title), "/title", "is missing")
	v.check(utf8.RuneCountInString(c.Title) <= pmo.MaxTitle, "/title", "is longer than %d characters", pmo.MaxTitle)
	v.check(!strings.ContainsFunc(c.Title, breaksLine), "/title", "is one line without control characters")
	v.check(len(c.Sponsor) <= maxShort, "/sponsor", "is not a principal id")
	for _, t := range longTexts {
		v.check(utf8.RuneCountInString(t.of(c)) <= pmo.MaxFormText, "/"+t.field, "is longer than %d characters", pmo.MaxFormText)
	}
}

// breaksLine reports whether r is a control character or separates lines or paragraphs.
func breaksLine(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) }

func (v *validator) choices(p *Policy, c pmo.Content) {
	kinds := p.Kinds()
	if c.Kind == "" {
		v.check(false, "/kind", "is missing: one of %s", strings.Join(kinds, ", "))
	} else {
		v.check(slices.Contains(kinds, c.Kind), "/kind", "is not one of %s%s", strings.Join(kinds, ", "), cleantext.DidYouMean(c.Kind, kinds))
	}
	fault := p.ClassFault(c.Class)
	v.check(fault == "", "/class", "%s", fault)
	v.check(c.Urgency == "" || slices.Contains(Urgencies(), c.Urgency), "/urgency", "is not one of %s", strings.Join(Urgencies(), ", "))
	v.check(c.WantedBy.Valid(), "/wanted_by", "is not a date like 2027-03-31")
	v.context(c.Context)
	themes := p.Themes()
	v.list("/themes", c.Themes, func(theme string) string {
		if slices.Contains(themes, theme) {
			return ""
		}
		return "is not one of " + strings.Join(themes, ", ") + cleantext.DidYouMean(theme, themes)
	})
	objectives := p.ObjectiveIDs()
	v.list("/objectives", c.Objectives, func(id string) string {
		switch {
		case slices.Contains(objectives, id):
			return ""
		case len(objectives) == 0:
			return "is no objective: the policy has none"
		}
		return "is not one of " + strings.Join(objectives, ", ") + cleantext.DidYouMean(id, objectives)
	})
	v.skills("/skills", c.Skills)
	v.skills("/second_team/skills", c.SecondTeam.Skills)
	share := c.SecondTeam.ShareFault()
	v.check(share == "", "/second_team/share", "%s", share)
	for i := range c.Resources[:min(len(c.Resources), maxItems)] {
		fault := pmo.ResourceFault(c.Resources, i)
		v.check(fault == "", fmt.Sprintf("/resources/%d", i), "%s", fault)
	}
	v.list("/needs", c.Needs, func(ref string) string {
		if _, ok := pmo.RefNumber(ref); ok {
			return ""
		}
		return "is no number of a request, such as R-7"
	})
}

// ContextFaults lists what is wrong with the kind, the size and the answers about the work, by JSON pointer.
func (p *Policy) ContextFaults(c pmo.Content) []FieldFault {
	v := &validator{}
	kinds := p.Kinds()
	v.check(c.Kind == "" || slices.Contains(kinds, c.Kind), "/kind", "is not one of %s%s", strings.Join(kinds, ", "), cleantext.DidYouMean(c.Kind, kinds))
	v.context(c.Context)
	v.numbers(c)
	return v.faults
}

// context checks the answers that are words.
func (v *validator) context(w pmo.WorkContext) {
	for field, answer := range map[string]string{"criticality": w.Criticality, "nature": w.Nature, "stable_team": w.StableTeam, "buy_in": w.BuyIn, "trust": w.Trust,
		"decision_power": w.DecisionPower, "experience": w.Experience, "customer_access": w.CustomerAccess, "clear_what": w.ClearWhat, "clear_how": w.ClearHow} {
		values := answersTo(field)
		v.check(answer == "" || slices.Contains(values, answer), "/context/"+field, "is not one of %s", strings.Join(values, ", "))
	}
	v.list("/context/dont_know", w.DontKnow, func(name string) string {
		if approach.QuestionNamed(name) != nil {
			return ""
		}
		return "is not a question about the work" + cleantext.DidYouMean(name, ids(approach.Questions(), func(q approach.Question) string { return q.Name }))
	})
}

// answersTo are the words that a question takes.
func answersTo(question string) []string {
	return ids(approach.QuestionNamed(question).Options, func(o approach.Option) string { return o.Value })
}

// skillFault says what is wrong with a skill, or nothing.
func skillFault(skill string) string {
	if cleantext.Shows(skill) && utf8.RuneCountInString(skill) <= maxShort {
		return ""
	}
	return fmt.Sprintf("is a word of 1 to %d characters", maxShort)
}

// TeamFaults lists what is wrong with the words and the absences of a team, by JSON pointer; before is the team as it is. The door knows its people
// and its portfolio.
func TeamFaults(t, before pmo.Team) []FieldFault {
	v := &validator{}
	v.check(!strings.ContainsFunc(t.Name, breaksLine), "/name", "is one line without control characters")
	for i, skill := range t.Skills {
		fault := skillFault(skill)
		v.check(fault == "", fmt.Sprintf("/skills/%d", i), "%s", fault)
	}
	v.levels("/skills", t.Skills)
	for i, approach := range t.Approaches {
		v.check(slices.Contains(pmo.Approaches(), approach), fmt.Sprintf("/approaches/%d", i), "is not one of %s%s",
			strings.Join(pmo.Approaches(), ", "), cleantext.DidYouMean(approach, pmo.Approaches()))
	}
	for field, fault := range t.PeopleFaults() {
		v.check(false, field, "%s", fault)
	}
	for _, fault := range t.AbsenceFaults(before.Absences) {
		v.check(false, fmt.Sprintf("/absences/%d/%s", fault.Index, fault.Field), "%s", fault.Why)
	}
	for i, a := range t.Absences {
		v.check(!strings.ContainsFunc(a.Reason, breaksLine), fmt.Sprintf("/absences/%d/reason", i), "is one line without control characters")
	}
	return v.faults
}

// skills checks skills and their levels.
func (v *validator) skills(pointer string, skills []string) {
	v.list(pointer, skills, skillFault)
	v.levels(pointer, skills)
}

func (v *validator) levels(pointer string, skills []string) {
	for i := range skills[:min(len(skills), maxItems)] {
		fault := pmo.SkillsFault(skills, i)
		v.check(fault == "", fmt.Sprintf("%s/%d", pointer, i), "%s", fault)
	}
}

// ClassFault says what is wrong with a class of service, or nothing; none is the standard class.
func (p *Policy) ClassFault(class pmo.ClassOfService) string {
	if classes := p.Classes(); class != "" && !slices.Contains(classes, class) {
		return fmt.Sprintf("is not one of %v", classes)
	}
	return ""
}

func (v *validator) list(pointer string, items []string, wrong func(string) string) {
	v.check(len(items) <= maxItems, pointer, "has more than %d entries", maxItems)
	for i, item := range items[:min(len(items), maxItems)] {
		at := fmt.Sprintf("%s/%d", pointer, i)
		problem := wrong(item)
		v.check(problem == "", at, "%s", problem)
		v.check(!slices.Contains(items[:i], item), at, "is listed twice")
	}
}

func (v *validator) numbers(c pmo.Content) {
	b, w := c.Baseline, c.Context
	for _, n := range []struct {
		pointer string
		value   float64
		most    float64
	}{
		{"/size", c.Size, maxSize}, {"/baseline/volume_per_month", b.VolumePerMonth, 1e9}, {"/baseline/minutes_each", b.MinutesEach, 1e6},
		{"/baseline/people", float64(b.People), 1e10}, {"/baseline/money_per_year", b.MoneyPerYear, 1e13},
		{"/context/people", float64(w.People), 1e6},
		{"/context/change_per_month", value(w.ChangePerMonth), 100}, {"/context/unplanned_share", value(w.UnplannedShare), 100},
		{"/context/on_chaos", value(w.OnChaos), 100}, {"/context/level_1b", value(w.Level1B), 100}, {"/context/level_2_up", value(w.Level2Up), 100},
	} {
		v.check(n.value >= 0 && n.value <= n.most, n.pointer, "lies between 0 and %g", n.most) // NaN fails both
	}
}

func value(n *float64) float64 {
	if n == nil {
		return 0
	}
	return *n
}

// SizeFault says what is wrong with a size that lies within the limits of every policy, or nothing; 0 is unknown.
func (p *Policy) SizeFault(size float64) string {
	if least := p.doc.Intake.LeastSize; size > 0 && size < least {
		return fmt.Sprintf("is at least %g team-weeks, or 0 while it is not known", least)
	}
	return ""
}

// ValidateInputs lists what is wrong with the inputs of a score; at is their JSON pointer. Where the policy states a scale, they are on it.
func (p *Policy) ValidateInputs(in pmo.Inputs, at string) []FieldFault {
	v := &validator{}
	scale := p.doc.Scoring.Scale
	for _, n := range in.Each() {
		switch {
		case n.Value == nil:
		case len(scale) > 0 && n.OnScale():
			v.check(slices.Contains(scale, *n.Value), at+"/"+n.Name, "is one of %s", scaleWords(scale))
		default:
			v.check(*n.Value >= n.Least && *n.Value <= n.Most, at+"/"+n.Name, "lies between %g and %g", n.Least, n.Most)
		}
	}
	v.check(in.MoSCoW == "" || slices.Contains(pmo.MoSCoWWords(), in.MoSCoW), at+"/moscow", "is one of %s", strings.Join(pmo.MoSCoWWords(), ", "))
	return v.faults
}

func scaleWords(scale []float64) string {
	words := make([]string, len(scale))
	for i, value := range scale {
		words[i] = fmt.Sprintf("%g", value)
	}
	return strings.Join(words, ", ")
}

// required are the fields the policy requires; title and kind were checked before.
func (p *Policy) required(v *validator, c pmo.Content) {
	for _, field := range p.fields(c.Kind) {
		if field.Need != NeedRequired || field.Field == "title" || field.Field == "kind" {
			continue
		}
		asked, err := p.holds(field.path+".when", facts{content: c}.known())
		v.check(err != nil || !asked || filled(c, field.Field), "/"+field.Field, "is needed: %s", field.Ask)
	}
}
