package approach

// condition is one requirement of a rule. It can measure how far a context is
// from it and change a copy of the context so that it holds or breaks, which is
// how sensitivities are found by trying instead of by guessing.
type condition struct {
	asks []string // the questions it rests on
	// gap is 0 when it holds, 1 when the answer is the contrary, in between for a
	// number that is close; 0.5 and not known without an answer.
	gap func(c *Context, p *Policy) (gap float64, known bool)
	// fact is the sentence while it holds; wish and loss phrase the change that
	// would make it hold or break.
	fact func(c *Context, p *Policy) string
	wish func(p *Policy) string
	loss func(p *Policy) string
	hold func(c *Context, p *Policy)
	drop func(c *Context, p *Policy)
}

const unknownGap = 0.5

func fixed(s string) func(*Policy) string { return func(*Policy) string { return s } }

// answerIs holds when an answer is exactly want. Partial is half way.
func answerIs(name string, want Answer, fact, wish, loss string) condition {
	get := named(name).answer
	contrary := No
	if want == No {
		contrary = Yes
	}
	return condition{
		asks: []string{name},
		gap: func(c *Context, _ *Policy) (float64, bool) {
			switch a := *get(c); {
			case a == want:
				return 0, true
			case a == Partial:
				return 0.5, true
			case !a.known():
				return unknownGap, false
			}
			return 1, true
		},
		fact: func(*Context, *Policy) string { return fact },
		wish: fixed(wish), loss: fixed(loss),
		hold: func(c *Context, _ *Policy) { *get(c) = want },
		drop: func(c *Context, _ *Policy) { *get(c) = contrary },
	}
}

// threshold describes a number that must lie on one side of a cut.
type threshold struct {
	name  string
	cut   func(*Policy) float64
	most  bool // true: at most the cut; false: at least
	over  bool // with most false: strictly above the cut
	label string
	unit  string
	scale float64 // shown value = value × scale
}

func (t threshold) condition() condition {
	get := named(t.name).number
	side, other := " at least ", " below "
	if t.over {
		side, other = " above ", " at most "
	}
	if t.most {
		side, other = " at most ", " above "
	}
	show := func(v float64) string { return num(v*t.scale) + t.unit }
	put := func(c *Context, v float64) { *get(c) = &v }
	return condition{
		asks: []string{t.name},
		gap: func(c *Context, p *Policy) (float64, bool) {
			v, ok := number(*get(c))
			if !ok {
				return unknownGap, false
			}
			return t.gap(v, t.cut(p)), true
		},
		fact: func(c *Context, p *Policy) string {
			v, _ := number(*get(c))
			return t.label + " is " + show(v) + ", which is" + side + show(t.cut(p))
		},
		wish: func(p *Policy) string { return t.label + " were" + side + show(t.cut(p)) },
		loss: func(p *Policy) string { return t.label + " were" + other + show(t.cut(p)) },
		hold: func(c *Context, p *Policy) { put(c, t.within(t.cut(p))) },
		drop: func(c *Context, p *Policy) { put(c, t.beyond(t.cut(p))) },
	}
}

// gap is how far a known number is from its side of the cut.
func (t threshold) gap(v, cut float64) float64 {
	switch {
	case t.most && v <= cut, !t.most && v > cut, !t.most && !t.over && v == cut:
		return 0
	case t.most:
		return min(1, (v-cut)/cut)
	}
	// The smallest step above zero, so that "exactly the cut" is not "beyond" it.
	return max(0.01, (cut-v)/cut)
}

func (t threshold) within(cut float64) float64 {
	if t.over {
		return cut * 1.2
	}
	return cut
}

func (t threshold) beyond(cut float64) float64 {
	switch {
	case t.most:
		return cut * 2
	case t.over:
		return cut
	}
	return cut / 2
}
