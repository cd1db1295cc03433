package web

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/problem"
)

// UnsubscribePath is where the links that end mails of a kind lead, before their token.
const UnsubscribePath = "/unsubscribe/"

// MailLink is what such a link is about.
type MailLink struct {
	Kind         string // of the mails
	Unsubscribed bool
}

// Unsubscribes ends and begins the mails of a kind to the person whose link it is. known is false for a token that nobody has.
type Unsubscribes interface {
	MailLink(ctx context.Context, token string) (l MailLink, known bool, err error)
	SetUnsubscribed(ctx context.Context, token string, off bool, at time.Time) (l MailLink, known bool, err error)
}

type unsubscribeView struct {
	MailLink
	Changed bool // just now
}

var errNoMailLink = problem.New(problem.NotFound, "this link ends no mails: it was cut short, or has been revoked")

// unsubscribeForm shows what the link ends, with a button. It changes nothing: programs open links before people do.
func (s *Site) unsubscribeForm(w http.ResponseWriter, r *http.Request) error {
	return s.mailLink(w, r, false, func() (MailLink, bool, error) { return s.Unsubscribes.MailLink(r.Context(), chi.URLParam(r, "token")) })
}

// unsubscribe ends the mails, as the button and the mail programs of RFC 8058 ask; with the field again they begin once more.
func (s *Site) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(problem.Invalid, "the form cannot be read")
	}
	again := r.PostForm.Get("again") != ""
	return s.mailLink(w, r, true, func() (MailLink, bool, error) {
		return s.Unsubscribes.SetUnsubscribed(r.Context(), chi.URLParam(r, "token"), !again, s.Now().UTC())
	})
}

func (s *Site) mailLink(w http.ResponseWriter, r *http.Request, changed bool, find func() (MailLink, bool, error)) error {
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is a secret
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	if s.Unsubscribes == nil {
		return errNoPage
	}
	if wait, ok := s.mailLinks.Take(s.addressOf(r)); !ok {
		s.tooOften(w, wait)
		return problem.New(problem.RateLimited, "too many pages are called from your address")
	}
	link, known, err := find()
	switch {
	case err != nil:
		return problem.Wrap(err, problem.Unavailable, "mails cannot be ended right now: try it once more")
	case !known:
		return errNoMailLink
	}
	return render(s, w, r, http.StatusOK, "unsubscribe", unsubscribeView{MailLink: link, Changed: changed})
}
