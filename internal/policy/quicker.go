package policy

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"leanpmo/internal/pmo"
)

// Quicker says in sentences what the requester can do to be quicker: which single fact of the form, stated or changed, would lead to a lane
// with less process, and which to another severity. It asks the policy's own rules: every fact that they mention is tried with the values
// at which they may decide otherwise, and the sentences are those of the rules.
func (p *Policy) Quicker(c pmo.Content) []string {
	t := p.tryout(c)
	severity, lane := t.severity, t.lane
	lighter, assessed := map[int][]string{}, map[int][]string{}
	for _, f := range p.facts {
		byLane, bySeverity := t.tried(f)
		for i := range p.doc.Lanes {
			if words := f.valuesFor(byLane, i); words != "" && p.weight(i) < p.weight(lane) {
				lighter[i] = append(lighter[i], f.with(c, words))
			}
		}
		for i := range p.doc.Severity {
			if words := f.valuesFor(bySeverity, i); words != "" && p.doc.Severity[i].Severity != p.doc.Severity[severity].Severity {
				assessed[i] = append(assessed[i], f.with(c, words))
			}
		}
	}
	var sentences []string
	say := func(format string, args ...any) { sentences = append(sentences, fmt.Sprintf(format, args...)) }
	for _, i := range sortedKeys(lighter) {
		say("It would take the %s lane instead of %s, because %s: %s.", p.doc.Lanes[i].Lane, p.doc.Lanes[lane].Lane, p.doc.Lanes[i].Because, strings.Join(lighter[i], ", or "))
	}
	now := p.doc.Severity[severity]
	if len(assessed) > 0 {
		say("Its severity is %s, because %s.", now.Severity, now.Because)
	}
	for _, i := range sortedKeys(assessed) {
		say("Its severity would be %s instead of %s, because %s: %s.", p.doc.Severity[i].Severity, now.Severity, p.doc.Severity[i].Because, strings.Join(assessed[i], ", or "))
	}
	return sentences
}

// weight orders lanes from the one with the least process.
func (p *Policy) weight(lane int) int {
	return slices.Index([]pmo.Lane{pmo.LaneExpress, pmo.LaneStandard, pmo.LaneMajor}, p.doc.Lanes[lane].Lane)
}

// singleFact is one fact of the form with the values at which the rules may decide otherwise, in order.
type singleFact struct {
	variable
	words  string // with a value, in a sentence: "a size of %s team-weeks"
	stated func(pmo.Content) bool
	values []factValue
}

type factValue struct {
	number float64
	side   int    // of a number: just below it, at it, just above it
	text   string // of anything else
	set    func(*pmo.Content)
}

// with says what to state, and that nothing is stated yet.
func (f singleFact) with(c pmo.Content, words string) string {
	text := "with " + fmt.Sprintf(f.words, words)
	if !f.stated(c) {
		text += " (not stated yet)"
	}
	return text
}

// valuesFor says with which values the rules lead to a target: a range of numbers, or a list of texts. Empty: with none.
func (f singleFact) valuesFor(led []int, target int) string {
	first, last := slices.Index(led, target), -1
	if first < 0 {
		return ""
	}
	if f.values[first].text != "" {
		var list, others []string
		for i, v := range f.values {
			if led[i] == target {
				list = append(list, v.text)
			} else {
				others = append(others, v.text)
			}
		}
		if len(list) > 4 && len(others) > 0 && len(others) < len(list) {
			return "other than " + strings.Join(others, " or ")
		}
		return strings.Join(list, " or ")
	}
	for last = first; last+1 < len(led) && led[last+1] == target; last++ {
	}
	return rangeWords(f.values, first, last)
}

func rangeWords(values []factValue, first, last int) string {
	from, to := "", ""
	if first == last && first > 0 && values[first].side == 0 {
		return "exactly " + number(values[first].number)
	}
	if v := values[first]; first > 0 {
		from = map[bool]string{true: "more than ", false: "at least "}[v.side > 0] + number(v.number)
	}
	if v := values[last]; last < len(values)-1 {
		to = map[bool]string{true: "less than ", false: "at most "}[v.side < 0] + number(v.number)
	}
	switch {
	case from == "" && to == "":
		return "at least " + number(values[first].number)
	case from == "" || to == "":
		return from + to
	}
	return from + " and " + to
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// numberFacts are the numbers of the form that rules know: the words of a sentence, the variable, the least value that may be stated, the
// step between values, and how it is stated.
var numberFacts = []struct {
	words, variable string
	least, step     float64
	get             func(pmo.Content) float64
	set             func(*pmo.Content, float64)
}{
	{"a size of %s team-weeks", "size", 0.1, 0.01, func(c pmo.Content) float64 { return c.Size }, func(c *pmo.Content, n float64) { c.Size = n }},
	{"%s people affected", "people", 1, 1, func(c pmo.Content) float64 { return float64(c.Baseline.People) }, func(c *pmo.Content, n float64) { c.Baseline.People = int(n) }},
	{"%s of money per year", "money_per_year", 1, 1, func(c pmo.Content) float64 { return c.Baseline.MoneyPerYear }, func(c *pmo.Content, n float64) { c.Baseline.MoneyPerYear = n }},
	{"%s hours per month (volume per month and minutes each)", "baseline.hours_per_month", 1, 1, func(c pmo.Content) float64 { return c.Baseline.HoursPerMonth() },
		func(c *pmo.Content, n float64) { c.Baseline.VolumePerMonth, c.Baseline.MinutesEach = n, 60 }},
}

// textFacts are the other facts of the form that rules know, with the values that may be stated.
var textFacts = []struct {
	words, variable string
	values          func(d *Document, when string) []string
	get             func(pmo.Content) string
	set             func(*pmo.Content, string)
}{
	{"kind %s", "kind", func(d *Document, _ string) []string {
		return ids(d.Intake.Kinds, func(k KindDoc) string { return k.ID })
	},
		func(c pmo.Content) string { return c.Kind }, func(c *pmo.Content, s string) { c.Kind = s }},
	{"class of service %s", "class", func(d *Document, _ string) []string {
		return ids(d.Classes, func(k ClassDoc) string { return string(k.ID) })
	},
		func(c pmo.Content) string { return string(c.Class) }, func(c *pmo.Content, s string) { c.Class = pmo.ClassOfService(s) }},
	{"criticality %s", "criticality", func(*Document, string) []string { return Criticalities() },
		func(c pmo.Content) string { return c.Context.Criticality }, func(c *pmo.Content, s string) { c.Context.Criticality = s }},
	{"urgency %s", "urgency", func(*Document, string) []string { return Urgencies() },
		func(c pmo.Content) string { return c.Urgency }, func(c *pmo.Content, s string) { c.Urgency = s }},
	{"theme %s", "themes", func(_ *Document, when string) []string { return quoted(when) },
		func(c pmo.Content) string { return strings.Join(c.Themes, ",") }, func(c *pmo.Content, s string) { c.Themes = with(c.Themes, s) }},
	{"skill %s", "skills", func(_ *Document, when string) []string { return quoted(when) },
		func(c pmo.Content) string { return strings.Join(c.Skills, ",") }, func(c *pmo.Content, s string) { c.Skills = with(c.Skills, s) }},
	{"%s wanted date", "has_date", yesOrNo("a", "no"), func(c pmo.Content) string { return string(c.WantedBy) },
		func(c *pmo.Content, s string) {
			c.WantedBy = map[string]pmo.Date{"a": cmp.Or(c.WantedBy, "2099-12-31")}[s]
		}},
	{"%s sponsor", "has_sponsor", yesOrNo("a", "no"), func(c pmo.Content) string { return c.Sponsor },
		func(c *pmo.Content, s string) { c.Sponsor = map[string]string{"a": cmp.Or(c.Sponsor, "somebody")}[s] }},
	{"confidentiality %s", "confidential", yesOrNo("asked for", "not asked for"), func(pmo.Content) string { return "stated" },
		func(c *pmo.Content, s string) { c.Confidential = s == "asked for" }},
}

func yesOrNo(yes, no string) func(*Document, string) []string {
	return func(*Document, string) []string { return []string{yes, no} }
}

func ids[T any](list []T, id func(T) string) []string {
	out := make([]string, len(list))
	for i, element := range list {
		out[i] = id(element)
	}
	return out
}

func with(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(slices.Clone(list), s)
}

var quotedText = regexp.MustCompile(`"([^"]+)"|'([^']+)'`)

func quoted(when string) []string {
	var list []string
	for _, found := range quotedText.FindAllStringSubmatch(when, -1) {
		list = with(list, found[1]+found[2])
	}
	return list
}

// singleFacts lists the facts that the rules of lanes and severities mention, with the values to try.
func (p *Policy) singleFacts() []singleFact {
	whens := append(ids(p.doc.Lanes, func(l LaneRule) string { return l.When }), ids(p.doc.Severity, func(s SeverityRule) string { return s.When })...)
	var list []singleFact
	for _, f := range numberFacts {
		least := f.least
		if f.variable == "size" && p.doc.Intake.LeastSize > 0 {
			least = p.doc.Intake.LeastSize
		}
		if values := numbersNear(mentioning(whens, f.variable), f.variable, least, f.step, f.set); len(values) > 0 {
			list = append(list, singleFact{variable: variableOf(f.variable), words: f.words, stated: func(c pmo.Content) bool { return f.get(c) > 0 }, values: values})
		}
	}
	for _, f := range textFacts {
		found := mentioning(whens, f.variable)
		if len(found) == 0 {
			continue
		}
		fact := singleFact{variable: variableOf(f.variable), words: f.words, stated: func(c pmo.Content) bool { return f.get(c) != "" }}
		for _, value := range f.values(&p.doc, strings.Join(found, " ")) {
			fact.values = append(fact.values, factValue{text: value, set: func(c *pmo.Content) { f.set(c, value) }})
		}
		list = append(list, fact)
	}
	return list
}

// mentioning lists the conditions that mention a variable.
func mentioning(whens []string, variable string) []string {
	word := regexp.MustCompile(`(^|[^\w.])` + regexp.QuoteMeta(variable) + `($|\W)`)
	return slices.DeleteFunc(slices.Clone(whens), func(when string) bool { return !word.MatchString(quotedText.ReplaceAllString(when, `""`)) })
}

// numbersNear are the least value, and each number that a condition compares the variable with, and the values just below and just above it.
func numbersNear(whens []string, variable string, least, step float64, set func(*pmo.Content, float64)) []factValue {
	if len(whens) == 0 {
		return nil
	}
	value := func(n float64, side int) factValue {
		return factValue{number: n, side: side, set: func(c *pmo.Content) { set(c, n+float64(side)*step) }}
	}
	values := []factValue{value(least, 0)}
	for _, n := range comparedWith(strings.Join(whens, " ; "), variable) {
		if n > least {
			values = append(values, value(n, -1), value(n, 0), value(n, 1))
		}
	}
	return values
}

var numberText = regexp.MustCompile(`(?:^|[^\w.])(\d+(?:\.\d+)?)`)

// comparedWith lists, in order, the numbers that a condition compares a variable with; all its numbers, where it uses the variable otherwise.
func comparedWith(when, variable string) []float64 {
	name := regexp.QuoteMeta(variable)
	compared := regexp.MustCompile(`(?:^|[^\w.])(?:` + name + `\s*(?:[<>]=?|[!=]=)\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(?:[<>]=?|[!=]=)\s*` + name + `)`)
	rest, list := compared.ReplaceAllString(when, ""), []float64{}
	texts := compared.FindAllStringSubmatch(when, -1)
	if len(mentioning([]string{rest}, variable)) > 0 {
		texts = numberText.FindAllStringSubmatch(when, -1)
	}
	for _, text := range texts {
		if n, err := strconv.ParseFloat(strings.Join(text[1:], ""), 64); err == nil {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
