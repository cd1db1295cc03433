package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func (k Kit) inbox() *cobra.Command {
	cmd := k.command(spec{
		use: "inbox", short: "List the open questions that wait on you, most urgent first", group: GroupRequests,
		example: "  pmo inbox\n  pmo inbox --limit 20\n  pmo inbox -o json",
		run: func(ctx context.Context, c *console, _ []string) error {
			found, err := c.api.Inbox(ctx, c.number("limit"), c.flag("cursor"))
			if err != nil {
				return err
			}
			return show(c, found, printInbox)
		},
	})
	cmd.Flags().Int("limit", 500, "how many at once, 1 to 500")
	cmd.Flags().String("cursor", "", "where to continue; printed at the end of the page before")
	return cmd
}

func printInbox(p *text.Printer, page *wire.Page[wire.InboxItem]) {
	if len(page.Items) == 0 {
		p.Line("Nothing waits on you.")
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "REF"}, {Head: "QUESTION"}, {Head: "UNTIL"}, {Head: "ELSE"}, {Head: "TITLE", Flex: true},
		{Head: "FOR"}, {Head: "REQUESTER", Spare: true}, {Head: "ANSWERS", Wrap: true, Spare: true}}}
	for _, i := range page.Items {
		seat := ""
		if i.OnBehalf {
			seat = i.For
		}
		t.Rows = append(t.Rows, []string{nameOf(i.Request.Ref, i.Request.ID), i.Question.ID, p.When(i.Question.DueAt), spaced(i.OnSilence), i.Request.Title,
			seat, i.Request.Requester, options(&i.Question)})
	}
	p.Table(t)
	listed := count(len(page.Items), "question")
	if page.Next != "" {
		listed += " on this page, more follow"
	}
	p.Line("%s. ELSE is what happens if nobody answers. Answer with: pmo decide REF VERDICT --reason …", listed)
	more(p, page.Next)
}

func (k Kit) decide() *cobra.Command {
	cmd := k.command(spec{
		use: "decide REF [QUESTION] VERDICT", short: "Answer an open question", group: GroupRequests,
		args: cobra.RangeArgs(2, 3), complete: waiting, run: decide,
		long: `
The question may be left out when only one question of the request waits on you. What a verdict needs besides the reason is given
field by field with --data, or as JSON with --data-json.`,
		example: `  pmo decide R-42 approve
  pmo decide R-42 approve_with_conditions --condition "A pilot first" --condition "No second login"
  pmo decide R-42 counter --reason "Answers the conditions" --condition-milestone c1=pilot --condition-note c2="The portal's login"
  pmo decide R-42 accept --met c1 --not-met c2="The vendor has none"
  pmo decide R-42 need_info --reason "Who else types these lists?"
  pmo decide R-42 defer --reason "The contract is open" --data until=2027-03-31
  pmo decide R-42 score/1 score --data inputs.business_value=8 --data inputs.job_size=3
  pmo decide R-42 provide --data patch.users="Ten districts" --data patch.baseline.people=25
  pmo decide R-42 duplicate --data of=R-17
  pmo decide R-42 exception/1/no_team name_team --data team=falcon --reason "They know it"
  pmo decide R-42 review/1/finance approve --on-behalf-of bo`,
	})
	cmd.Flags().String("reason", "", "why; needed where the option says so")
	cmd.Flags().StringArray("data", nil, "field=value that the verdict needs, such as until=2027-03-31; may be given more than once")
	cmd.Flags().String("data-json", "", "the same as JSON")
	cmd.Flags().String("on-behalf-of", "", "who is away and named you as their delegate")
	conditionFlags(cmd)
	return cmd
}

func decide(ctx context.Context, c *console, args []string) error {
	ref, verdict := args[0], args[len(args)-1]
	data, err := decisionData(c.list("data"), c.flag("data-json"))
	if err != nil {
		return err
	}
	if err := c.addConditions(&data); err != nil {
		return err
	}
	question := ""
	if len(args) == 3 {
		question = args[1]
	} else if question, err = c.onlyQuestion(ctx, ref, verdict); err != nil {
		return err
	}
	done, err := c.api.Decide(ctx, ref, wire.Decision{Decision: question, Verdict: verdict, Reason: c.flag("reason"), Data: data, OnBehalfOf: c.flag("on-behalf-of")})
	if err != nil {
		return err
	}
	return c.receipt(ref, done)
}

func decisionData(pairs []string, text string) (pmo.Data, error) {
	if text != "" && len(pairs) > 0 {
		return pmo.Data{}, usagef("give either --data or --data-json")
	}
	if text == "" {
		data, err := forms.Data(pairs)
		if err != nil {
			return data, usagef("--data: %w", err)
		}
		return data, nil
	}
	var data pmo.Data
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&data); err != nil {
		return data, usagef("--data-json: %w", err)
	}
	return data, nil
}

// onlyQuestion is the id of the one question of the request that waits on the caller. The inbox may be behind the workflow: when it
// has none, the one open question with that verdict is taken, and the server checks whether it waits on the caller.
func (c *console) onlyQuestion(ctx context.Context, ref, verdict string) (string, error) {
	inbox, err := c.api.WholeInbox(ctx)
	if err != nil {
		return "", err
	}
	var mine []string
	for _, i := range inbox {
		if sameRef(i, ref) {
			mine = append(mine, i.Question.ID)
		}
	}
	if len(mine) == 0 {
		if mine, err = c.openFor(ctx, ref, verdict); err != nil {
			return "", err
		}
	}
	switch len(mine) {
	case 0:
		return "", usagef("nothing of %s waits on you; see pmo status %s", ref, ref)
	case 1:
		return mine[0], nil
	}
	return "", usagef("%s of %s could be meant: say which, %s", count(len(mine), "question"), ref, strings.Join(mine, " or "))
}

func (c *console) openFor(ctx context.Context, ref, verdict string) ([]string, error) {
	found, err := c.api.Request(ctx, ref)
	if err != nil {
		return nil, err
	}
	var open []string
	for _, q := range found.Value.Questions {
		for _, o := range q.Options {
			if o.Verdict == verdict {
				open = append(open, q.ID)
			}
		}
	}
	return open, nil
}

func sameRef(i wire.InboxItem, ref string) bool {
	return strings.EqualFold(i.Request.Ref, ref) || strings.EqualFold(i.Request.ID, ref)
}

// receipt prints what a command did and which questions are open now.
func (c *console) receipt(ref string, done *client.Answer[pmo.Receipt]) error {
	return show(c, done, func(p *text.Printer, r *pmo.Receipt) { printReceipt(p, ref, r) })
}

func printReceipt(p *text.Printer, ref string, r *pmo.Receipt) {
	if r.Number > 0 {
		ref = fmt.Sprintf("R-%d", r.Number)
	}
	what := spaced(r.Result)
	if r.Question != "" {
		what += fmt.Sprintf(": %s on %s", r.Verdict, r.Question)
	}
	if r.Replayed {
		what += " (was done before)"
	}
	p.Line("%s  %s", ref, what)
	facts := []text.Fact{{Name: "stage", Value: stageWords(r.Stage, r.Status, r.Outcome)}}
	for _, q := range r.Open {
		people := who(q.Waiting)
		if q.MoreWaiting > 0 {
			people += fmt.Sprintf(" and %d more", q.MoreWaiting)
		}
		facts = append(facts, text.Fact{Name: "waits on", Value: fmt.Sprintf("%s: %s, until %s", people, q.ID, p.When(q.DueAt))})
	}
	p.Facts(facts...)
	if r.Truncated {
		p.Line("More questions are open: pmo status %s", ref)
	}
}
