package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// inboxRows is how many questions a page of the inbox shows; a link leads to those that are less urgent.
const inboxRows = 30

type inboxView struct {
	Items   []wire.InboxItem
	Next    string
	Scoring []wire.ScoringWait // rounds of private scores that wait on the reader
	Waiting wire.GroupsWaiting
}

// Several reports whether there is more than one to answer at once.
func (v inboxView) Several() bool { return len(v.Items) > 1 }

// inbox shows all that waits on the reader, most urgent first.
func (s *Site) inbox(w http.ResponseWriter, r *http.Request) error {
	page, err := s.api.Inbox(r.Context(), inboxRows, r.URL.Query().Get("cursor"))
	if err != nil {
		return err
	}
	waits, err := s.api.ScoringWaits(r.Context(), client.Filter{Limit: inboxRows})
	if err != nil {
		return err
	}
	waiting, err := s.api.WaitingForMine(r.Context())
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "inbox", inboxView{Items: page.Value.Items, Next: page.Value.Next, Waiting: waiting.Value, Scoring: waits.Value.Items})
}

// note keeps what somebody notes on a question: that they are on it, or when they look again.
func (s *Site) note(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	n := wire.SetAnswerNote{Question: r.PostForm.Get("question")}
	switch r.PostForm.Get("step") {
	case "claim":
		n.Claimed = new(true)
	case "release":
		n.Claimed = new(false)
	case "follow_up":
		n.FollowUp = new(r.PostForm.Get("follow_up"))
	case "clear_draft":
		n.Draft = &wire.AnswerDraft{}
	default:
		return errNoPage
	}
	if _, err := s.api.SetAnswerNote(r.Context(), chi.URLParam(r, "ref"), n); err != nil {
		return err
	}
	http.Redirect(w, r, localPath(r.PostForm.Get("back")), http.StatusSeeOther)
	return nil
}

// saveDraft keeps an answer as it is filled in so far.
func (s *Site) saveDraft(w http.ResponseWriter, r *http.Request, view answerView) error {
	draft := &wire.AnswerDraft{Verdict: view.Option.Verdict, For: view.Behalf, Fields: map[string][]string{}}
	for _, c := range view.Controls {
		if values := r.PostForm[c.Name]; len(values) > 0 && c.Type != typeHidden {
			draft.Fields[c.Name] = values
		}
	}
	if _, err := s.api.SetAnswerNote(r.Context(), view.Request.ID, wire.SetAnswerNote{Question: view.Question.ID, Draft: draft}); err != nil {
		return err
	}
	if r.Header.Get(liveHeader) != "" { // the script saves while somebody types
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, view.Address(view.Option.Verdict), http.StatusSeeOther)
	return nil
}

// Address is the page of the question, with one of its options chosen or none.
func (v answerView) Address(verdict string) string {
	return questionAddress(v.Request.ID, v.Question.ID, verdict, v.Behalf)
}

func questionAddress(request, question, verdict, behalf string) string {
	q := url.Values{"question": {question}}
	if verdict != "" {
		q.Set("verdict", verdict)
	}
	if behalf != "" {
		q.Set("for", behalf)
	}
	return "/requests/" + request + "/answer?" + q.Encode()
}

// withNote reads what the reader noted on the question, and fills the form with the draft.
func (s *Site) withNote(r *http.Request, view *answerView) error {
	if !view.Question.MayAnswer {
		return nil
	}
	note, err := s.api.AnswerNote(r.Context(), view.Request.ID, view.Question.ID)
	if err != nil {
		return err
	}
	view.Note = &note.Value
	if draft := view.Note.Draft; draft != nil && view.Option != nil && draft.Verdict == view.Option.Verdict && draft.For == view.Behalf {
		view.Drafted = true
		view.Controls = fillDraft(view.Controls, draft.Fields)
	}
	return nil
}

// fillDraft puts a draft into the controls that have a value in it.
func fillDraft(controls []control, fields map[string][]string) []control {
	filled := fill(controls, fields)
	for i := range filled {
		if _, drafted := fields[filled[i].Name]; !drafted {
			filled[i] = controls[i]
		}
	}
	return filled
}

// mostSeveral is how many questions are answered at once.
const mostSeveral = 20

// severalItem is one of several questions that are answered at once.
type severalItem struct {
	Request  wire.InboxRequest
	Question pmo.Question
	For      string
	Options  []pmo.Option // those that need nothing but a reason
	Key      string
	Verdict  string
	Reason   string
	Fault    string // why it was not answered
	Refused  bool   // Fault is what the API said, which is English
	Says     string // what the answer led to
}

// Field is the name of an input of the item.
func (i severalItem) Field(name string) string {
	return name + "." + i.Request.ID + "." + i.Question.ID
}

// Address is the page of the question alone.
func (i severalItem) Address() string {
	return questionAddress(i.Request.ID, i.Question.ID, "", i.For)
}

type severalView struct {
	Items []severalItem
	Gone  int // chosen, and not open any more
	Done  bool
}

// several lists the questions that were chosen, each with the answers that need no form.
func (s *Site) several(w http.ResponseWriter, r *http.Request) error {
	view, err := s.chosen(r, r.URL.Query()["q"])
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "several", view)
}

// chosen reads the questions that are named as request, question and seat, separated by spaces: what of them waits on the reader.
func (s *Site) chosen(r *http.Request, names []string) (severalView, error) {
	var view severalView
	if len(names) > mostSeveral {
		names = names[:mostSeveral]
	}
	var requests []string
	for _, name := range names {
		requests = append(requests, strings.Fields(name + " none")[0])
	}
	if len(requests) == 0 {
		return view, nil
	}
	slices.Sort(requests)
	waits, err := s.api.InboxOf(r.Context(), slices.Compact(requests))
	if err != nil {
		return view, err
	}
	waiting := map[string]severalItem{}
	for _, i := range waits.Value.Items {
		item := newSeveralItem(i)
		waiting[item.Name()] = item
	}
	for _, name := range names {
		item, waits := waiting[strings.Join(strings.Fields(name), " ")]
		if !waits { // any more, or the reader may not read it any more
			view.Gone++
			continue
		}
		view.Items = append(view.Items, item)
	}
	return view, nil
}

func newSeveralItem(i wire.InboxItem) severalItem {
	item := severalItem{Request: i.Request, Question: i.Question, Key: client.NewKey()}
	if i.OnBehalf {
		item.For = i.For
	}
	for _, o := range i.Question.Options {
		if len(o.Needs) == 0 {
			item.Options = append(item.Options, o)
		}
	}
	return item
}

// Name names the item in a form.
func (i severalItem) Name() string {
	return strings.TrimSpace(i.Request.ID + " " + i.Question.ID + " " + i.For)
}

// answerSeveral gives each answer under its own key and shows what became of each.
func (s *Site) answerSeveral(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	view, err := s.chosen(r, r.PostForm["q"])
	if err != nil {
		return err
	}
	view.Done = true
	t := s.readerOf(r)
	for i := range view.Items {
		item := &view.Items[i]
		item.Verdict, item.Reason = r.PostForm.Get(item.Field("verdict")), strings.TrimSpace(r.PostForm.Get(item.Field("reason")))
		if key := r.PostForm.Get(item.Field("key")); key != "" {
			item.Key = key
		}
		s.answerOne(r, t, item)
	}
	return render(s, w, r, http.StatusOK, "several", view)
}

func (s *Site) answerOne(r *http.Request, t *reader, item *severalItem) {
	if item.Verdict == "" {
		item.Fault = t.T("several.not_chosen")
		return
	}
	if !slices.ContainsFunc(item.Options, func(o pmo.Option) bool { return o.Verdict == item.Verdict && (!o.Reason || item.Reason != "") }) {
		item.Fault = t.T("several.needs_reason")
		return
	}
	receipt, err := s.api.DecideKeyed(r.Context(), item.Request.ID,
		wire.Decision{Decision: item.Question.ID, Verdict: item.Verdict, Reason: item.Reason, OnBehalfOf: item.For}, item.commandKey())
	if err != nil {
		view := s.errorView(r, err)
		item.Refused = view.Refused
		item.Fault = strings.Join(append([]string{view.Detail}, view.Fields...), " ")
		return
	}
	item.Says = receipt.Value.Says
}

// commandKey depends on what is answered, as keyOf does.
func (i severalItem) commandKey() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", []string{i.Key, i.Name(), i.Verdict, i.Reason}))
	return hex.EncodeToString(sum[:])
}

type decidedView struct {
	Items []wire.Decided
	Text  string
	Next  string
}

// decided lists what the reader answered.
func (s *Site) decided(w http.ResponseWriter, r *http.Request) error {
	text := r.URL.Query().Get("text")
	page, err := s.api.Decided(r.Context(), text, 0, r.URL.Query().Get("cursor"))
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "decided", decidedView{Items: page.Value.Items, Text: text, Next: nextPage(r, page.Value.Next)})
}
