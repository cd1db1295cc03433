package priority

import (
	"fmt"
	"math"
)

// ClassLimit limits one class of service within the portfolio.
type ClassLimit struct {
	// Max is the most of this class in progress at once; nil means no own limit.
	Max *int `json:"max,omitempty"`
	// Reserved slots go to this class first. While no request of the class is
	// ready, others may use them, so that no slot stays idle; the next free slot
	// goes to the class again.
	Reserved int `json:"reserved,omitempty"`
}

// Limits limit the work in progress of a portfolio, in requests.
type Limits struct {
	// Portfolio is the most in progress over all classes but expedite; nil means
	// no limit.
	Portfolio *int `json:"portfolio,omitempty"`
	// Expedite is the limit of the expedite lane, which does not count towards the
	// portfolio limit; nil means 1.
	Expedite *int                 `json:"expedite,omitempty"`
	Classes  map[Class]ClassLimit `json:"classes,omitempty"`
}

// WIP counts the requests in progress now by class of service.
type WIP map[Class]int

// Validate returns an *InputError for a negative limit, a limit for a class
// that has none of its own here, or reservations beyond the portfolio limit.
func (l Limits) Validate() error {
	for field, v := range map[string]*int{"portfolio": l.Portfolio, "expedite": l.Expedite} {
		if v != nil && *v < 0 {
			return &InputError{Field: field, Reason: mustNotBeBelow}
		}
	}
	reserved := 0
	for class, c := range l.Classes {
		field := fmt.Sprintf("classes.%s", class)
		switch {
		case !class.Valid() || class == Expedite:
			return &InputError{Field: field, Reason: "must be fixed_date, standard or intangible"}
		case c.Reserved < 0 || c.Max != nil && *c.Max < 0:
			return &InputError{Field: field, Reason: mustNotBeBelow}
		case c.Max != nil && *c.Max < c.Reserved:
			return &InputError{Field: field, Reason: "must not reserve more than its maximum"}
		}
		reserved += c.Reserved
	}
	if l.Portfolio != nil && reserved > *l.Portfolio {
		return &InputError{Field: "classes", Reason: "must not reserve more than the portfolio limit"}
	}
	return nil
}

func (l Limits) portfolio() int {
	if l.Portfolio == nil {
		return math.MaxInt
	}
	return *l.Portfolio
}

func (l Limits) expedite() int {
	if l.Expedite == nil {
		return 1
	}
	return *l.Expedite
}

// most is a class's own limit, MaxInt if it has none.
func (l Limits) most(c Class) int {
	if m := l.Classes[c].Max; m != nil {
		return *m
	}
	return math.MaxInt
}
