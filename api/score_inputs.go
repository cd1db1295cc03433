package api

import (
	"strconv"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// scoreInputs are the inputs that the request's scoring model needs, with who gave them and when. Of one that is unknown it says who gives it.
func (a *API) scoreInputs(r *pmo.Request) []wire.ScoreInput {
	if r.Closed() || r.Pulled() {
		return nil // no rank depends on them
	}
	values := map[string]string{"moscow": r.Content.Inputs.MoSCoW}
	for _, in := range r.Content.Inputs.Each() {
		if in.Value != nil {
			values[in.Name] = numberText(*in.Value)
		}
	}
	var list []wire.ScoreInput
	for _, name := range r.NeededInputs() {
		in := wire.ScoreInput{Name: name, Value: values[name]}
		if note, known := r.InputNotes[name]; known {
			at := note.At
			in.By, in.At, in.Sure, in.Stale = note.By, &at, note.Sure, note.Stale(a.Policy.Now().InputsStaleAfter(), a.Now())
		}
		if in.Value == "" {
			in.From = a.givesInputs(r)
		}
		list = append(list, in)
	}
	return list
}

// givesInputs names who gives what is missing: who is asked, or the PMO and the sponsor until somebody is.
func (a *API) givesInputs(r *pmo.Request) []string {
	for i := range r.Questions {
		if q := &r.Questions[i]; q.Open() && q.Kind == pmo.KindScore {
			return q.Waiting()
		}
	}
	who := []string{"the PMO"}
	if r.Content.Sponsor != "" {
		who = append(who, r.Content.Sponsor)
	}
	return who
}

func numberText(n float64) string { return strconv.FormatFloat(n, 'g', -1, 64) }
