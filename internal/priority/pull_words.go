package priority

import (
	"math"
	"strings"
)

// Sentence says in plain words what was decided and which limit decided it.
func (d Decision) Sentence() string {
	who := name(d.Number, d.ID)
	if d.Pulled {
		return who + " is pulled: " + d.Because() + "."
	}
	return who + " is not pulled: " + d.Because() + "."
}

// Because is the reason alone: "portfolio WIP limit 12 reached".
func (d Decision) Because() string {
	limit := whole(d.Limit)
	switch d.Reason {
	case PulledByRank:
		if d.Limit == math.MaxInt {
			return "the portfolio has no WIP limit"
		}
		return "slot " + whole(d.Used+1) + " of " + limit + " is free and its turn has come"
	case PulledReserved:
		return "a slot is reserved for class " + words(string(d.Class))
	case PulledExpedite:
		return "the expedite lane has room (limit " + limit + ")"
	case HeldPortfolio:
		return "portfolio WIP limit " + limit + " reached"
	case HeldReserved:
		return "the free slots under portfolio WIP limit " + limit + " are reserved for other classes of service"
	case HeldClass:
		return "class " + words(string(d.Class)) + " limit " + limit + " reached"
	case HeldExpedite:
		return "expedite lane limit " + limit + " reached"
	case HeldNotBefore:
		return "not before " + day(d.NotBefore)
	case HeldWont:
		return "it is put aside for this time (MoSCoW: won't)"
	case HeldInputs:
		return d.lacks()
	}
	return words(string(d.Reason))
}

func (d Decision) lacks() string {
	var parts []string
	if d.Missing != 0 {
		parts = append(parts, "inputs missing: "+d.Missing.Words())
	}
	if d.Unusable != 0 {
		parts = append(parts, "inputs unusable: "+d.Unusable.Words())
	}
	return strings.Join(parts, "; ")
}
