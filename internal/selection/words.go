package selection

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Why is the reason of a line in one sentence; empty where set and list agree.
func (l Line) Why() string {
	switch l.Reason {
	case ReasonValue:
		return fmt.Sprintf("It brings %s for each team-week; what leaves brings %s.", number(l.Rate), number(l.Others))
	case ReasonFits:
		return fmt.Sprintf("It fits in beside the others and adds %s.", number(l.Value))
	case ReasonNeeded:
		return names(l.NeededBy) + plural(len(l.NeededBy), " needs it.", " need it.")
	case ReasonLess:
		return fmt.Sprintf("It brings %s for each team-week; what takes its place brings %s.", number(l.Rate), number(l.Others))
	case ReasonRoom:
		return fmt.Sprintf("It brings %s for each team-week, but its %s team-weeks leave too little room for others that bring more together.", number(l.Rate), number(l.Size))
	}
	return ""
}

// Words says what the set gains over the plain list, how good it is, and what one more team-week would bring, in sentences.
func (f Funding) Words() []string {
	out := []string{fmt.Sprintf("The set: %s worth %s for %s of %s team-weeks. The plain list down to its cut line: %s worth %s for %s.",
		count(f.Set.Count), number(f.Set.Value), number(f.Set.Size), number(f.Capacity), count(f.List.Count), number(f.List.Value), number(f.List.Size))}
	out = append(out, f.gainWords())
	if f.Proven {
		out = append(out, "No set is worth more.")
	} else {
		out = append(out, fmt.Sprintf("No set is worth more than %s: at most %s %% is missing.", number(f.Bound), number(100*f.Gap())))
	}
	return append(out, f.OneMore.words())
}

func (f Funding) gainWords() string {
	var in, leaves []string
	for _, l := range f.Lines {
		switch {
		case l.InSet && !l.InList:
			in = append(in, l.Ref)
		case l.InList && !l.InSet:
			leaves = append(leaves, l.Ref)
		}
	}
	switch {
	case len(in)+len(leaves) == 0:
		return "Set and list are the same."
	case len(leaves) == 0:
		return fmt.Sprintf("The set gains %s: it adds %s.", number(f.Gain), names(in))
	}
	return fmt.Sprintf("The set gains %s: %s instead of %s.", number(f.Gain), names(in), names(leaves))
}

func (o OneMore) words() string {
	if len(o.In) == 0 {
		if o.Proven {
			return "One more team-week alone would bring nothing."
		}
		return "With one more team-week nothing better was found."
	}
	begin := "One more team-week would bring at least "
	if o.Proven {
		begin = "One more team-week would bring "
	}
	if len(o.Out) == 0 {
		return begin + number(o.Gain) + ": " + names(o.In) + " too."
	}
	return begin + number(o.Gain) + ": " + names(o.In) + " instead of " + names(o.Out) + "."
}

func count(n int) string { return strconv.Itoa(n) + plural(n, " request", " requests") }

func plural(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}

// mostNames is how many requests a sentence names.
const mostNames = 8

// names lists refs: "R-1, R-2 and R-3".
func names(refs []string) string {
	if len(refs) > mostNames {
		return strings.Join(refs[:mostNames], ", ") + fmt.Sprintf(" and %d more", len(refs)-mostNames)
	}
	if len(refs) < 2 {
		return strings.Join(refs, "")
	}
	return strings.Join(refs[:len(refs)-1], ", ") + " and " + refs[len(refs)-1]
}

// number writes a number with at most two decimals.
func number(x float64) string { return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64) }
