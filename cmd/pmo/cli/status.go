package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/dependency"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func (k Kit) status() *cobra.Command {
	cmd := k.command(spec{
		use: "status REF", short: "Show where a request stands, what it asks for, and who is asked what", group: GroupRequests,
		args: cobra.ExactArgs(1), complete: refs,
		example: `  pmo status R-42
  pmo status R-42 --burn-up
  pmo status R-42 -o json`,
		run: func(ctx context.Context, c *console, args []string) error {
			read := c.api.Request
			if c.yes("burn-up") {
				read = func(ctx context.Context, ref string) (*client.Answer[wire.Request], error) {
					return c.api.RequestPage(ctx, ref, 0)
				}
			}
			found, err := read(ctx, args[0])
			if err != nil {
				return err
			}
			return show(c, found, func(p *text.Printer, r *wire.Request) {
				printRequest(p, found, r.Questions)
				printBurnUp(p, r.BurnUp)
			})
		},
	})
	cmd.Flags().Bool("burn-up", false, "also how scope and done work grew, by reports and changes")
	return cmd
}

func printBurnUp(p *text.Printer, b *pmo.BurnUp) {
	if b == nil || len(b.Points) == 0 {
		return
	}
	p.Line("")
	p.Line("Burn-up, in %s", spaced(string(b.Unit)))
	t := text.Table{Columns: []text.Column{{Head: "WHEN"}, {Head: "DONE", Right: true}, {Head: "SCOPE", Right: true}, {Head: "BY"}}}
	for _, at := range b.Points {
		t.Rows = append(t.Rows, []string{p.When(at.At), fmt.Sprintf("%.4g", at.Done), fmt.Sprintf("%.4g", at.Scope), spaced(at.Event)})
	}
	p.Table(t)
}

// printRequest writes a request with some of its open questions, and how to answer those that wait on the caller.
func printRequest(p *text.Printer, found *client.Answer[wire.Request], questions []wire.OpenQuestion) {
	printCard(p, found, questions)
	printHistoryLink(p, &found.Value)
	if slices.ContainsFunc(questions, mayAnswer) {
		p.Line("")
		p.Line("Answer with: pmo decide %s ANSWER", nameOf(found.Value.Ref, found.Value.ID))
	}
}

func mayAnswer(q wire.OpenQuestion) bool { return q.MayAnswer }

func standing(p *text.Printer, r *wire.Request) []text.Fact {
	facts := []text.Fact{
		{Name: "stage", Value: fmt.Sprintf("%s since %s", standsAs(r.Stage, r.Status, r.Outcome, r.Delivered()), p.When(since(r)))},
		{Name: "outcome", Value: ended(p, r)},
		{Name: "goes on in", Value: strings.Join(r.GoesOnIn, ", ")},
		{Name: "hold", Value: held(p, r)},
		{Name: "deferred", Value: deferred(p, r)},
		{Name: "lane", Value: because(string(r.Lane), r.LaneReason)},
		{Name: "requester", Value: requester(r)},
		{Name: "waits on", Value: cmp.Or(r.WaitsOn, strings.Join(r.WaitingOn, ", "))},
		{Name: "wanted by", Value: because(string(r.Content.WantedBy), r.Content.WantedCause)},
		{Name: "rank", Value: ranked(r)},
		{Name: "approach", Value: r.Approach.Name()},
		{Name: "team", Value: team(r)},
		{Name: "plan", Value: plan(r.Plan)},
		{Name: "progress", Value: progressWords(p, r.Progress)},
	}
	facts = append(facts, healthFacts(p, r)...)
	facts = append(facts, raidFacts(p, r)...)
	if r.Progress != nil && len(r.Raid) == 0 { // a server before 0.10 has them in reports alone
		for _, risk := range r.Progress.Risks {
			facts = append(facts, text.Fact{Name: "risk", Value: riskWords(risk)})
		}
	}
	facts = append(facts, dependencyFacts(r.Dependencies)...)
	for _, o := range r.Objectives {
		facts = append(facts, objectiveFacts(p, o)...)
	}
	facts = append(facts, conditionFacts(r)...)
	facts = append(facts, quickerFacts(r)...)
	if r.Forecast != nil && !r.Closed() {
		facts = append(facts, text.Fact{Name: "forecast", Value: r.Forecast.Words})
	}
	return facts
}

// dependencyFacts are what a request needs and what needs it.
func dependencyFacts(d *wire.Dependencies) []text.Fact {
	if d == nil {
		return nil
	}
	var facts []text.Fact
	for _, problem := range d.Problems {
		facts = append(facts, text.Fact{Name: "to put right", Value: problem})
	}
	for _, list := range []struct {
		name  string
		items []wire.Dependency
	}{{"needs", d.Needs}, {"needed by", d.NeededBy}} {
		for _, other := range list.items {
			state := spaced(string(other.State))
			if other.State == dependency.Open || other.State == dependency.Begun {
				state += ", in " + spaced(string(other.Stage))
			}
			facts = append(facts, text.Fact{Name: list.name, Value: fmt.Sprintf("%s %s (%s)", other.Ref, other.Title, state)})
		}
	}
	return facts
}

func because(what, why string) string {
	if what == "" || why == "" {
		return what
	}
	return what + ", because " + why
}

func ended(p *text.Printer, r *wire.Request) string {
	switch {
	case r.Closed():
		return fmt.Sprintf("%s%s, %s: %s", r.Outcome, byWhom(r.ClosedBy), p.When(r.ClosedAt), r.Reason)
	case r.Delivered():
		return "accepted, " + p.When(r.AcceptedAt) + benefitAt(p, r)
	}
	return ""
}

// since is when the request came to stand as it does; a server before 0.6 says only since when it is in its stage.
func since(r *wire.Request) time.Time {
	if r.Since.IsZero() {
		return r.StageSince
	}
	return r.Since
}

func byWhom(person string) string {
	if person == "" {
		return ""
	}
	return " by " + person
}

func benefitAt(p *text.Printer, r *wire.Request) string {
	if r.BenefitAt.IsZero() {
		return ""
	}
	return "; its benefit is looked at " + p.When(r.BenefitAt)
}

func held(p *text.Printer, r *wire.Request) string {
	if r.Hold == nil {
		return ""
	}
	return fmt.Sprintf("by %s since %s: %s", r.Hold.By, p.When(r.Hold.Since), r.Hold.Reason)
}

func deferred(p *text.Printer, r *wire.Request) string {
	if r.Deferral == nil {
		return ""
	}
	return fmt.Sprintf("by %s until %s: %s", r.Deferral.By, p.When(r.Deferral.Until), r.Deferral.Reason)
}

func requester(r *wire.Request) string {
	text := r.Requester
	if r.SubmittedBy != r.Requester {
		text += ", submitted by " + r.SubmittedBy
	}
	return text
}

func ranked(r *wire.Request) string {
	if r.Rank == nil {
		return ""
	}
	text := fmt.Sprintf("%d of the backlog", *r.Rank)
	if r.Score != nil {
		text += fmt.Sprintf(", score %.2f", *r.Score)
	}
	return text
}

func team(r *wire.Request) string {
	switch {
	case r.Assignment == nil:
		return r.NoTeamReason
	}
	var teams []string
	for _, part := range r.Assignment.Parts() {
		name := part.Team
		if part.ConfirmedAt.IsZero() {
			name += ", asked"
		}
		teams = append(teams, name)
	}
	return strings.Join(teams, " and ")
}

func plan(p *pmo.Plan) string {
	switch {
	case p == nil:
		return ""
	case p.Agreed():
		return "agreed: " + p.Summary
	}
	return "proposed: " + p.Summary
}

func progressWords(p *text.Printer, g *pmo.Progress) string {
	if g == nil {
		return ""
	}
	words := []string{string(g.Health)}
	if g.Percent != nil {
		words[0] += fmt.Sprintf(", %d %%", *g.Percent)
	}
	if g.Measure != nil {
		words = append(words, g.Measure.Words())
	}
	if g.Blocked != "" {
		words = append(words, "blocked: "+strings.TrimSuffix(g.Blocked, "."))
	}
	if g.Note != "" {
		words = append(words, strings.TrimSuffix(g.Note, "."))
	}
	return fmt.Sprintf("%s; %s, %s", strings.Join(words, "; "), g.By, p.When(g.At))
}

func riskWords(r pmo.Risk) string {
	if r.Probability == 0 || r.Impact == 0 {
		return r.Text
	}
	return fmt.Sprintf("%s (probability %d, impact %d of 5)", r.Text, r.Probability, r.Impact)
}

func spaced(s string) string { return strings.ReplaceAll(s, "_", " ") }
