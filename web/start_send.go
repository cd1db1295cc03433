package web

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"leanpmo/internal/cleantext"
	"leanpmo/internal/client"
	"leanpmo/internal/problem"
	"leanpmo/internal/publicform"
	"leanpmo/internal/wire"
)

// sendStart submits the form, and leads to the page that its status link shows.
func (s *Site) sendStart(w http.ResponseWriter, r *http.Request, view startView, submission wire.Submission, mark publicform.Mark) error {
	view.Check = true
	if wait, ok := s.public.sent.Take(s.addressOf(r)); !ok {
		s.tooOften(w, wait)
		view.Faults = []string{s.readerOf(r).T("start.address_limit")}
		return render(s, w, r, http.StatusTooManyRequests, "start_form", view)
	}
	answers := answersOf(r.PostForm)
	token := mark.Token(answers)
	link, _ := publicform.HashOf(token)
	asked := publicform.Request{Name: view.Who[0].Value, Contact: view.Who[1].Value, At: s.Now().UTC()}
	err := s.public.Store.BeginPublic(r.Context(), link, asked, s.public.PerHour)
	if errors.Is(err, publicform.ErrLimit) {
		s.Log.WarnContext(r.Context(), "public request refused", "cause", err)
		s.tooOften(w, time.Hour/4)
		view.Faults = []string{s.readerOf(r).T("start.hour_limit")}
		return render(s, w, r, http.StatusTooManyRequests, "start_form", view)
	}
	if err != nil {
		return away(err)
	}
	answer, err := s.api.Submit(r.Context(), submission, mark.Key(answers))
	if err != nil {
		return s.refuseStart(w, r, view, link, err)
	}
	if err := s.public.Store.SubmittedPublic(r.Context(), link, answer.Value.ID); err != nil {
		return problem.Wrap(err, problem.Unavailable, "your request was taken, and the link to its status is not made yet: send the form once more")
	}
	http.Redirect(w, r, "/status/"+token+"?new=1", http.StatusSeeOther)
	return nil
}

// refuseStart shows the form with what was wrong, and keeps nothing of a person whose request was not taken.
func (s *Site) refuseStart(w http.ResponseWriter, r *http.Request, view startView, link publicform.Hash, err error) error {
	var refused *client.Refused
	if errors.As(err, &refused) && refused.Status < http.StatusInternalServerError {
		if err := s.public.Store.DropPublic(r.Context(), link); err != nil { // it is deleted after a day
			s.Log.WarnContext(r.Context(), "who asked for a refused request is forgotten later", "cause", err)
		}
	}
	faults, named := blame(view.Asked, "", err)
	if !named {
		if refused != nil && refused.RetryAfter > 0 {
			s.tooOften(w, refused.RetryAfter)
		}
		return err
	}
	view.Faults, view.Check = faults, false
	return render(s, w, r, http.StatusUnprocessableEntity, "start_form", view)
}

// submission reads the controls of the request: only what the form asks is taken. The person's are judged here, for they are no part of it.
func (v *startView) submission(t *reader) (out wire.Submission, faults bool, err error) {
	doc, faults := document(v.Asked)
	faults = missing(v.Asked) || faults
	faults = missing(v.Who) || faults
	for i, most := range []int{publicform.MaxName, publicform.MaxContact} {
		switch c := &v.Who[i]; {
		case c.Error != "":
		case cleantext.Fault(c.Value) != "" || strings.ContainsAny(c.Value, "\r\n") || !cleantext.Shows(c.Value):
			c.Error, faults = "required", true
		case utf8.RuneCountInString(c.Value) > most:
			c.Error, faults = t.T("form.too_long", "n", most), true
		}
	}
	out, err = submissionOf(v.Kind.ID, doc)
	return out, faults, err
}

// answersOf is the form as it was filled in, without the step.
func answersOf(form url.Values) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if name != "step" {
			fmt.Fprintf(&text, "%q %q\n", name, form[name])
		}
	}
	return text.String()
}
