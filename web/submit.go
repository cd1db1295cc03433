package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"leanpmo/internal/client"
	"leanpmo/internal/policy"
	"leanpmo/internal/wire"
)

type kindsView struct {
	Kinds  []policy.KindDoc
	Drafts []wire.Draft // those of kinds that there are

	Comments []wire.Draft // that agents drafted; each is sent on the page of its request
}

// chooseKind lists the kinds of requests that the policy knows.
func (s *Site) chooseKind(w http.ResponseWriter, r *http.Request) error {
	rules, err := s.rules(r)
	if err != nil {
		return err
	}
	view := kindsView{Kinds: rules.Intake.Kinds}
	drafts, err := s.api.Drafts(r.Context())
	var refused *client.Refused
	if errors.As(err, &refused) && refused.Status == http.StatusForbidden { // who may not submit has no drafts
		return render(s, w, r, http.StatusOK, "kinds", view)
	}
	if err != nil {
		return err
	}
	for _, d := range drafts.Value.Items {
		if d.Request != "" {
			view.Comments = append(view.Comments, d)
			continue
		}
		if slices.ContainsFunc(view.Kinds, func(k policy.KindDoc) bool { return k.ID == d.Kind }) {
			view.Drafts = append(view.Drafts, d)
		}
	}
	return render(s, w, r, http.StatusOK, "kinds", view)
}

type submitView struct {
	Kind   policy.KindDoc
	Asked  []control
	More   []control
	Open   bool // the folded part has a value or an error
	Check  bool // the answers are shown to be checked; the next step submits them
	Key    string
	Faults []string // what belongs to no control

	Draft   string      // the id under which the form is saved
	Saved   *wire.Draft // what the form was filled with
	Similar wire.SimilarRequests
}

// ByMail is what the draft of a mail has.
func (submitView) ByMail() string { return wire.DraftByMail }

// LeftOut is what the draft of a mail has where attachments were not kept.
func (submitView) LeftOut() string { return wire.DraftLeftOut }

// Wrong reports whether anything must be mended.
func (v submitView) Wrong() bool {
	return len(v.Faults) > 0 || slices.ContainsFunc(append(slices.Clone(v.Asked), v.More...), func(c control) bool { return c.Error != "" })
}

func (s *Site) newForm(r *http.Request) (submitView, error) {
	rules, err := s.rules(r)
	if err != nil {
		return submitView{}, err
	}
	id := chi.URLParam(r, "kind")
	i := slices.IndexFunc(rules.Intake.Kinds, func(k policy.KindDoc) bool { return k.ID == id })
	if i < 0 {
		return submitView{}, errNoPage
	}
	view := submitView{Kind: rules.Intake.Kinds[i]}
	view.Asked, view.More = s.formOf(s.readerOf(r), rules, view.Kind)
	return view, nil
}

// submitForm shows the form of a kind.
func (s *Site) submitForm(w http.ResponseWriter, r *http.Request) error {
	view, err := s.newForm(r)
	if err != nil {
		return err
	}
	view.Key = client.NewKey()
	if err := s.withDraft(r, &view); err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "submit", view)
}

// submit shows the answers to be checked, or submits them. The key of the form makes a second click the same submission.
func (s *Site) submit(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	view, err := s.newForm(r)
	if err != nil {
		return err
	}
	view.Asked, view.More, view.Key = fill(view.Asked, r.PostForm), fill(view.More, r.PostForm), r.PostForm.Get("key")
	view.Open, view.Draft = view.given(), r.PostForm.Get("draft")
	step := r.PostForm.Get("step")
	if step == "draft" {
		return s.saveSubmission(w, r, view)
	}
	submission, faults, err := view.submission()
	if err != nil {
		return err
	}
	switch {
	case faults:
		return render(s, w, r, http.StatusUnprocessableEntity, "submit", view)
	case step == "change":
		return render(s, w, r, http.StatusOK, "submit", view)
	case step != "send":
		view.Check, view.Similar = true, s.similarTo(r, view.value("title"), view.value("problem"))
		return render(s, w, r, http.StatusOK, "submit", view)
	}
	if _, err := uuid.Parse(view.Draft); err == nil {
		submission.Draft = view.Draft
	}
	answer, err := s.api.Submit(r.Context(), submission, keyOf(r))
	if err != nil {
		var named bool
		all := append(view.Asked, view.More...)
		if view.Faults, named = blame(all, "", err); !named {
			return err
		}
		view.Asked, view.More = all[:len(view.Asked)], all[len(view.Asked):]
		view.Open = true
		return render(s, w, r, http.StatusUnprocessableEntity, "submit", view)
	}
	if submission.Draft != "" {
		if err := s.api.DropDraft(r.Context(), view.Draft); err != nil { // it is sent: that the draft stays is no reason to refuse
			s.Log.DebugContext(r.Context(), "draft of a submitted request not deleted", "cause", err)
		}
	}
	http.Redirect(w, r, "/requests/"+url.PathEscape(refOf(answer.Value.Number, answer.Value.ID))+"?new=1", http.StatusSeeOther)
	return nil
}

// submission reads the controls. A required control without a value is a fault, as is a number that cannot be read.
func (v *submitView) submission() (out wire.Submission, faults bool, err error) {
	doc, faults := document(v.Asked)
	more, moreFaults := document(v.More)
	for name, value := range more {
		doc[name] = value
	}
	faults = missing(v.Asked) || faults
	out, err = submissionOf(v.Kind.ID, doc)
	return out, faults || moreFaults, err
}

// submissionOf is the submission of a kind with the values of a form.
func submissionOf(kind string, values map[string]any) (out wire.Submission, err error) {
	values["kind"] = kind
	body, err := json.Marshal(values)
	if err != nil {
		return out, fmt.Errorf("write the submission: %w", err)
	}
	if err := json.Unmarshal(body, &out); err != nil {
		return out, fmt.Errorf("read the submission: %w", err)
	}
	return out, nil
}
