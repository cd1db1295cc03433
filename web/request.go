package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// step is one of the seven stages on a request's track.
type step struct {
	Stage pmo.Stage
	State string // done, now, ahead
}

type requestView struct {
	Request     *wire.Request
	Track       []step
	Explanation *wire.Explanation
	Newest      []wire.LedgerEntry // of the ledger, the newest first
	Earlier     []wire.LedgerEntry // folded
	LedgerPast  bool               // the newest entries are on another page
	EarlierPage string             // the address of the entries before these; empty: there are none
	Picture     *forecastPicture
	BurnUp      *burnUpChart
	Advice      *wire.Playbook // what matters now of the playbook
	Told        []wire.Promise // about when it is done, the newest first
	New         bool
	Discussion  discussion
	Contact     *wire.Contact // of who asked by the public form, for those who may know
	Says        string        // what the command before this page answered
}

const (
	ledgerRows = 50 // of a page
	newestRows = 10 // shown unfolded
	toldRows   = 20 // of what was told about when it is done
)

// request shows one request: where it stands, who it waits for, if and when, why, and what happened.
func (s *Site) request(w http.ResponseWriter, r *http.Request) error {
	ref := chi.URLParam(r, "ref")
	last := s.lastSaid(r)
	answer, err := s.api.RequestPage(r.Context(), ref, last.Seq)
	if err != nil {
		return err
	}
	if last.Request != answer.Value.ID {
		last = said{}
	}
	view := requestView{Says: last.Says, Request: &answer.Value, Track: track(&answer.Value), New: r.URL.Query().Get("new") != ""}
	why, err := s.api.Explain(r.Context(), ref)
	if err != nil {
		return err
	}
	view.Explanation = &why.Value
	if err := s.ledger(r, ref, &view); err != nil {
		return err
	}
	if view.Discussion, err = s.discussionOf(r, view.Request, ""); err != nil {
		return err
	}
	if view.Contact, err = s.contactOf(r, view.Request); err != nil {
		return err
	}
	if view.Advice, err = s.adviceOf(r, view.Request); err != nil {
		return err
	}
	view.Picture = pictureOf(s.readerOf(r), view.Request)
	view.BurnUp = newBurnUpChart(s.readerOf(r), view.Request)
	told, err := s.api.Promises(r.Context(), ref, toldRows)
	if err != nil {
		return err
	}
	view.Told = told.Value.Items
	return render(s, w, r, http.StatusOK, "request", view)
}

// ledger reads what happened, the newest first: the latest entries, most of them folded, or those before the one that the address names.
func (s *Site) ledger(r *http.Request, ref string, view *requestView) error {
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64) // what is no position is the end
	before = max(before, 0)
	page, err := s.api.LedgerNewest(r.Context(), ref, before, ledgerRows)
	if err != nil {
		return err
	}
	entries := page.Value.Items
	unfolded := min(newestRows, len(entries))
	if before > 0 {
		unfolded, view.LedgerPast = len(entries), true
	}
	view.Newest, view.Earlier = entries[:unfolded], entries[unfolded:]
	if page.Value.Next != "" {
		view.EarlierPage = "/requests/" + url.PathEscape(ref) + "?before=" + url.QueryEscape(page.Value.Next) + "#h-ledger"
	}
	return nil
}

func track(r *wire.Request) []step {
	var steps []step
	state := "done"
	for _, stage := range pmo.Stages() {
		now := stage == r.Stage
		switch {
		case now && r.Closed():
			steps = append(steps, step{stage, "ended"})
			state = "ahead"
		case now:
			steps = append(steps, step{stage, "now"})
			state = "ahead"
		default:
			steps = append(steps, step{stage, state})
		}
	}
	return steps
}

type answerView struct {
	Request  *wire.Request
	Question *wire.OpenQuestion
	Option   *pmo.Option // chosen; nil: the page shows all options
	Controls []control
	Behalf   string
	Faults   []string

	Discussion discussion
	Note       *wire.AnswerNote // of somebody who may answer
	Drafted    bool             // the form has what was saved
	Key        string
}

// answerForm shows an open question with its options, or one option with what it needs.
func (s *Site) answerForm(w http.ResponseWriter, r *http.Request) error {
	view, err := s.question(r, r.URL.Query().Get("question"), r.URL.Query().Get("verdict"))
	if err != nil {
		return err
	}
	view.Behalf = r.URL.Query().Get("for")
	view.Key = client.NewKey()
	if view.Discussion, err = s.discussionOf(r, view.Request, view.Question.ID); err != nil {
		return err
	}
	if err := s.withNote(r, &view); err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "answer", view)
}

// answer gives the answer. A question takes one answer of a seat, so that a second click changes nothing.
func (s *Site) answer(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	view, err := s.question(r, r.PostForm.Get("question"), r.PostForm.Get("verdict"))
	if err != nil {
		return err
	}
	if view.Option == nil {
		return errNoPage
	}
	view.Behalf = r.PostForm.Get("for")
	if r.PostForm.Get("step") == "draft" {
		return s.saveDraft(w, r, view)
	}
	view.Controls, view.Key = fill(view.Controls, r.PostForm), r.PostForm.Get("key")
	decision, faults, err := view.decision()
	if err != nil {
		return err
	}
	if !faults {
		receipt, err := s.api.DecideKeyed(r.Context(), view.Request.ID, decision, keyOf(r))
		if err == nil && decision.Verdict == pmo.VerdictReplan { // whoever wants another plan proposes one
			http.Redirect(w, r, "/requests/"+refOf(view.Request.Number, view.Request.ID)+"/plan#propose", http.StatusSeeOther)
			return nil
		}
		if err == nil {
			return s.toRequest(w, r, refOf(view.Request.Number, view.Request.ID), receipt.Value)
		}
		var named bool
		if view.Faults, named = blame(view.Controls, "/data", err); !named {
			return err
		}
	}
	return render(s, w, r, http.StatusUnprocessableEntity, "answer", view)
}

func (s *Site) question(r *http.Request, id, verdict string) (answerView, error) {
	answer, err := s.api.Request(r.Context(), chi.URLParam(r, "ref"))
	if err != nil {
		return answerView{}, err
	}
	view := answerView{Request: &answer.Value}
	for i := range view.Request.Questions {
		if q := &view.Request.Questions[i]; q.ID == id || id == "" && q.MayAnswer {
			view.Question = q
			break
		}
	}
	if view.Question == nil {
		return view, errQuestionClosed
	}
	for i := range view.Question.Options {
		if o := &view.Question.Options[i]; o.Verdict == verdict {
			view.Option = o
		}
	}
	if view.Option != nil {
		rules, err := s.rules(r)
		if err != nil {
			return view, err
		}
		if view.Controls, err = s.optionControls(r, s.readerOf(r), rules, view); err != nil {
			return view, err
		}
	}
	return view, nil
}
