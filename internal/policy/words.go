package policy

import (
	"cmp"
	"fmt"
	"strings"

	"leanpmo/internal/pmo"
)

// Rule is one rule in plain words, without the expression of its condition.
type Rule struct {
	Text string `json:"text"`
	When string `json:"when,omitempty" doc:"The condition under which it applies, as the policy writes it"`

	words string // with the condition in its place
}

// Words writes the rules in plain words, a sentence each, in the order in which they apply to a request. Conditions stand in them as they are
// written.
func (p *Policy) Words() []string {
	var words []string
	for _, r := range p.Rules() {
		words = append(words, r.words)
	}
	return words
}

// Rules are the sentences of Words, each with its condition apart.
func (p *Policy) Rules() []Rule {
	rules := []Rule{always("Policy %s. %s", p.Name(), p.doc.About)}
	rules = append(rules, p.intakeRules()...)
	for _, l := range p.doc.Lanes {
		rules = append(rules, conditional(l.When, otherwise, "A request takes the %s lane", l.Lane).because(l.Because))
	}
	for _, s := range p.doc.Severity {
		rules = append(rules, conditional(s.When, otherwise, "Its severity is %s", s.Severity).because(s.Because+". The requested urgency does not count"))
	}
	for _, r := range p.doc.Review.Routes {
		rules = append(rules, conditional(r.When, otherwise, "Review goes to %s", steps(r.Steps)).because(r.Because))
	}
	for _, kind := range pmo.Kinds() {
		rules = append(rules, always("%s", p.askWords(kind)))
	}
	if judges := p.doc.Services.Judge; len(judges) > 0 {
		rules = append(rules, always("Of the services, %s may judge requests.", strings.Join(judges, ", ")))
	}
	rules = append(append(append(rules, p.strategyRules()...), p.objectiveRules()...), p.pointRules()...)
	for _, words := range append(p.limitWords(), p.numberWords()...) {
		rules = append(rules, always("%s", words))
	}
	return rules
}

// intakeRules say which portfolio takes a request, and what the forms ask for.
func (p *Policy) intakeRules() []Rule {
	var rules []Rule
	if len(p.doc.Portfolios) > 1 {
		for _, d := range p.doc.Portfolios {
			rules = append(rules, conditional(d.When, otherwise, "A request belongs to %s", d.Name).end("."))
		}
	}
	for _, k := range p.doc.Intake.Kinds {
		if wanted := wantedFields(k.Fields); wanted != "" {
			rules = append(rules, always("%s: the form asks for %s.", k.Name, wanted))
		}
		if k.Public {
			rules = append(rules, always("%s: people without an account may ask for it too, where the public form is switched on.", k.Name))
		}
		rules = append(rules, askedSometimes(k.Name+": the form", k.Fields)...)
	}
	return append(rules, askedSometimes("Every form", p.doc.Intake.Fields)...)
}

// askedSometimes are the fields that a form asks for under a condition.
func askedSometimes(form string, fields []FieldDoc) []Rule {
	var rules []Rule
	for _, f := range fields {
		if f.When != "" && f.Need != NeedOptional {
			rules = append(rules, conditional(f.When, "", "%s asks for %s", form, strings.ReplaceAll(f.Field, "_", " ")).end(": "+f.Ask))
		}
	}
	return rules
}

// otherwise is said of the last rule of a list, which has no condition.
const otherwise = " otherwise"

func always(format string, args ...any) Rule {
	text := strings.TrimSpace(fmt.Sprintf(format, args...))
	return Rule{Text: text, words: text}
}

// conditional begins a rule that has a condition, or none and says so.
func conditional(when, without, format string, args ...any) Rule {
	r := always(format, args...)
	if r.When = when; when != "" {
		r.words += " when " + when
		return r
	}
	return r.end(without)
}

func (r Rule) because(why string) Rule { return r.end(", because " + why + ".") }

func (r Rule) end(text string) Rule {
	r.Text, r.words = r.Text+text, r.words+text
	return r
}

func wantedFields(fields []FieldDoc) string {
	var names []string
	for _, f := range fields {
		if f.Need != NeedOptional && f.When == "" {
			names = append(names, strings.ReplaceAll(f.Field, "_", " "))
		}
	}
	return strings.Join(names, ", ")
}

func steps(list []StepDoc) string {
	var words []string
	for _, s := range list {
		words = append(words, fmt.Sprintf("%s (%s)", s.Group, s.Quorum.quorum()))
	}
	return strings.Join(words, ", then or beside it ")
}

func (p *Policy) askWords(kind pmo.Kind) string {
	a := p.questionDoc(kind)
	text := fmt.Sprintf("A question of %s goes to %s and is due in %s", kind, sourceWords(a.From), a.Due.Words())
	if a.Escalate != nil {
		text += fmt.Sprintf("; after that %s may decide for another %s", a.Escalate.To, a.Escalate.Due.Words())
	}
	return fmt.Sprintf("%s; silence then means %s.", text, strings.ReplaceAll(a.OnSilence, "_", " "))
}

func sourceWords(sources []string) string {
	words := make([]string, len(sources))
	for i, s := range sources {
		switch s {
		case "step":
			words[i] = "the groups of its route"
		case "leads":
			words[i] = "the team's leads"
		case "portfolio":
			words[i] = "the portfolio's PMO"
		case "requester", "sponsor":
			words[i] = "the " + s
		default:
			words[i], _ = cutGroup(s)
		}
	}
	return strings.Join(words, " and ")
}

func (p *Policy) limitWords() []string {
	var words []string
	for _, d := range p.doc.Portfolios {
		text := fmt.Sprintf("%s works on at most %d requests at once", d.Name, d.WIPLimit)
		for _, class := range sortedKeys(d.ClassLimits) {
			limit := d.ClassLimits[class]
			if limit.Max != nil {
				text += fmt.Sprintf(", at most %d of them %s", *limit.Max, class)
			}
			if limit.Reserved > 0 {
				text += fmt.Sprintf(", %d kept for %s first", limit.Reserved, class)
			}
		}
		words = append(words, strings.ReplaceAll(text, "of them expedite", "expedite beside them")+".")
	}
	return words
}

func (p *Policy) prerequisiteWords() string {
	switch rule := p.Prerequisites(); rule {
	case PrerequisitesIgnored:
		return "What a request needs stands before it in the backlog, and does not hold it back."
	default:
		return fmt.Sprintf("A request is not pulled before what it needs is %s.", rule)
	}
}

func (p *Policy) numberWords() []string {
	d := p.doc
	return []string{
		p.scoringWords(), p.ageingWords(),
		fmt.Sprintf("Backlogs are ranked and pulled from every %s.", d.Replenishing.Every.Words()), p.prerequisiteWords(),
		fmt.Sprintf("A team takes at most %d requests and %.0f %% of its capacity, unless it says otherwise.", d.Assignment.WIPLimit, d.Assignment.LoadCeiling*100),
		fmt.Sprintf("A team that reports nothing for %s is asked how it goes.", d.Execution.ReportEvery.Words()),
		fmt.Sprintf("After %s in the backlog the requester is asked again whether the need stands.", d.Reconfirm.After.Words()),
		fmt.Sprintf("After %d rounds of a question without an answer or agreement the PMO is asked.", cmp.Or(d.Exceptions.Rounds, pmo.DefaultExceptionRounds)),
		fmt.Sprintf("Review can put a request off by at most %s.", d.Review.DeferAtMost.Words()),
		fmt.Sprintf("A change of %s opens review again; once work is under way size may grow by %.0f %%.", strings.Join(d.Material, ", "), d.Execution.Tolerance*100),
	}
}
