package web

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/caught"
)

// mailFramePolicy is what the HTML of a mail may do in its frame: show itself with its own style. It loads nothing, runs nothing and sends no form; a
// link opens a window of its own.
const mailFramePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

// mailPolicy is the policy of the page around it, which may hold frames of this site.
const mailPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// mailRoutes are the pages of the mails that the local stack caught.
func (s *Site) mailRoutes(r chi.Router) {
	r.Get("/mails", s.page(s.mails))
	r.Get("/mails/{id}", s.page(s.mail))
	r.Get("/mails/{id}/html", s.page(s.mailHTML))
}

type mailsView struct {
	Mails []caught.Mail
	Most  int
	To    string // the address whose mails are shown; empty: everybody's
}

// mails lists what the local stack would have sent. Whoever signs in there may be anybody, so that all of them see all.
func (s *Site) mails(w http.ResponseWriter, r *http.Request) error {
	if s.Mails == nil {
		return errNoPage
	}
	view := mailsView{Mails: s.Mails.All(), Most: caught.MostMails, To: r.URL.Query().Get("to")}
	if view.To != "" {
		view.Mails = slices.DeleteFunc(view.Mails, func(m caught.Mail) bool { return m.Recipient().Address != view.To })
	}
	return render(s, w, r, http.StatusOK, "mails", view)
}

func (s *Site) caughtMail(r *http.Request) (caught.Mail, error) {
	if s.Mails == nil {
		return caught.Mail{}, errNoPage
	}
	id, err := strconv.Atoi(chi.URLParam(r, "id"))
	found, known := s.Mails.Find(id)
	if err != nil || !known {
		return caught.Mail{}, errNoPage
	}
	return found, nil
}

func (s *Site) mail(w http.ResponseWriter, r *http.Request) error {
	found, err := s.caughtMail(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", mailPolicy)
	return render(s, w, r, http.StatusOK, "mail", found)
}

// mailHTML is the HTML part alone, for the frame.
func (s *Site) mailHTML(w http.ResponseWriter, r *http.Request) error {
	found, err := s.caughtMail(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", mailFramePolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	inWindow := strings.Replace(found.HTML, "<head>", `<head><base target="_blank">`, 1)
	_, _ = io.WriteString(w, inWindow) // nobody is left to tell when the reader has gone
	return nil
}
