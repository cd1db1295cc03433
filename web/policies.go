package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/access"
	"leanpmo/internal/client"
	"leanpmo/internal/policy"
	"leanpmo/internal/wire"
)

// shownPolicies is how many proposals and versions the page of policies lists at once.
const shownPolicies = 30

type policiesView struct {
	Proposals []wire.PolicyProposal
	Older     string // address of the next page of proposals
	Versions  []wire.PolicyVersion
	Earlier   string // address of the next page of versions
	MayOffer  bool
}

// policies lists what was proposed and what took force.
func (s *Site) policies(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	proposals, err := s.api.Proposals(r.Context(), client.Filter{Limit: shownPolicies, Cursor: q.Get("after")})
	if err != nil {
		return err
	}
	versions, err := s.api.PolicyVersions(r.Context(), client.Filter{Limit: shownPolicies, Cursor: q.Get("below")})
	if err != nil {
		return err
	}
	view := policiesView{Proposals: proposals.Value.Items, Versions: versions.Value.Items, MayOffer: access.Can(viewerOf(r.Context()).Actor(), access.ProposePolicy, access.Object{}).Allowed}
	if next := proposals.Value.Next; next != "" {
		view.Older = "/policy/proposals?" + url.Values{"after": {next}}.Encode()
	}
	if next := versions.Value.Next; next != "" {
		view.Earlier = "/policy/proposals?" + url.Values{"below": {next}}.Encode()
	}
	return render(s, w, r, http.StatusOK, "policies", view)
}

type proposeView struct {
	Controls  []control
	Faults    []string
	ReturnsTo string
	Tried     *wire.PolicyProposal // what it would change

}

// Key makes a second click the same command.
func (proposeView) Key() string { return client.NewKey() }

func proposeControls(t *reader, returnsTo string) []control {
	reason := control{Name: "reason", Type: typeArea, Label: t.T("field.reason"), Help: t.T("policies.reason_help")}
	if returnsTo != "" {
		return []control{reason}
	}
	return []control{reason, {Name: "yaml", Type: typeArea, Label: t.T("policies.document"), Help: t.T("policies.document_help"), Required: true}}
}

// proposeForm asks for other rules, beginning with those in force, or for returning to those of an earlier version.
func (s *Site) proposeForm(w http.ResponseWriter, r *http.Request) error {
	view := proposeView{ReturnsTo: r.URL.Query().Get("returns_to")}
	view.Controls = proposeControls(s.readerOf(r), view.ReturnsTo)
	if view.ReturnsTo == "" {
		inForce, err := s.api.Policy(r.Context())
		if err != nil {
			return err
		}
		view.Controls[1].Value = inForce.Value.YAML
	}
	return render(s, w, r, http.StatusOK, "propose", view)
}

// propose proposes other rules, or says what they would change.
func (s *Site) propose(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	form := r.PostForm
	view := proposeView{ReturnsTo: form.Get("returns_to")}
	view.Controls = fill(proposeControls(s.readerOf(r), view.ReturnsTo), form)
	body := wire.ProposePolicy{YAML: form.Get("yaml"), Reason: form.Get("reason"), Dry: form.Get("try") != ""}
	body.ReturnsTo, _ = strconv.Atoi(view.ReturnsTo) // what is no number is refused as a missing document
	if body.ReturnsTo != 0 {
		body.YAML = ""
	}
	done, err := s.api.ProposePolicy(r.Context(), body, keyOf(r))
	switch {
	case err != nil:
		var named bool
		if view.Faults, named = blame(view.Controls, "", err); !named {
			return err
		}
		return render(s, w, r, http.StatusUnprocessableEntity, "propose", view)
	case body.Dry:
		view.Tried = &done.Value
		return render(s, w, r, http.StatusOK, "propose", view)
	}
	http.Redirect(w, r, "/policy/proposals/"+done.Value.ID, http.StatusSeeOther)
	return nil
}

type proposalView struct {
	Proposal wire.PolicyProposal
	Effect   *wire.PolicyEffect
	Now      bool               // the effect is that on the backlogs as they are now
	Past     *wire.PolicyReplay // what it would have done with the requests that have ended; nil: it was not asked
	Days     int                // how far back
	Older    string             // address of the next page of these
	Offers   []string           // what the reader may do to it
	Command  string
	Controls []control
	Faults   []string
}

// Key makes a second click the same command.
func (proposalView) Key() string { return client.NewKey() }

func (s *Site) proposalView(r *http.Request) (proposalView, error) {
	found, err := s.api.Proposal(r.Context(), chi.URLParam(r, "id"))
	if err != nil {
		return proposalView{}, err
	}
	view := proposalView{Proposal: found.Value, Effect: found.Value.Effect, Command: chi.URLParam(r, "step")}
	if err := s.overThePast(r, &view); err != nil {
		return view, err
	}
	if view.Proposal.State != "open" {
		return view, nil
	}
	if now, err := s.api.ProposalEffect(r.Context(), view.Proposal.ID); err == nil { // without it, what it would have done when it was made
		view.Effect, view.Now = &now.Value, true
	}
	view.Offers = offered(viewerOf(r.Context()).Actor(), view.Proposal)
	return view, nil
}

// replayedLines is how many requests the page of a proposal lists at once.
const replayedLines = 30

// overThePast runs the proposal over the requests that have ended, where the address asks for it: it takes seconds.
func (s *Site) overThePast(r *http.Request, view *proposalView) error {
	q := r.URL.Query()
	days, err := strconv.Atoi(q.Get("past"))
	if err != nil || days <= 0 {
		return nil
	}
	found, err := s.api.ProposalReplay(r.Context(), view.Proposal.ID, days, client.Filter{Limit: replayedLines, Cursor: q.Get("after")})
	if err != nil {
		return err
	}
	view.Past, view.Days = &found.Value, days
	if next := view.Past.Next; next != "" {
		view.Older = "/policy/proposals/" + url.PathEscape(view.Proposal.ID) + "?" + url.Values{"past": {strconv.Itoa(days)}, "after": {next}}.Encode() + "#h-past"
	}
	return nil
}

// PastDays are the lengths of the past that the page offers.
func (proposalView) PastDays() []int { return []int{90, 365} }

// offered is what somebody may do to an open proposal. One that is stale cannot be accepted.
func offered(actor access.Actor, p wire.PolicyProposal) (steps []string) {
	object := access.Object{}
	if p.Proposer == actor.ID {
		object.Relation = access.Proposer
	}
	if access.Can(actor, access.DecidePolicy, object).Allowed {
		if !p.Stale {
			steps = append(steps, "accept")
		}
		steps = append(steps, "reject")
	}
	if access.Can(actor, access.WithdrawPolicy, object).Allowed {
		steps = append(steps, "withdraw")
	}
	return steps
}

// proposal shows a proposed policy: what it changes in words, and what that would do.
func (s *Site) proposal(w http.ResponseWriter, r *http.Request) error {
	view, err := s.proposalView(r)
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "proposal", view)
}

func decideControls(t *reader, step string) []control {
	return []control{{Name: "reason", Type: typeArea, Label: t.T("field.reason"), Required: step == "reject"}}
}

// proposalStep asks whether a proposal is to be accepted, rejected or withdrawn.
func (s *Site) proposalStep(w http.ResponseWriter, r *http.Request) error {
	view, err := s.proposalView(r)
	if err != nil {
		return err
	}
	view.Controls = decideControls(s.readerOf(r), view.Command)
	return render(s, w, r, http.StatusOK, "proposal", view)
}

func (s *Site) decideProposal(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	id, step := chi.URLParam(r, "id"), chi.URLParam(r, "step")
	controls := fill(decideControls(s.readerOf(r), step), r.PostForm)
	var others []string
	if !missing(controls) {
		_, err := s.api.DecideProposal(r.Context(), id, step, r.PostForm.Get("reason"), keyOf(r))
		if err == nil {
			http.Redirect(w, r, "/policy/proposals/"+url.PathEscape(id), http.StatusSeeOther)
			return nil
		}
		var named bool
		if others, named = blame(controls, "", err); !named {
			return err
		}
	}
	view, err := s.proposalView(r)
	if err != nil {
		return err
	}
	view.Controls, view.Faults = controls, others
	return render(s, w, r, http.StatusUnprocessableEntity, "proposal", view)
}

type policyVersionView struct {
	Version  wire.PolicyVersion
	MayOffer bool // to return to it
}

// policyVersion shows a policy that took force, and what it changed.
func (s *Site) policyVersion(w http.ResponseWriter, r *http.Request) error {
	version, err := strconv.Atoi(chi.URLParam(r, "version"))
	if err != nil {
		return errNoPage
	}
	found, err := s.api.PolicyVersion(r.Context(), version)
	if err != nil {
		return err
	}
	may := access.Can(viewerOf(r.Context()).Actor(), access.ProposePolicy, access.Object{}).Allowed
	return render(s, w, r, http.StatusOK, "policy_version", policyVersionView{Version: found.Value, MayOffer: may && !found.Value.InForce})
}

// differencePart is what a policy changes, for the template of that name.
type differencePart struct {
	Difference *policy.RulesDifference
	Page       *reader
}

func newDifference(d *policy.RulesDifference, t *reader) differencePart { return differencePart{d, t} }

// effectPart is what would be different in backlogs, for the template of that name.
type effectPart struct {
	At         time.Time
	Portfolios []wire.BacklogEffect
	Limits     []string
	Page       *reader
}

func newEffect(e *wire.PolicyEffect, t *reader) effectPart {
	if e == nil {
		return effectPart{Page: t}
	}
	return effectPart{e.At, e.Portfolios, e.Limits, t}
}

// Pulled says in the reader's language whether a run pulls it.
func (p effectPart) Pulled(l wire.EffectLine) string {
	switch {
	case l.Now.Pulled && l.Then.Pulled:
		return p.Page.T("effect.pulled_both")
	case l.Then.Pulled:
		return p.Page.T("effect.pulled_then")
	case l.Now.Pulled:
		return p.Page.T("effect.pulled_now")
	}
	return "–"
}

// Move is how many places it moves, with an arrow; empty when it does not.
func (p effectPart) Move(l wire.EffectLine) string {
	switch d := l.Now.Rank - l.Then.Rank; {
	case l.Now.Rank == 0 || l.Then.Rank == 0 || d == 0:
		return ""
	case d > 0:
		return "↑ " + strconv.Itoa(d)
	default:
		return "↓ " + strconv.Itoa(-d)
	}
}
