package priority

// Class is a class of service: a bundle of rules chosen by how the cost of
// delay grows with time. It is not a priority.
type Class string

const (
	// Expedite is for an immediate, steep cost of delay: its own lane, a limit of
	// its own, every use reviewed.
	Expedite Class = "expedite"
	// FixedDate is for a cost that steps up at a real date: pulled at that date
	// minus the 85th percentile of lead time, neither earlier nor later.
	FixedDate Class = "fixed_date"
	// Standard is for a steadily rising cost: ranked by cost of delay over size.
	Standard Class = "standard"
	// Intangible is for a cost that is flat now and steep later: ranked like
	// standard work, with a reserved share of slots so that it never starves.
	Intangible Class = "intangible"
)

// classes holds the classes of service in lane order.
var classes = [...]Class{Expedite, FixedDate, Standard, Intangible}

// Valid reports whether c is one of the four classes of service.
func (c Class) Valid() bool {
	for _, k := range classes {
		if c == k {
			return true
		}
	}
	return false
}

// orStandard reads an absent or unknown class as standard, the class whose rules
// give no request an advantage.
func (c Class) orStandard() Class {
	if c.Valid() {
		return c
	}
	return Standard
}

// Band is the part of the ranking that an entry belongs to. Bands never mix:
// every entry of a lower band number ranks ahead of every entry of a higher one.
type Band int

const (
	// BandExpedite holds expedite work, in order of arrival.
	BandExpedite Band = iota + 1
	// BandDue holds fixed-date work whose time to start has come, by that time.
	BandDue
	// BandFlow holds scored standard and intangible work, by score.
	BandFlow
	// BandNotYet holds fixed-date work that must still wait, by its time to start.
	BandNotYet
	// BandWont holds scored work that MoSCoW puts aside for this time. It is not pulled.
	BandWont
	// BandUnscored holds work that cannot be scored yet, in order of arrival.
	BandUnscored
)

// String names the band as it appears in explanations.
func (b Band) String() string {
	switch b {
	case BandExpedite:
		return "expedite"
	case BandDue:
		return "fixed date, due"
	case BandFlow:
		return "by score"
	case BandNotYet:
		return "fixed date, not yet"
	case BandWont:
		return "won't this time"
	case BandUnscored:
		return "cannot be scored"
	}
	return "unknown"
}
