package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/access"
	"leanpmo/internal/directory"
	"leanpmo/internal/wire"
)

const chatPath = "/chat"

// chatView is in which chat the reader is told and, for the office, groups and portfolios. An address is in none of its fields.
type chatView struct {
	Own     wire.OwnChat
	Office  *wire.Chats // nil: the reader sets none of groups and portfolios
	Targets []choice    // groups and portfolios
	Formats []string
	Faults  []string
	Format  string // as it was chosen in the form that was refused
	Target  string
	Sent    bool // a test is on its way
}

func (s *Site) chat(w http.ResponseWriter, r *http.Request) error {
	view, err := s.chatView(r)
	if err != nil {
		return err
	}
	view.Sent = r.URL.Query().Get("sent") != ""
	return render(s, w, r, http.StatusOK, "chat", view)
}

func (s *Site) chatView(r *http.Request) (chatView, error) {
	own, err := s.api.OwnChat(r.Context())
	if err != nil {
		return chatView{}, err
	}
	view := chatView{Own: own.Value}
	for _, f := range directory.ChatFormats {
		view.Formats = append(view.Formats, string(f))
	}
	if !access.Can(viewerOf(r.Context()).Actor(), access.SetChats, access.Object{}).Allowed {
		return view, nil
	}
	chats, err := s.api.Chats(r.Context())
	if err != nil {
		return view, err
	}
	view.Office = &chats.Value
	for _, g := range s.People.Groups() {
		view.Targets = append(view.Targets, choice{"group:" + g.ID, g.Name})
	}
	rules, err := s.rules(r)
	if err != nil {
		return view, err
	}
	for _, p := range rules.Portfolios {
		view.Targets = append(view.Targets, choice{"portfolio:" + p.ID, p.Name})
	}
	return view, nil
}

// changeChat sets, removes or tries the address of a chat: the reader's own, or of a group or portfolio.
func (s *Site) changeChat(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	target, form := r.PostForm.Get("endpoint"), wire.SetChat{Format: r.PostForm.Get("format"), Address: strings.TrimSpace(r.PostForm.Get("address"))}
	var refused error
	to := chatPath
	switch chi.URLParam(r, "step") {
	case "set":
		refused = s.api.SetChat(r.Context(), target, form)
	case "remove":
		refused = s.api.RemoveChat(r.Context(), target)
	default:
		refused, to = s.api.TestChat(r.Context(), target), chatPath+"?sent=1"
	}
	if refused == nil {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	faults := s.errorView(r, refused)
	if faults.Status >= http.StatusInternalServerError {
		return refused
	}
	view, err := s.chatView(r)
	if err != nil {
		return err
	}
	view.Target, view.Format, view.Faults = target, form.Format, faults.Fields
	if len(view.Faults) == 0 {
		view.Faults = []string{faults.Detail}
	}
	return render(s, w, r, faults.Status, "chat", view)
}

// Chosen reports whether a value was chosen in the form that was refused.
func (v chatView) Chosen(value string) bool {
	return slices.Contains([]string{v.Format, v.Target}, value)
}
