package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

func (k Kit) submit() *cobra.Command {
	cmd := k.command(spec{
		use: "submit {-f FILE | --template KIND}", short: "Submit requests from files", group: GroupRequests,
		long: `
A file holds one request, a list of them, or several YAML documents with --- between; JSON is read too, and - is standard
input. Nothing is sent unless every file can be read.

Submitting the same file again submits no request twice: a request is recognised by its content. --again makes another request of
the same content, for instance the next year's.

--template prints an empty form of a kind, with the questions of the policy. On a terminal, without a file, pmo asks for each field.`,
		example: `  pmo submit --template enhancement > wish.yaml
  pmo submit -f examples/request-street-closures.yaml
  pmo submit -f january.yaml -f february.yaml --dry-run
  jq '[.[] | {title: .name, kind: "data"}]' wishes.json | pmo submit -f -
  pmo submit -f yearly-report.yaml --again 2028`,
		run: submit, local: func(c *console) bool { return c.yes("dry-run") && c.flag("template") == "" },
	})
	cmd.Flags().StringArrayP("file", "f", nil, "file to read; may be given more than once; - is standard input")
	cmd.Flags().String("template", "", "print an empty form of this kind, and send nothing; pmo kinds lists them")
	cmd.Flags().Bool("dry-run", false, "check what can be checked here and show what would be sent")
	cmd.Flags().String("again", "", "any word: submit another request with the same content")
	_ = cmd.MarkFlagFilename("file", "yaml", "yml", "json") // the flag is there
	return cmd
}

func submit(ctx context.Context, c *console, _ []string) error {
	if kind := c.flag("template"); kind != "" {
		return c.template(ctx, kind)
	}
	found, err := c.toSubmit(ctx)
	if err != nil {
		return err
	}
	if c.yes("dry-run") {
		return c.dryRun(found)
	}
	done := c.send(ctx, found)
	err = errors.Join(c.reportSubmitted(done), failures(done))
	for _, s := range done {
		c.strangeSkills(ctx, s.form.Skills)
	}
	return err
}

// template prints an empty form of a kind.
func (c *console) template(ctx context.Context, kind string) error {
	found, err := c.api.Policy(ctx)
	if err != nil {
		return err
	}
	form, err := forms.Template(found.Value.Data, kind)
	if err != nil {
		return usagef("--template: %w", err)
	}
	return c.raw([]byte(form))
}

// toSubmit are the forms of the files, or the one that the person at the terminal fills in.
func (c *console) toSubmit(ctx context.Context) ([]forms.Form, error) {
	d := c.dialogue()
	if len(c.list("file")) > 0 || d == nil || c.yes("dry-run") {
		return c.forms(c.list("file"))
	}
	found, err := c.api.Policy(ctx)
	if err != nil {
		return nil, err
	}
	form, ok := d.form(found.Value.Data)
	if !ok {
		return nil, usagef("nothing was sent")
	}
	return forms.Read("your answers", form)
}

// forms reads all files and returns all their faults at once.
func (c *console) forms(paths []string) ([]forms.Form, error) {
	if len(paths) == 0 {
		return nil, usagef("-f is needed: the file to read, or - for standard input; pmo submit --template KIND prints an empty one")
	}
	var all []forms.Form
	var wrong forms.Faults
	for _, path := range paths {
		name, content, err := c.readFile(path)
		if err != nil {
			return nil, err
		}
		found, err := forms.Read(name, content)
		var faults forms.Faults
		if errors.As(err, &faults) {
			wrong = append(wrong, faults...)
		}
		all = append(all, found...)
	}
	if len(wrong) > 0 {
		return nil, fmt.Errorf("nothing was sent:\n%w", wrong)
	}
	return all, nil
}

func (c *console) dryRun(found []forms.Form) error {
	type line struct {
		Key  string          `json:"idempotency_key"`
		Body wire.Submission `json:"body"`
	}
	if c.json {
		lines := make([]line, len(found))
		for i, f := range found {
			lines[i] = line{f.Key(c.flag("again")), f.Submission}
		}
		doc, err := json.MarshalIndent(lines, "", "  ")
		if err != nil {
			return fmt.Errorf("encode: %w", err)
		}
		return c.raw(doc)
	}
	for _, f := range found {
		doc, err := json.MarshalIndent(f.Submission, "  ", "  ")
		if err != nil {
			return fmt.Errorf("encode: %w", err)
		}
		c.out.Line("%s\n  %s", text.Clean(f.String()), doc)
	}
	c.out.Line("%s would be sent; the server also checks them against its policy.", count(len(found), "request"))
	return c.out.Err()
}

// sent is the result of submitting one form.
type sent struct {
	form   forms.Form
	answer *client.Answer[wire.Request]
	before bool // it was submitted earlier
	err    error
}

// send submits one form after the other, so that the numbers follow the order of the files. A refused form does not stop the next one;
// a server that does not answer, or refuses the caller, does.
func (c *console) send(ctx context.Context, found []forms.Form) []sent {
	var done []sent
	progress := c.progressLine(len(found))
	for i, f := range found {
		progress(i)
		began := c.kit.Now()
		answer, err := c.api.Submit(ctx, f.Submission, f.Key(c.flag("again")))
		one := sent{form: f, answer: answer, err: err}
		if err == nil {
			one.before = wasBefore(answer, c.kit.Now().Sub(began))
		}
		done = append(done, one)
		if code := ExitCode(err); code == ExitUnreachable || code == ExitForbidden || ctx.Err() != nil {
			break
		}
	}
	progress(-1)
	return done
}

// wasBefore compares two moments of the server's clock: when the request was submitted, and when the call began.
func wasBefore(a *client.Answer[wire.Request], took time.Duration) bool {
	const grain = 2 * time.Second // a Date header has whole seconds
	return !a.Value.SubmittedAt.IsZero() && !a.Date.IsZero() && a.Value.SubmittedAt.Before(a.Date.Add(-took-grain))
}

// progressLine returns a function that writes the progress to a terminal; it writes nothing elsewhere, or for a few forms.
func (c *console) progressLine(total int) func(i int) {
	const few = 3
	file, ok := c.cmd.ErrOrStderr().(*os.File)
	if total <= few || !ok || !term.IsTerminal(int(file.Fd())) {
		return func(int) {}
	}
	return func(i int) {
		if i < 0 {
			fmt.Fprint(file, "\r\x1b[K")
			return
		}
		fmt.Fprintf(file, "\rsubmitting %d of %d", i+1, total)
	}
}

// failures joins the errors of all forms that were not taken; the exit code is that of the first one.
func failures(done []sent) error {
	var failed []error
	for _, s := range done {
		if s.err == nil {
			continue
		}
		err := fmt.Errorf("%q was not taken: %w", cleantext.Short(text.Clean(s.form.Title)), s.err)
		var refused *client.Refused
		if errors.As(s.err, &refused) && refused.Kind == problem.Invalid {
			err = fmt.Errorf("%q was not taken:\n%w", cleantext.Short(text.Clean(s.form.Title)), s.form.Where(refused.Errors))
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

func (c *console) reportSubmitted(done []sent) error {
	if c.json {
		return c.rawSubmitted(done)
	}
	taken := 0
	for _, s := range done {
		if s.err == nil {
			taken++
			printSubmitted(c.out, s)
		}
	}
	if len(done) > 1 {
		c.out.Line("%s taken, %d not.", count(taken, "request"), len(done)-taken)
	}
	return c.out.Err()
}

// rawSubmitted writes the API's answer for one request, and a list of answers and problem documents for several.
func (c *console) rawSubmitted(done []sent) error {
	var docs []string
	for _, s := range done {
		var refused *client.Refused
		switch {
		case s.err == nil:
			docs = append(docs, string(s.answer.Raw))
		case errors.As(s.err, &refused) && json.Valid(refused.Raw):
			docs = append(docs, string(refused.Raw))
		}
	}
	if len(done) == 1 {
		if len(docs) == 0 {
			return nil
		}
		return c.raw([]byte(docs[0]))
	}
	return c.raw([]byte("[" + strings.Join(docs, ",") + "]"))
}

func printSubmitted(p *text.Printer, s sent) {
	v := &s.answer.Value
	if v.Ref == "" {
		p.Line("%s  %s", v.ID, text.Clean(s.form.Title))
		p.Facts(text.Fact{Name: "stage", Value: "acknowledged; no worker has processed it yet, so it has no number"})
		return
	}
	p.Line("%s  %s", v.Ref, text.Clean(s.form.Title))
	stage := fmt.Sprintf("%s, %s", v.Stage, because(string(v.Lane)+" lane", v.LaneReason))
	if s.before {
		stage = "submitted before, " + p.When(v.SubmittedAt) + "; nothing was added"
	}
	facts := []text.Fact{{Name: "stage", Value: stage}}
	for _, q := range v.Questions {
		facts = append(facts, text.Fact{Name: "waits on", Value: fmt.Sprintf("%s: %s, until %s", who(q.Waiting), q.ID, p.When(q.DueAt))})
	}
	if v.Forecast != nil {
		facts = append(facts, text.Fact{Name: "forecast", Value: v.Forecast.Words})
	}
	for _, other := range v.Similar {
		facts = append(facts, text.Fact{Name: "perhaps like", Value: fmt.Sprintf("%s %s (%.0f %% alike)", pmo.Ref(other.Number), other.Title, other.Score*100)})
	}
	p.Facts(append(facts, quickerFacts(v)...)...)
}

// quickerFacts say what would make the request quicker.
func quickerFacts(r *wire.Request) []text.Fact {
	facts := make([]text.Fact, len(r.Quicker))
	for i, sentence := range r.Quicker {
		facts[i] = text.Fact{Name: "quicker", Value: sentence}
	}
	return facts
}

// count is a number with its noun, in the plural where needed.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// who lists people, or says that there are none.
func who(people []string) string {
	if len(people) == 0 {
		return "nobody"
	}
	return strings.Join(people, ", ")
}
