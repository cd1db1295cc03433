package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

func (k Kit) inbox() *cobra.Command {
	cmd := k.command(spec{
		use: "inbox [REF]", short: "List the open questions that wait on you, most urgent first, or read those of one request", group: GroupRequests,
		args: cobra.MaximumNArgs(1), complete: waitingRefs,
		example: "  pmo inbox\n  pmo inbox R-42\n  pmo inbox --limit 20\n  pmo inbox -o json",
		run: func(ctx context.Context, c *console, args []string) error {
			if len(args) == 1 {
				return c.readAsked(ctx, args[0])
			}
			found, err := c.api.Inbox(ctx, c.number("limit"), c.flag("cursor"))
			if err != nil {
				return err
			}
			if err := show(c, found, printInbox); err != nil || c.json {
				return err
			}
			return c.showWaiting(ctx)
		},
	})
	cmd.Flags().Int("limit", 500, "how many at once, 1 to 500")
	cmd.Flags().String("cursor", "", "where to continue; printed at the end of the page before")
	return cmd
}

// showWaiting says what waiting for the caller's groups came to; a server before 0.9 does not know.
func (c *console) showWaiting(ctx context.Context) error {
	found, err := c.api.WaitingForMine(ctx)
	if client.IsKind(err, problem.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	printWaiting(c.out, &found.Value)
	return c.out.Err()
}

func printWaiting(p *text.Printer, w *wire.GroupsWaiting) {
	if len(w.Items) == 0 {
		return
	}
	p.Line("")
	p.Line("Waiting for your groups in the last %d days", w.Days)
	var facts []text.Fact
	for _, g := range w.Items {
		says := fmt.Sprintf("%s in all", text.Days(g.Waited, 1))
		if g.Days.N > 0 {
			says += fmt.Sprintf("; 85 %% of %d were answered within %s", g.Days.N, text.Days(g.Days.P85, 1))
		}
		if g.Open > 0 {
			says += fmt.Sprintf("; %d open, the oldest for %s", g.Open, text.Days(g.Oldest, 1))
		}
		if g.Costed > 0 {
			says += fmt.Sprintf("; that delay cost %.0f, by the cost of delay of %s", g.Cost, count(g.Costed, "question"))
		}
		facts = append(facts, text.Fact{Name: spaced(g.Group), Value: says + "."})
	}
	p.Facts(facts...)
}

// readAsked shows a request with the questions that wait on the caller.
func (c *console) readAsked(ctx context.Context, ref string) error {
	found, err := c.api.Request(ctx, ref)
	if err != nil {
		return err
	}
	return show(c, found, func(p *text.Printer, r *wire.Request) {
		mine := ofCaller(r)
		printRequest(p, found, mine)
		if len(mine) == 0 {
			p.Line("")
			p.Line("Nothing of it waits on you.")
		}
	})
}

// ofCaller are the open questions that the caller may answer.
func ofCaller(r *wire.Request) []wire.OpenQuestion {
	return slices.DeleteFunc(slices.Clone(r.Questions), func(q wire.OpenQuestion) bool { return !mayAnswer(q) })
}

func printInbox(p *text.Printer, page *wire.Page[wire.InboxItem]) {
	if len(page.Items) == 0 {
		p.Line("Nothing waits on you.")
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "REF"}, {Head: "QUESTION"}, {Head: "UNTIL"}, {Head: "ELSE"}, {Head: "TITLE", Flex: true},
		{Head: "FOR"}, {Head: "REQUESTER", Spare: true}}}
	for _, i := range page.Items {
		seat := ""
		if i.OnBehalf {
			seat = i.For
		}
		t.Rows = append(t.Rows, []string{nameOf(i.Request.Ref, i.Request.ID), i.Question.ID, p.When(i.Question.DueAt), spaced(i.OnSilence), i.Request.Title,
			seat, i.Request.Requester})
	}
	p.Table(t)
	listed := count(len(page.Items), "question")
	if page.Next != "" {
		listed += " on this page, more follow"
	}
	p.Line("%s. ELSE is what happens if nobody answers. Read and answer one with: pmo decide REF", listed)
	more(p, page.Next)
}

func (k Kit) decide() *cobra.Command {
	cmd := k.command(spec{
		use: "decide REF [QUESTION] [ANSWER [WORDS]]", short: "Read an open question and answer it", group: GroupRequests,
		args: cobra.RangeArgs(1, 4), complete: waiting, run: decide,
		long: `
Without an answer it shows the request, the question and the answers it takes, and asks for one on a terminal. The question may be
left out when only one question of the request waits on you. Words after the answer are its reason. What an answer needs besides is
given field by field with --set; a field of the form has the name it has there.

The answers of each kind of question, and what each needs:
` + answersOfKinds(),
		example: `  pmo decide R-42
  pmo decide R-42 approve
  pmo decide R-42 approve_with_conditions --condition "A pilot first" --condition "No second login"
  pmo decide R-42 counter "Answers the conditions" --condition-milestone c1=pilot --condition-note c2="The portal's login"
  pmo decide R-42 accept --met c1 --not-met c2="The vendor has none"
  pmo decide R-42 need_info "Who else types these lists?"
  pmo decide R-42 answer "since March, about forty"
  pmo decide R-42 defer "The contract is open" --set until=2027-03-31
  pmo decide R-42 provide --set users="Ten districts" --set baseline.people=25
  pmo decide R-42 duplicate --set of=R-17
  pmo decide R-42 score/1 score --set inputs.business_value=8 --set inputs.job_size=3
  pmo decide R-42 exception/1/no_team name_team "They know it" --set team=falcon
  pmo decide R-42 exception/1/no_team remedy "A law" --set remedy=team/falcon
  pmo decide R-42 review/1/finance approve --on-behalf-of bo`,
	})
	cmd.Flags().String("reason", "", "why; needed where the answer says so; the same as WORDS")
	cmd.Flags().StringArray("set", nil, "field=value that the answer needs, such as until=2027-03-31; may be given more than once")
	cmd.Flags().StringArray("data", nil, "as --set; the name before 0.6")
	cmd.Flags().String("data-json", "", "the same as JSON of the API")
	cmd.Flags().String("on-behalf-of", "", "who is away and named you as their delegate")
	_ = cmd.Flags().MarkHidden("data") // the flag is there
	conditionFlags(cmd)
	return cmd
}

// answersOfKinds lists the answers of each kind of question with what they need, from the table of the process itself.
func answersOfKinds() string {
	var out strings.Builder
	for _, kind := range pmo.Kinds() {
		fmt.Fprintf(&out, "  %s\n", kind)
		for _, o := range pmo.Options(kind) {
			fmt.Fprintf(&out, "    %s\n", strings.TrimSpace(fmt.Sprintf("%-19s  %s", o.Verdict, needWords(o))))
		}
	}
	return strings.TrimRight(out.String(), "\n")
}

// reply is an answer as it was typed.
type reply struct {
	question, answer, reason string
	set                      []string
}

var questionID = regexp.MustCompile(`^[a-z_]+/[0-9]+(/|$)`)

// typed reads the arguments after the reference, and the flags.
func (c *console) typed(args []string) (reply, error) {
	y := reply{reason: strings.TrimSpace(c.flag("reason")), set: append(c.list("set"), c.list("data")...)}
	if len(args) > 0 && questionID.MatchString(args[0]) {
		y.question, args = args[0], args[1:]
	}
	if len(args) > 0 {
		y.answer, args = args[0], args[1:]
	}
	if len(args) > 1 {
		return y, usagef("the words of an answer are one argument: put them in quotes")
	}
	if len(args) == 1 {
		if y.reason != "" {
			return y, usagef("give either words after the answer or --reason")
		}
		y.reason = args[0]
	}
	return y, nil
}

func decide(ctx context.Context, c *console, args []string) error {
	ref := args[0]
	y, err := c.typed(args[1:])
	if err != nil {
		return err
	}
	if _, err := decisionData(y, c.flag("data-json")); err != nil {
		return err
	}
	if y.question == "" || y.answer == "" || y.answer == pmo.VerdictAnswer {
		if y, err = c.complete(ctx, ref, y); err != nil {
			return err
		}
	}
	data, err := decisionData(y, c.flag("data-json"))
	if err != nil {
		return err
	}
	if err := c.addConditions(&data); err != nil {
		return err
	}
	done, err := c.api.Decide(ctx, ref, wire.Decision{Decision: y.question, Verdict: y.answer, Reason: y.reason, Data: data, OnBehalfOf: c.flag("on-behalf-of")})
	if err != nil {
		return err
	}
	return c.receipt(ref, done)
}

// complete finds the question that is meant, and what the answer is: by asking when none was typed.
func (c *console) complete(ctx context.Context, ref string, y reply) (reply, error) {
	found, err := c.api.Request(ctx, ref)
	if err != nil {
		return y, err
	}
	q, err := meant(&found.Value, y)
	switch {
	case err != nil && y.answer == "" && !c.json:
		printRequest(c.out, found, ofCaller(&found.Value))
		return y, err
	case err != nil:
		return y, err
	}
	y.question = q.ID
	switch y.answer {
	case "":
		return c.ask(found, q, y)
	case pmo.VerdictAnswer:
		return inWords(&found.Value, q, y)
	}
	return y, nil
}

// meant is the question that is answered: the one named, or the one question of the request that waits on the caller. The read model may be
// behind the process: when it has none, the one open question with that answer is taken, and the server checks whether it waits on the caller.
func meant(r *wire.Request, y reply) (*wire.OpenQuestion, error) {
	ref := nameOf(r.Ref, r.ID)
	var mine []*wire.OpenQuestion
	for i := range r.Questions {
		if q := &r.Questions[i]; q.ID == y.question || y.question == "" && q.MayAnswer {
			mine = append(mine, q)
		}
	}
	for i := 0; i < len(r.Questions) && y.question == "" && len(mine) == 0; i++ {
		if q := &r.Questions[i]; takes(q, y.answer) {
			mine = append(mine, q)
		}
	}
	switch {
	case len(mine) == 1:
		return mine[0], nil
	case len(mine) > 1:
		var ids []string
		for _, q := range mine {
			ids = append(ids, q.ID)
		}
		return nil, usagef("%s of %s could be meant: say which, %s", count(len(mine), "question"), ref, strings.Join(ids, " or "))
	case y.question != "":
		return nil, usagef("%s has no open question %s; see pmo status %s", ref, y.question, ref)
	}
	return nil, usagef("nothing of %s waits on you; see pmo status %s", ref, ref)
}

func takes(q *wire.OpenQuestion, answer string) bool {
	return slices.ContainsFunc(q.Options, func(o pmo.Option) bool { return o.Verdict == answer })
}

// inWords turns an answer in words into what the question takes: its own answer in words, a report, or the one text that the form lacks.
func inWords(r *wire.Request, q *wire.OpenQuestion, y reply) (reply, error) {
	switch {
	case y.reason == "":
		return y, usagef("say the answer in words: pmo decide %s answer \"…\"", nameOf(r.Ref, r.ID))
	case takes(q, pmo.VerdictAnswer):
		return y, nil
	case takes(q, pmo.VerdictReported):
		y.answer = pmo.VerdictReported
		return y, nil
	case q.Kind == pmo.KindClarify && len(r.Missing) == 1 && forms.IsText(r.Missing[0].Field):
		y.answer, y.set, y.reason = pmo.VerdictProvide, append(y.set, r.Missing[0].Field+"="+y.reason), ""
		return y, nil
	}
	return y, usagef("%s is not answered in words alone; it takes:%s", q.ID, optionList(r, q))
}

// optionList is the answers of a question as they are typed, each on a line of its own.
func optionList(r *wire.Request, q *wire.OpenQuestion) string {
	var out strings.Builder
	for _, o := range q.Options {
		needs := needWords(o)
		if o.Verdict == pmo.VerdictProvide {
			for _, gap := range r.Missing {
				for _, field := range forms.Fields(gap.Field) {
					needs = strings.TrimSuffix(needs, " "+needed["patch"]) + " --set " + field + "=…"
				}
			}
			needs = strings.TrimSpace(strings.TrimPrefix(needs, needed["patch"]))
		}
		fmt.Fprintf(&out, "\n  pmo decide %s %s", nameOf(r.Ref, r.ID), strings.TrimSpace(o.Verdict+" "+needs))
	}
	return out.String()
}

func decisionData(y reply, text string) (pmo.Data, error) {
	if text != "" && len(y.set) > 0 {
		return pmo.Data{}, usagef("give either --set or --data-json")
	}
	if text == "" {
		data, err := forms.Data(y.answer, y.set)
		if err != nil {
			return data, usagef("--set: %w", err)
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

// receipt prints what a command did and which questions are open now.
func (c *console) receipt(ref string, done *client.Answer[pmo.Receipt]) error {
	return show(c, done, func(p *text.Printer, r *pmo.Receipt) { printReceipt(p, ref, r) })
}

func printReceipt(p *text.Printer, ref string, r *pmo.Receipt) {
	if r.Number > 0 {
		ref = pmo.Ref(r.Number)
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
