package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

type scoringView struct {
	Request *wire.Request
	Round   *wire.ScoringRound // nil: nobody was asked yet
	Opens   bool               // the reader may ask people, and reveal
	Asked   bool               // the round waits on the reader, or can still be changed by them
	Ask     []control          // whom to ask, and about what
	Mine    []control          // what the reader gives
	Faults  []string
}

// Key makes a second click the same command.
func (scoringView) Key() string { return client.NewKey() }

// scoringView is the round as the reader may see it, with what they may do.
func (s *Site) scoringView(r *http.Request) (scoringView, error) {
	ref := chi.URLParam(r, "ref")
	request, err := s.api.Request(r.Context(), ref)
	if err != nil {
		return scoringView{}, err
	}
	view := scoringView{Request: &request.Value, Opens: slices.Contains(request.Value.Commands, "inputs")}
	round, err := s.api.Scoring(r.Context(), ref)
	var refused *client.Refused
	switch {
	case errors.As(err, &refused) && refused.Kind == problem.NotFound:
	case err != nil:
		return view, err
	default:
		view.Round = &round.Value
	}
	rules, err := s.rules(r)
	if err != nil {
		return view, err
	}
	t := s.readerOf(r)
	if view.Opens && (view.Round == nil || !view.Round.Open) {
		view.Ask = []control{{Name: "people", Type: typeChecks, Label: t.T("scoring.people"), Choices: s.people(), Required: true}}
	}
	if view.Round != nil && view.Round.Open {
		me := viewerOf(r.Context()).ID
		view.Asked = slices.ContainsFunc(view.Round.People, func(p wire.ScoringPerson) bool { return p.Person == me })
		view.Mine = append(slices.DeleteFunc(inputControls(t, rules), func(c control) bool { return !slices.Contains(view.Round.Inputs, c.Name[len("inputs."):]) }),
			control{Name: "sure", Type: typeChoice, Label: t.T("scoring.sure"), Choices: sureChoices(t)},
			control{Name: "reason", Type: typeArea, Label: t.T("field.reason")})
		view.fillMine()
	}
	return view, nil
}

func sureChoices(t *reader) (list []choice) {
	for _, sure := range []pmo.Sureness{pmo.SureLow, pmo.SureMedium, pmo.SureHigh} {
		list = append(list, choice{string(sure), t.T("confidence." + string(sure))})
	}
	return list
}

// fillMine shows what the reader gave before.
func (v *scoringView) fillMine() {
	mine := v.Round.Mine
	if mine == nil {
		return
	}
	given := map[string]string{"sure": string(mine.Sure), "reason": mine.Reason, "inputs.moscow": mine.Inputs.MoSCoW}
	for _, in := range mine.Inputs.Each() {
		if in.Value != nil {
			given["inputs."+in.Name] = strconv.FormatFloat(*in.Value, 'g', -1, 64)
		}
	}
	for i := range v.Mine {
		c := &v.Mine[i]
		if c.Value = given[c.Name]; c.Value != "" && len(c.Choices) > 0 {
			c.Choices = withChosen(c.Choices, c.Value)
		}
	}
}

// scoring shows the round of private scores of a request.
func (s *Site) scoring(w http.ResponseWriter, r *http.Request) error {
	view, err := s.scoringView(r)
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "scoring", view)
}

// changeScoring asks people, takes what the reader gives, or reveals.
func (s *Site) changeScoring(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errNotNow
	}
	view, err := s.scoringView(r)
	if err != nil {
		return err
	}
	var controls *[]control
	switch ref := view.Request.ID; chi.URLParam(r, "step") {
	case "open":
		controls = &view.Ask
		_, err = s.api.OpenScoring(r.Context(), ref, wire.OpenScoring{People: r.PostForm["people"]}, keyOf(r))
	case "reveal":
		_, err = s.api.RevealScoring(r.Context(), ref, keyOf(r))
	default:
		controls = &view.Mine
		view.Mine = fill(view.Mine, r.PostForm)
		doc, wrong := document(view.Mine)
		if wrong {
			return render(s, w, r, http.StatusUnprocessableEntity, "scoring", view)
		}
		var score wire.PrivateScore
		text, _ := json.Marshal(doc) // plain data always encodes
		if json.Unmarshal(text, &score) != nil {
			return errNotNow
		}
		_, err = s.api.Score(r.Context(), ref, score, keyOf(r))
	}
	if err == nil {
		http.Redirect(w, r, "/requests/"+url.PathEscape(view.Request.ID)+"/scoring", http.StatusSeeOther)
		return nil
	}
	if controls == nil {
		return err
	}
	var named bool
	*controls = fill(*controls, r.PostForm)
	if view.Faults, named = blame(*controls, "", err); !named {
		return err
	}
	return render(s, w, r, http.StatusUnprocessableEntity, "scoring", view)
}
