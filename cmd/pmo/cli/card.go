package cli

import (
	"fmt"
	"slices"
	"strings"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// printCard writes all that is needed to answer: where the request stands, what it asks for, and each of the
// questions with what was said.
func printCard(p *text.Printer, found *client.Answer[wire.Request], questions []wire.OpenQuestion) {
	r := &found.Value
	p.Named(nameOf(r.Ref, r.ID), r.Content.Title)
	p.Facts(slices.Concat(standing(p, r), formFacts(&r.Content))...)
	for i := range questions {
		p.Line("")
		printQuestion(p, r, &questions[i])
	}
}

// formFacts are what the requester asks for, in their own words.
func formFacts(c *pmo.Content) []text.Fact {
	return []text.Fact{
		{Name: "problem", Value: c.Problem},
		{Name: "outcome", Value: c.Outcome},
		{Name: "measure", Value: c.SuccessMeasure},
		{Name: "today", Value: baselineWords(c.Baseline)},
		{Name: "users", Value: c.Users},
		{Name: "workaround", Value: c.Workaround},
		{Name: "others to act", Value: c.OthersToAct},
		{Name: "size", Value: sizeWords(c.Size)},
		{Name: "sponsor", Value: c.Sponsor},
		{Name: "skills", Value: strings.Join(c.Skills, ", ")},
		{Name: "second team", Value: secondTeamWords(c)},
		{Name: "resources", Value: strings.Join(c.Resources, ", ")},
		{Name: "themes", Value: strings.Join(c.Themes, ", ")},
		{Name: "objectives", Value: strings.Join(c.Objectives, ", ")},
		{Name: "urgency", Value: c.Urgency},
	}
}

// secondTeamWords say what a second team does of the request; nothing where it needs none.
func secondTeamWords(c *pmo.Content) string {
	if !c.SecondTeam.Needed() {
		return ""
	}
	_, share := c.SecondTeam.Sizes(1)
	words := fmt.Sprintf("%.0f %% of the work", 100*share)
	if len(c.SecondTeam.Skills) > 0 {
		words += ": " + strings.Join(c.SecondTeam.Skills, ", ")
	}
	return words
}

func sizeWords(weeks float64) string {
	if weeks == 0 {
		return ""
	}
	return strings.TrimSuffix(plainly(weeks)+" team-weeks", map[bool]string{true: "s"}[weeks == 1])
}

// baselineWords says how things are today.
func baselineWords(b pmo.Baseline) string {
	var words []string
	if b.VolumePerMonth > 0 {
		words = append(words, plainly(b.VolumePerMonth)+" a month")
	}
	if b.MinutesEach > 0 {
		words = append(words, plainly(b.MinutesEach)+" minutes each")
	}
	if hours := b.HoursPerMonth(); hours > 0 {
		words[len(words)-1] += fmt.Sprintf(" (%.0f hours a month)", hours)
	}
	if b.People > 0 {
		words = append(words, fmt.Sprintf("%d people", b.People))
	}
	if b.MoneyPerYear > 0 {
		words = append(words, "costs "+plainly(b.MoneyPerYear)+" a year")
	}
	return strings.Join(words, ", ")
}

// plainly writes a number without an exponent.
func plainly(n float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", n), "0"), ".")
}

// printQuestion writes one open question: its own words, who is asked and what they said, and the answers it takes.
func printQuestion(p *text.Printer, r *wire.Request, q *wire.OpenQuestion) {
	p.Wrapped(0, q.ID+": "+q.Text)
	facts := []text.Fact{
		{Name: "asked", Value: asked(q)},
		{Name: "note", Value: q.Note},
	}
	for _, before := range earlier(r, q) {
		facts = append(facts, text.Fact{Name: "before", Value: fmt.Sprintf("%s: %s", before.ID, before.Text)})
		facts = append(facts, said(p, before.Answers)...)
	}
	facts = append(facts, said(p, q.Answers)...)
	p.Facts(append(facts, waitFacts(p, r, q)...)...)
	t := text.Table{Indent: 2, Columns: []text.Column{{Head: "ANSWER"}, {Head: "WHAT IT DOES", Wrap: true}, {Head: "NEEDS", Wrap: true}}}
	for _, o := range q.Options {
		t.Rows = append(t.Rows, []string{o.Verdict, o.Description, needWords(o)})
	}
	p.Table(t)
	printRemedies(p, q.Remedies)
}

// printRemedies writes what would help a request without a team. A split is a command of its own.
func printRemedies(p *text.Printer, list []pmo.Remedy) {
	if len(list) == 0 {
		return
	}
	t := text.Table{Indent: 2, Columns: []text.Column{{Head: "REMEDY"}, {Head: "WHAT WOULD HELP", Wrap: true}}}
	for i := range list {
		id := list[i].ID
		if !list[i].Answers() {
			id = "(pmo split)"
		}
		t.Rows = append(t.Rows, []string{id, list[i].Text})
	}
	p.Table(t)
}

func asked(q *wire.OpenQuestion) string {
	people := who(q.Seats())
	if len(q.People) > 1 || q.Quorum.N > 1 {
		people += "; " + q.Quorum.String()
	}
	return people
}

// earlier are the closed questions whose answers the question builds on: what its people asked for, and its own rounds before.
func earlier(r *wire.Request, q *wire.OpenQuestion) []pmo.Question {
	return slices.DeleteFunc(slices.Clone(r.ClosedQuestions), func(before pmo.Question) bool {
		related := before.Kind == q.Kind && before.Group == q.Group || q.Kind.AsksGroups() && before.Kind == pmo.KindClarify
		return !related || len(before.Answers) == 0
	})
}

func said(p *text.Printer, answers []pmo.Answer) []text.Fact {
	var facts []text.Fact
	for _, a := range answers {
		by := a.By
		if a.For != "" && a.For != a.By {
			by += " for " + a.For
		}
		words := spaced(a.Verdict)
		if a.Reason != "" {
			words += ": " + strings.TrimSuffix(a.Reason, ".")
		}
		facts = append(facts, text.Fact{Name: "said", Value: fmt.Sprintf("%s, %s; %s", by, words, p.When(a.At))})
	}
	return facts
}

func waitFacts(p *text.Printer, r *wire.Request, q *wire.OpenQuestion) []text.Fact {
	if r.Status == pmo.StatusOnHold {
		return []text.Fact{{Name: "waits on", Value: "the end of the hold"}}
	}
	waits := fmt.Sprintf("%s, until %s; then %s", who(q.Waiting), p.When(q.DueAt), silenceWords(q))
	if len(q.Waiting) == 0 {
		waits = fmt.Sprintf("nobody of those asked can answer, until %s; the PMO may name somebody: pmo reassign %s --decision %s --to PERSON --reason TEXT",
			p.When(q.DueAt), nameOf(r.Ref, r.ID), q.ID)
	}
	return []text.Fact{{Name: "waits on", Value: waits}}
}

// silenceWords say what happens when nobody answers until the question is due.
func silenceWords(q *wire.OpenQuestion) string {
	if !q.Escalated && len(q.Escalation) > 0 {
		return fmt.Sprintf("%s may decide too, and in the end: %s", strings.Join(q.Escalation, ", "), spaced(q.OnSilence))
	}
	return spaced(q.OnSilence)
}
