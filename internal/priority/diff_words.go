package priority

import "strings"

// Sentence says in plain words how a request moved and why.
func (m Move) Sentence() string {
	who := name(m.Number, m.ID)
	switch {
	case m.From == 0:
		return who + " is new at rank " + whole(m.To) + "."
	case m.To == 0:
		return who + " left the backlog from rank " + whole(m.From) + "."
	}
	direction := "rose"
	if m.To > m.From {
		direction = "fell"
	}
	return who + " " + direction + " from rank " + whole(m.From) + " to " + whole(m.To) + ": " + m.Because() + "."
}

// Because is the reason alone: "requests left (+2), time passed (−1)".
func (m Move) Because() string {
	switch {
	case m.From == 0:
		return "new in the backlog"
	case m.To == 0:
		return "left the backlog"
	}
	parts := make([]string, 0, len(m.Causes))
	for _, c := range m.Causes {
		parts = append(parts, c.words(m.Changed))
	}
	return strings.Join(parts, ", ")
}

func (c Cause) words(changed Fields) string {
	return c.Kind.words(changed) + " (" + places(c.Places) + ")"
}

func (k CauseKind) words(changed Fields) string {
	switch k {
	case CauseArrival:
		return "requests arrived"
	case CauseDeparture:
		return "requests left"
	case CausePolicy:
		return "the policy changed"
	case CauseAgeing:
		return "time passed"
	case CauseCapacity:
		return "the time the teams need changed"
	case CauseDue:
		return "its fixed date became due"
	case CauseOwnInputs:
		return "its own " + changed.Words() + " changed"
	case CauseOtherInputs:
		return "inputs of others changed"
	case CauseDependencies:
		return "what needs what changed"
	case CauseStability:
		return "the order of near-ties changed"
	}
	return string(k)
}

func places(n int) string {
	if n > 0 {
		return "+" + whole(n)
	}
	return "−" + whole(-n)
}
