package policy

import (
	"cmp"
	"fmt"
	"strings"

	"leanpmo/internal/pmo"
)

// Words writes the rules in plain words, a sentence each, in the order in which they apply to a request.
func (p *Policy) Words() []string {
	w := []string{fmt.Sprintf("Policy %s. %s", p.Name(), p.doc.About)}
	add := func(format string, args ...any) { w = append(w, strings.TrimSpace(fmt.Sprintf(format, args...))) }
	for _, k := range p.doc.Intake.Kinds {
		if wanted := wantedFields(k.Fields); wanted != "" {
			add("%s: the form asks for %s.", k.Name, wanted)
		}
		if k.Public {
			add("%s: people without an account may ask for it too, where the public form is switched on.", k.Name)
		}
	}
	for _, l := range p.doc.Lanes {
		add("A request takes the %s lane%s, because %s.", l.Lane, condition(l.When), l.Because)
	}
	for _, s := range p.doc.Severity {
		add("Its severity is %s%s, because %s. The requested urgency does not count.", s.Severity, condition(s.When), s.Because)
	}
	for _, r := range p.doc.Review.Routes {
		add("Review goes to %s%s, because %s.", steps(r.Steps), condition(r.When), r.Because)
	}
	for _, kind := range pmo.Kinds() {
		add("%s", p.askWords(kind))
	}
	if judges := p.doc.Services.Judge; len(judges) > 0 {
		add("Of the services, %s may judge requests.", strings.Join(judges, ", "))
	}
	w = append(w, p.limitWords()...)
	return append(w, p.numberWords()...)
}

func wantedFields(fields []FieldDoc) string {
	var names []string
	for _, f := range fields {
		if f.Need != NeedOptional {
			names = append(names, strings.ReplaceAll(f.Field, "_", " "))
		}
	}
	return strings.Join(names, ", ")
}

func condition(when string) string {
	if when == "" {
		return " otherwise"
	}
	return " when " + when
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
