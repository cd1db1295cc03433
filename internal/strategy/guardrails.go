package strategy

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// GuardrailFlag is a guardrail with the share as it is.
type GuardrailFlag struct {
	ID         string    `json:"id"`
	By         Dimension `json:"by" enum:"theme,kind,horizon"`
	Of         string    `json:"of"`
	Name       string    `json:"name"`
	AtLeast    *float64  `json:"at_least,omitempty"`
	AtMost     *float64  `json:"at_most,omitempty"`
	WindowDays int       `json:"window_days,omitempty" doc:"Of what was delivered in so many days; absent: of the work in process"`
	Share      float64   `json:"share"`
	Size       float64   `json:"size" doc:"In team-weeks"`
	Total      float64   `json:"total" doc:"Of all, in team-weeks; 0: there is nothing yet, and nothing is flagged"`
	Broken     bool      `json:"broken"`
	Words      string    `json:"words" doc:"The same in a sentence"`
}

// Flags holds each guardrail against the work.
func Flags(r Rules, work []Work, at time.Time) []GuardrailFlag {
	flags := []GuardrailFlag{}
	for _, g := range r.Guardrails {
		flags = append(flags, g.flag(work, at))
	}
	return flags
}

// Broken are the flags of guardrails that are not kept.
func Broken(flags []GuardrailFlag) []GuardrailFlag {
	broken := []GuardrailFlag{}
	for _, f := range flags {
		if f.Broken {
			broken = append(broken, f)
		}
	}
	return broken
}

func (g Guardrail) flag(work []Work, at time.Time) GuardrailFlag { return g.flagOf(g.tally(work, at)) }

// tally is what a guardrail counts: the size of its part and of everything, in team-weeks.
type tally struct{ part, total float64 }

// tally counts the work in process, or with a window what was delivered in it.
func (g Guardrail) tally(work []Work, at time.Time) tally {
	var t tally
	for i := range work {
		if delivered := work[i].Delivered; g.Window == 0 && delivered.IsZero() || g.Window > 0 && !delivered.IsZero() && !delivered.Before(at.Add(-g.Window)) {
			t = g.add(t, &work[i])
		}
	}
	return t
}

// add counts one more.
func (g Guardrail) add(t tally, w *Work) tally {
	return tally{part: t.part + w.part(g.By, g.Of)*w.Size, total: t.total + w.Size}
}

func (g Guardrail) flagOf(t tally) GuardrailFlag {
	f := GuardrailFlag{ID: g.ID, By: g.By, Of: g.Of, Name: g.Name, AtLeast: g.AtLeast, AtMost: g.AtMost, WindowDays: days(g.Window), Size: t.part, Total: t.total}
	if t.total > 0 {
		f.Share = t.part / t.total
	}
	f.Broken = f.Total > 0 && f.distance() > 0
	f.Words = f.sentence()
	return f
}

// rounding keeps a share that is exactly at its bound from being flagged because of the last digit of a sum.
const rounding = 1e-9

// distance is by how much the share is outside its bounds; 0 within them.
func (f GuardrailFlag) distance() float64 {
	var d float64
	if f.AtLeast != nil {
		d = max(d, *f.AtLeast-f.Share)
	}
	if f.AtMost != nil {
		d = max(d, f.Share-*f.AtMost)
	}
	if d <= rounding {
		return 0
	}
	return d
}

func (f GuardrailFlag) sentence() string {
	of := f.of()
	if f.Total == 0 {
		return fmt.Sprintf("%s: there is nothing in %s yet; the guardrail is %s.", f.Name, of, f.bounds())
	}
	return fmt.Sprintf("%s has %s of %s (%s of %s team-weeks); the guardrail is %s.", f.Name, percent(f.Share), of, number(f.Size), number(f.Total), f.bounds())
}

// of says what the share is of.
func (f GuardrailFlag) of() string {
	if f.WindowDays > 0 {
		return fmt.Sprintf("what was delivered in %d days", f.WindowDays)
	}
	return "the work in process"
}

func (f GuardrailFlag) bounds() string { return Bounds(f.AtLeast, f.AtMost) }

// Bounds says a guardrail in words: at least 10 %, at most 30 %.
func Bounds(least, most *float64) string {
	var parts []string
	if least != nil {
		parts = append(parts, "at least "+percent(*least))
	}
	if most != nil {
		parts = append(parts, "at most "+percent(*most))
	}
	return strings.Join(parts, " and ")
}

// Pulled says for each request, in the order in which they are pulled, what that does to the guardrails on work in process: those that are further
// from being kept than before, and those that are nearer. The work has them not yet.
func Pulled(r Rules, work, pulled []Work, at time.Time) [][]string {
	said := make([][]string, len(pulled))
	for _, g := range r.Guardrails {
		if g.Window > 0 {
			continue
		}
		counted := g.tally(work, at)
		before := g.flagOf(counted)
		for i := range pulled {
			counted = g.add(counted, &pulled[i])
			after := g.flagOf(counted)
			if text := effect(before, after); text != "" {
				said[i] = append(said[i], text)
			}
			before = after
		}
	}
	return said
}

// GuardrailEffect is what a pull would do to a guardrail on the work in process, or its delivery to one on what was delivered.
type GuardrailEffect struct {
	GuardrailFlag         // as it would be then
	Before        float64 `json:"before" doc:"The share as it is"`
	Towards       bool    `json:"towards,omitempty" doc:"It would be nearer to being kept; absent: it would be further away"`
}

// IfPulled says of each waiting request what the guardrails on the work in process would be if it alone were pulled now, and those on what was delivered
// once it is: those that are then further from being kept, and those that are nearer. Of the latter it names those alone that are on its own theme, kind or
// horizon: every delivery makes the shares of all others smaller.
func IfPulled(r Rules, work, waiting []Work, at time.Time) [][]GuardrailEffect {
	said := make([][]GuardrailEffect, len(waiting))
	for _, g := range r.Guardrails {
		counted := g.tally(work, at)
		before := g.flagOf(counted)
		for i := range waiting {
			if g.Window > 0 && waiting[i].part(g.By, g.Of) == 0 {
				continue
			}
			after := g.flagOf(g.add(counted, &waiting[i]))
			e := GuardrailEffect{GuardrailFlag: after, Before: before.Share}
			e.Words = effect(before, after)
			if e.Towards = strings.HasPrefix(e.Words, towards); e.Words != "" {
				said[i] = append(said[i], e)
			}
		}
	}
	return said
}

// How the words of an effect begin.
const against, towards = "against a guardrail: ", "towards a guardrail: "

// effect is empty where a guardrail was kept before and after, or is as far from it as before.
func effect(before, after GuardrailFlag) string {
	was, is := before.distance(), after.distance()
	if before.Total == 0 {
		was = 0
	}
	text := fmt.Sprintf("%s then has %s of %s, the guardrail is %s", after.Name, percent(after.Share), after.of(), after.bounds())
	switch {
	case is > was+rounding:
		return against + text
	case was > is+rounding:
		return towards + text
	}
	return ""
}

func percent(share float64) string {
	return strconv.FormatFloat(float64(int(share*1000+0.5))/10, 'f', -1, 64) + " %"
}

func number(x float64) string {
	return strconv.FormatFloat(float64(int(x*10+0.5))/10, 'f', -1, 64)
}
