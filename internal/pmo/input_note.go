package pmo

import "time"

// Sureness is how sure somebody is of a number they give.
type Sureness string

const (
	SureLow    Sureness = "low"
	SureMedium Sureness = "medium"
	SureHigh   Sureness = "high"
)

func (s Sureness) valid() bool { return s == "" || s == SureLow || s == SureMedium || s == SureHigh }

// InputNote says where an input of the score comes from.
type InputNote struct {
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Sure Sureness  `json:"sure,omitempty" enum:"low,medium,high"`
}

// noteInputs records who gave the inputs, and drops the notes of those that are unknown again.
func (r *Request) noteInputs(given Inputs, by string, sure Sureness, now time.Time) {
	unknown := r.Content.Inputs.Missing(InputNames())
	for _, name := range InputNames() {
		switch {
		case contains(unknown, name):
			delete(r.InputNotes, name)
		case !contains(given.Missing(InputNames()), name):
			if r.InputNotes == nil {
				r.InputNotes = map[string]InputNote{}
			}
			r.InputNotes[name] = InputNote{By: by, At: now, Sure: sure}
		}
	}
}

// notePatch records who gave the inputs of a change of the form.
func (r *Request) notePatch(p Patch, by string, now time.Time) {
	if p.Inputs != nil || p.Merge != nil {
		given := Inputs{}
		if p.Inputs != nil {
			given = *p.Inputs
		}
		r.noteInputs(given, by, "", now)
	}
}

// Stale reports whether the input is older than an age.
func (n InputNote) Stale(age time.Duration, now time.Time) bool {
	return age > 0 && now.Sub(n.At) > age
}
