package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Rule is one rule in plain words, without the expression of its condition.
type Rule struct {
	Text string `json:"text"`
	When string `json:"when,omitempty" doc:"The condition under which it applies, as the policy writes it"`
	// Part is what of the process the rule is about.
	Part Part `json:"part" enum:"policy,intake,triage,review,questions,strategy,ranking,approach,work,notifications" doc:"What it is about"`

	words string // with the condition in its place
}

// Part is a part of the policy, as its rules are told.
type Part string

// The parts, in the order in which they are told.
const (
	PartPolicy    Part = "policy"    // which one it is
	PartIntake    Part = "intake"    // what forms ask for, and which portfolio takes a request
	PartTriage    Part = "triage"    // lanes and severities
	PartReview    Part = "review"    // who decides
	PartQuestions Part = "questions" // who is asked what, and until when
	PartStrategy  Part = "strategy"  // where capacity should go
	PartRanking   Part = "ranking"   // what is first, and what is pulled
	PartApproach  Part = "approach"  // which way of working is recommended
	PartWork      Part = "work"      // teams, reports and changes

	PartNotifications Part = "notifications" // who hears of what, and when
)

// of says which part rules are of.
func (p Part) of(rules ...Rule) []Rule {
	for i := range rules {
		rules[i].Part = p
	}
	return rules
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
	return slices.Concat(PartPolicy.of(always("Policy %s. %s", p.Name(), p.doc.About)), PartIntake.of(p.intakeRules()...), PartTriage.of(p.triageRules()...),
		PartReview.of(p.reviewRules()...), PartQuestions.of(p.questionRules()...), PartStrategy.of(slices.Concat(p.strategyRules(), p.objectiveRules(), p.pointRules())...),
		PartRanking.of(p.rankingRules()...), PartApproach.of(p.approachRules()...), PartWork.of(p.workRules()...),
		PartNotifications.of(p.notificationRules()...))
}

func (p *Policy) triageRules() []Rule {
	var rules []Rule
	for _, l := range p.doc.Lanes {
		rules = append(rules, conditional(l.When, otherwise, "A request takes the %s lane", l.Lane).because(l.Because))
	}
	for _, s := range p.doc.Severity {
		rules = append(rules, conditional(s.When, otherwise, "Its severity is %s", s.Severity).because(s.Because+". The requested urgency does not count"))
	}
	return rules
}

func (p *Policy) reviewRules() []Rule {
	var rules []Rule
	for _, r := range p.doc.Review.Routes {
		rules = append(rules, conditional(r.When, otherwise, "Review goes to %s", steps(r.Steps)).because(r.Because))
	}
	if judges := p.doc.Services.Judge; len(judges) > 0 {
		rules = append(rules, always("Of the services, %s may judge requests.", strings.Join(judges, ", ")))
	}
	return append(rules, always("Review can put a request off by at most %s.", p.doc.Review.DeferAtMost.Words()),
		always("A change of %s opens review again; once work is under way size may grow by %.0f %%.", strings.Join(p.doc.Material, ", "), p.doc.Execution.Tolerance*100))
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

func (p *Policy) limitRules() []Rule {
	var rules []Rule
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
		rules = append(rules, always("%s.", strings.ReplaceAll(text, "of them expedite", "expedite beside them")))
	}
	return rules
}

func (p *Policy) prerequisiteWords() string {
	switch rule := p.Prerequisites(); rule {
	case PrerequisitesIgnored:
		return "What a request needs stands before it in the backlog, and does not hold it back."
	default:
		return fmt.Sprintf("A request is not pulled before what it needs is %s.", rule)
	}
}

func (p *Policy) rankingRules() []Rule {
	rules := []Rule{always("%s", p.scoringWords()), always("%s", p.ageingWords()), always("Backlogs are ranked and pulled from every %s.", p.doc.Replenishing.Every.Words()),
		always("%s", p.prerequisiteWords())}
	return append(append(rules, p.limitRules()...), always("After %s in the backlog the requester is asked again whether the need stands.", p.doc.Reconfirm.After.Words()))
}

// fairnessRule says whether what teams carried before counts.
func (p *Policy) fairnessRule() Rule {
	if share := p.doc.Assignment.Fairness; share > 0 {
		return always("A team that carried more over the last %d weeks is given less: where it carried all of its capacity, %.0f %% of a request's value count against it.", WeeksBack, share*100)
	}
	return always("What teams carried in the weeks before does not count in who gets a request.")
}

// reserveRule says what plans leave free of the teams, and for whom.
func (p *Policy) reserveRule() Rule {
	a := p.doc.Assignment
	if a.Reserve == 0 {
		return always("Plans keep nothing of a team's capacity free below its ceiling.")
	}
	who := "expedite requests"
	if len(a.ReserveKinds) > 0 {
		who += " and those of the kind " + strings.Join(a.ReserveKinds, " or ")
	}
	return always("Plans leave %.0f %% of each team's capacity, below its ceiling, free for %s.", a.Reserve*100, who)
}

func (p *Policy) workRules() []Rule {
	return []Rule{
		always("A team takes at most %d requests and %.0f %% of its capacity, unless it says otherwise.", p.doc.Assignment.WIPLimit, p.doc.Assignment.LoadCeiling*100),
		always("Between teams that can take a request, finishing it late counts up to %.0f %% of its value against a team, and each request beyond one for each member %.0f %% of the value of a mean one.",
			p.AssignPolicy().Lateness*100, p.AssignPolicy().Switching*100),
		p.fairnessRule(), p.reserveRule(),
		always("Where every team is full, the PMO is asked after %s what now; at once, where no team could ever take the request.", p.askAfter().Words()),
		always("A team that reports nothing for %s is asked how it goes.", p.doc.Execution.ReportEvery.Words()),
	}
}
