package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// dialogue asks a person on a terminal, line by line.
type dialogue struct {
	in  *bufio.Scanner
	out io.Writer
}

// isTerminal reports whether what is read is typed by a person now.
func isTerminal(in io.Reader) bool {
	file, ok := in.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// dialogue is the conversation with the person at the terminal; nil when nobody is there to answer.
func (c *console) dialogue() *dialogue {
	in := c.cmd.InOrStdin()
	if c.json || !c.kit.Terminal(in) {
		return nil
	}
	return &dialogue{in: bufio.NewScanner(in), out: c.cmd.OutOrStdout()}
}

// line asks for one line. It reports false at the end of the input.
func (d *dialogue) line(prompt string) (string, bool) {
	fmt.Fprint(d.out, prompt+": ")
	if !d.in.Scan() {
		fmt.Fprintln(d.out)
		return "", false
	}
	return strings.TrimSpace(d.in.Text()), true
}

// needed asks until something is typed. It reports false at the end of the input.
func (d *dialogue) needed(prompt string) (string, bool) {
	for {
		words, ok := d.line(prompt)
		if !ok || words != "" {
			return words, ok
		}
	}
}

// ask shows a question with all that is known, and asks for the answer and what it needs. Where nobody is at a terminal it shows the same and
// says how to answer.
func (c *console) ask(found *client.Answer[wire.Request], q *wire.OpenQuestion, y reply) (reply, error) {
	d := c.dialogue()
	if c.json {
		if err := c.raw(found.Raw); err != nil {
			return y, err
		}
	} else {
		printCard(c.out, found, []wire.OpenQuestion{*q})
	}
	if d == nil {
		return y, usagef("say which answer:%s", optionList(&found.Value, q))
	}
	c.out.Line("")
	o, ok := d.option(q.Options)
	if !ok {
		return y, usagef("nothing was answered")
	}
	y.answer = o.Verdict
	if o.Reason && y.reason == "" {
		if y.reason, ok = d.needed("Reason"); !ok {
			return y, usagef("nothing was answered")
		}
	}
	if len(y.set) > 0 {
		return y, nil
	}
	for _, need := range o.Needs {
		if need == "conditions" {
			y.set = append(y.set, d.conditions(&found.Value, o))
			continue
		}
		y.set = append(y.set, d.fields(&found.Value, need)...)
	}
	return y, nil
}

// option asks for one of the answers, by its word or its position in the list.
func (d *dialogue) option(options []pmo.Option) (pmo.Option, bool) {
	var words []string
	for i, o := range options {
		words = append(words, fmt.Sprintf("%d %s", i+1, o.Verdict))
	}
	for {
		typed, ok := d.line("Answer (" + strings.Join(words, ", ") + "; empty: none)")
		if !ok || typed == "" {
			return pmo.Option{}, false
		}
		for i, o := range options {
			if typed == o.Verdict || typed == strconv.Itoa(i+1) {
				return o, true
			}
		}
		fmt.Fprintln(d.out, "That is none of them.")
	}
}

// fields asks for what an answer needs besides the reason: of the form, for what it lacks.
func (d *dialogue) fields(r *wire.Request, need string) []string {
	switch need {
	case "patch":
		if r.QuestionOf(pmo.KindClarify) != nil && len(r.Missing) > 0 {
			return d.gaps(r.Missing)
		}
		return d.pairs()
	case "review":
		return d.each([]string{"review.changed", "review.learned", "review.differently"})
	case "inputs":
		return d.each(forms.Fields(need))
	}
	value, _ := d.needed(need)
	return []string{need + "=" + value}
}

// gaps asks for each field that the form lacks; an empty line leaves one out.
func (d *dialogue) gaps(gaps []pmo.Gap) []string {
	var set []string
	for _, gap := range gaps {
		fmt.Fprintln(d.out, text.Clean(gap.Why))
		set = append(set, d.each(forms.Fields(gap.Field))...)
	}
	return set
}

// each asks for the value of each field; an empty line leaves one out.
func (d *dialogue) each(fields []string) []string {
	var set []string
	for _, field := range fields {
		value, ok := d.line("  " + field)
		if !ok {
			break
		}
		if value != "" {
			set = append(set, field+"="+value)
		}
	}
	return set
}

// pairs asks for any fields of the form until an empty line.
func (d *dialogue) pairs() []string {
	var set []string
	for {
		pair, ok := d.line("FIELD=VALUE (empty: no more)")
		if !ok || pair == "" {
			return set
		}
		set = append(set, pair)
	}
}
