package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/access"
	"leanpmo/internal/client"
	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/publicform"
	"leanpmo/internal/wire"
)

// statusPath is where status links lead.
const statusPath = "/status/"

var errNoLink = problem.New(problem.NotFound, "this link shows nothing, or nothing any more: it was cut short, has ended or was revoked")

// loggedPath is the path of a request for the log, without the token of a link.
func loggedPath(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, statusPath) {
		return statusPath + "{token}"
	}
	if strings.HasPrefix(r.URL.Path, UnsubscribePath) {
		return UnsubscribePath + "{token}"
	}
	return r.URL.Path
}

// statusView is what a status link shows.
type statusView struct {
	access.PublicStatus
	Steps []step
	Link  string // the whole address, to be kept
	New   bool
	Ends  time.Time // of a closed request
	Says  string    // the key of the text about what happens next
}

// status shows the request of a status link, as far as the rules of access let it.
func (s *Site) status(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is a secret
	token := chi.URLParam(r, "token")
	link, ok := publicform.HashOf(token)
	if !ok {
		return errNoLink
	}
	found, known, err := s.public.Store.PublicByLink(r.Context(), link)
	if err != nil {
		return problem.Wrap(err, problem.Unavailable, "the status cannot be read right now")
	}
	if !known || found.RequestID == "" || found.Revoked != nil {
		return errNoLink
	}
	answer, err := s.api.Request(r.Context(), found.RequestID)
	if client.IsKind(err, problem.NotFound) {
		return errNoLink
	}
	if err != nil {
		return err
	}
	status, shown := access.StatusByLink(stateOf(&answer.Value), expectedOf(answer.Value.Forecast), found.Revoked != nil, s.Now())
	if !shown {
		return errNoLink
	}
	view := statusView{PublicStatus: status, Steps: track(&answer.Value), Link: s.siteURL(r) + statusPath + token, New: r.URL.Query().Get("new") != "", Says: says(status)}
	if status.Status == pmo.StatusClosed {
		view.Ends = access.StatusLinkEnds(status.ClosedAt)
	}
	return render(s, w, r, http.StatusOK, "status", view)
}

// stateOf is a request as the rules know it, with the questions that the API answers beside the state.
func stateOf(answer *wire.Request) *pmo.Request {
	r := pmo.Request(answer.State)
	r.Questions = nil
	for _, q := range answer.Questions {
		r.Questions = append(r.Questions, q.Question)
	}
	return &r
}

func expectedOf(f *wire.Forecast) access.Expected {
	if f == nil || f.CannotForecast {
		return access.Expected{}
	}
	return access.Expected{P50: f.P50, P85: f.P85}
}

// says is the text about what happens next.
func says(s access.PublicStatus) string {
	switch {
	case s.Status == pmo.StatusClosed:
		return "public.closed." + string(s.Outcome)
	case s.Delivered:
		return "public.delivered"
	case s.Status != pmo.StatusOpen:
		return "public." + string(s.Status)
	case s.Asked:
		return "public.asked"
	}
	return "public.next." + string(s.Stage)
}

// siteURL is the address of the site as people reach it.
func (s *Site) siteURL(r *http.Request) string {
	switch {
	case s.PublicURL != "":
		return s.PublicURL
	case s.Plain:
		return "http://" + r.Host
	}
	return "https://" + r.Host
}

// contactOf is who asked for a request by the public form; nil for those who may not know, and for other requests.
func (s *Site) contactOf(r *http.Request, request *wire.Request) (*wire.Contact, error) {
	if p, known := s.People.Principal(request.Requester); !known || !atDesk(p) {
		return nil, nil
	}
	found, err := s.api.Contact(r.Context(), request.ID)
	switch {
	case client.IsKind(err, problem.NotFound), client.IsKind(err, problem.Forbidden):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &found.Value, nil
}

// atDesk reports whether requests of a principal are those of other people, for whom a desk answers.
func atDesk(p directory.Principal) bool { return p.Service && p.Desk != "" }

// endStatusLink ends the link that shows the status of a request to who asked for it.
func (s *Site) endStatusLink(w http.ResponseWriter, r *http.Request) error {
	ref := chi.URLParam(r, "ref")
	if err := s.api.RevokeStatusLink(r.Context(), ref); err != nil {
		return err
	}
	answer, err := s.api.Request(r.Context(), ref)
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/requests/"+refOf(answer.Value.Number, answer.Value.ID)+"#contact", http.StatusSeeOther)
	return nil
}
