package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"leanpmo/internal/access"
	"leanpmo/internal/backlog"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// proposalStore keeps proposed policies and those that took force.
type proposalStore interface {
	PolicyInForce(ctx context.Context) (store.PolicyVersion, error)
	PolicyVersion(ctx context.Context, version int) (store.PolicyVersion, error)
	PolicyVersions(ctx context.Context, below, limit int) ([]store.PolicyHistory, error)
	PutProposal(ctx context.Context, p store.Proposal) (store.Proposal, error)
	Proposal(ctx context.Context, id string) (store.Proposal, error)
	Proposals(ctx context.Context, cursor string, limit int) (store.Page[store.Proposal], error)
	DecideProposal(ctx context.Context, d store.ProposalDecision) (store.Proposal, error)
	OpenIn(ctx context.Context, portfolio string) (int, error)
	Titles(ctx context.Context, v store.View, ids []string) (map[string]string, error)
}

const (
	proposeAbout = "It is checked as a policy file is. It takes force when another member of the PMO accepts it: on every server and worker, without a restart, and " +
		"for each request at its next stage. With `dry` nothing is stored, and the answer says what it would change."
	acceptAbout = "It takes force at once. Whoever proposed it may not. A proposal for a version that is no longer in force is refused (409, `stale_revision`)."
	effectAbout = "The backlogs are ranked by the rules in force and by the proposed ones, as a run would, and nothing is changed."
)

// effectLimits are what an effect does not say.
var effectLimits = []string{
	"Requests that the policy would put into another portfolio are counted where they are now.",
	"Requests before the backlog, and work under way, keep the rules of their stage until the next one.",
}

func noSuchProposal() error { return problem.New(problem.NotFound, "there is no such proposal") }

type proposeInput struct {
	Keyed
	Body wire.ProposePolicy
}

type proposalOutput struct {
	Replayable
	Status   int
	Location string `header:"Location"`
	Body     wire.PolicyProposal
}

func (a *API) proposePolicy(ctx context.Context, in *proposeInput) (*proposalOutput, error) {
	if in.Body.Dry {
		_, shown, err := a.proposal(ctx, in.Body)
		return &proposalOutput{Status: http.StatusOK, Body: shown}, err
	}
	stored, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "propose-policy", in.Body), in.Key, func(ctx context.Context) (store.Proposal, error) {
		p, _, err := a.proposal(ctx, in.Body)
		if err != nil {
			return p, err
		}
		stored, err := a.Store.PutProposal(ctx, p)
		if errors.Is(err, store.ErrFull) {
			return stored, problem.New(problem.Conflict, "%d proposals are open: decide on one of them first", store.MostOpenProposals)
		}
		return stored, err
	})
	if err != nil {
		return nil, err
	}
	body, err := a.oneProposal(ctx, stored.ID)
	return &proposalOutput{Replayable: replayed, Status: http.StatusCreated, Location: body.Link, Body: body}, err
}

// proposal checks what is proposed, and says what it changes.
func (a *API) proposal(ctx context.Context, in wire.ProposePolicy) (p store.Proposal, shown wire.PolicyProposal, err error) {
	inForce, err := a.policyInForce(ctx)
	if err != nil {
		return p, shown, err
	}
	proposed, err := a.proposedPolicy(ctx, in, inForce)
	if err != nil {
		return p, shown, err
	}
	if err := a.acceptable(ctx, inForce, proposed); err != nil {
		return p, shown, err
	}
	difference := policy.Diff(inForce, proposed)
	effect, err := a.effects(ctx, inForce, proposed)
	if err != nil {
		return p, shown, err
	}
	p = store.Proposal{ID: uuid.Must(uuid.NewV7()).String(), Version: proposed.Version(), Base: inForce.Version(), Source: proposed.Source(), Proposer: actorOf(ctx).ID, At: a.moment(),
		Reason: strings.TrimSpace(in.Reason), ReturnsTo: in.ReturnsTo, State: "dry", Difference: asJSON(difference), Effect: asJSON(effect)}
	shown = proposalOf(p, inForce.Version())
	shown.ID, shown.Link, shown.YAML, shown.Difference = "", "", string(p.Source), &difference
	shown.Effect, err = a.effectOf(ctx, p.At, effect)
	return p, shown, err
}

func asJSON(v any) json.RawMessage {
	text, _ := json.Marshal(v) // plain data always encodes
	return text
}

// policyInForce reads it from the store: this process may not have taken it yet.
func (a *API) policyInForce(ctx context.Context) (*policy.Policy, error) {
	stored, err := a.Store.PolicyInForce(ctx)
	if err != nil {
		return nil, err
	}
	if now := a.Policy.Now(); now.Version() == stored.Version && string(now.Source()) == string(stored.Source) {
		return now, nil
	}
	return policy.Parse(stored.Source)
}

// proposedPolicy is what the body proposes, as the version after the one in force.
func (a *API) proposedPolicy(ctx context.Context, in wire.ProposePolicy, inForce *policy.Policy) (*policy.Policy, error) {
	pointer := "/yaml"
	source := []byte(in.YAML)
	switch {
	case in.ReturnsTo != 0 && in.YAML != "":
		return nil, problem.InvalidField("/returns_to", "give a document or a version to return to, not both")
	case in.ReturnsTo != 0:
		pointer = "/returns_to"
		earlier, err := a.Store.PolicyVersion(ctx, in.ReturnsTo)
		if errors.Is(err, store.ErrNotFound) {
			return nil, problem.InvalidField(pointer, "there was no version %d", in.ReturnsTo)
		}
		if err != nil {
			return nil, err
		}
		source = earlier.Source
	case strings.TrimSpace(in.YAML) == "":
		return nil, problem.InvalidField(pointer, "is empty")
	}
	proposed, err := policy.Parse(source)
	if err != nil {
		return nil, policyFaults(pointer, err)
	}
	if policy.SameRules(inForce, proposed) {
		return nil, problem.InvalidField(pointer, "has the rules in force: it would change nothing")
	}
	if !in.Dry && strings.TrimSpace(in.Reason) == "" {
		return nil, problem.InvalidField("/reason", "is needed: why it is proposed")
	}
	return proposed.Renumber(max(proposed.Version(), inForce.Version()+1))
}

// policyFaults are the faults of a policy as those of a body, each with its path in the document.
func policyFaults(pointer string, err error) error {
	var faults policy.Faults
	if !errors.As(err, &faults) {
		return problem.InvalidField(pointer, "%s", err)
	}
	fields := []problem.Field{}
	for _, f := range faults[:min(len(faults), 100)] {
		fields = append(fields, problem.Field{Pointer: pointer, Detail: f.String()})
	}
	return problem.InvalidFields(fields)
}

// acceptable refuses a policy that this installation could not work by.
func (a *API) acceptable(ctx context.Context, inForce, proposed *policy.Policy) error {
	if err := proposed.CheckDirectory(a.Directory.AsListed()); err != nil {
		return policyFaults("/yaml", err)
	}
	for _, id := range inForce.Portfolios() {
		if slices.Contains(proposed.Portfolios(), id) {
			continue
		}
		open, err := a.Store.OpenIn(ctx, id)
		if err != nil {
			return err
		}
		if open > 0 {
			return problem.InvalidField("/yaml", "drops the portfolio %s, in which %d requests are open", id, open)
		}
	}
	return nil
}

// effects compares the backlogs that both policies have.
func (a *API) effects(ctx context.Context, now, then *policy.Policy) ([]backlog.Comparison, error) {
	list, at := []backlog.Comparison{}, a.Now().UTC()
	for _, id := range now.Portfolios() {
		if !slices.Contains(then.Portfolios(), id) {
			continue
		}
		read, err := a.Backlogs.Snapshot(ctx, id, at)
		if err != nil {
			return nil, err
		}
		compared, err := read.Effect(id, backlog.RulesOf(now, id, at), backlog.RulesOf(then, id, at))
		if err != nil {
			return nil, err
		}
		list = append(list, compared)
	}
	return list, nil
}

func (a *API) effectOf(ctx context.Context, at time.Time, list []backlog.Comparison) (*wire.PolicyEffect, error) {
	out := &wire.PolicyEffect{At: at, Portfolios: []wire.BacklogEffect{}, Limits: effectLimits}
	for _, c := range list {
		shown, err := a.comparisonOf(ctx, c)
		if err != nil {
			return nil, err
		}
		out.Portfolios = append(out.Portfolios, shown)
	}
	return out, nil
}

// comparisonOf leaves out the requests that the caller may not read.
func (a *API) comparisonOf(ctx context.Context, c backlog.Comparison) (wire.BacklogEffect, error) {
	ids := make([]string, len(c.Lines))
	for i := range c.Lines {
		ids[i] = c.Lines[i].ID
	}
	titles, err := a.Store.Titles(ctx, viewOf(ctx), ids)
	if err != nil {
		return wire.BacklogEffect{}, err
	}
	out := wire.BacklogEffect{Portfolio: c.Portfolio, Count: c.Count, Moved: c.Moved, PulledNow: c.PulledNow, Pulled: c.Pulled, More: c.More, Lines: []wire.EffectLine{}}
	for _, l := range c.Lines {
		title, readable := titles[l.ID]
		if !readable {
			out.Hidden++
			continue
		}
		line := wire.EffectLine{ID: l.ID, Ref: pmo.Ref(l.Number), Title: title, Now: wire.EffectPlace(l.Now), Then: wire.EffectPlace(l.Then), Causes: l.Causes, Link: linksOf(l.ID).Self}
		if l.Now.Rank != l.Then.Rank {
			line.Because = priority.Move{ID: l.ID, From: l.Now.Rank, To: l.Then.Rank, Causes: l.Causes}.Because()
		}
		out.Lines = append(out.Lines, line)
	}
	return out, nil
}

func proposalOf(p store.Proposal, inForce int) wire.PolicyProposal {
	return wire.PolicyProposal{ID: p.ID, Version: p.Version, Base: p.Base, InForce: inForce, Stale: p.State == store.ProposalOpen && p.Base != inForce, State: p.State,
		Proposer: p.Proposer, At: p.At, Reason: p.Reason, ReturnsTo: p.ReturnsTo, DecidedBy: p.DecidedBy, DecidedAt: p.DecidedAt, Decision: p.Words,
		ScheduledAt: p.ScheduledAt, Link: "/v1/policy/proposals/" + p.ID}
}

// storedProposal reads one by the id of a path.
func (a *API) storedProposal(ctx context.Context, id string) (store.Proposal, error) {
	if uuid.Validate(id) != nil {
		return store.Proposal{}, noSuchProposal()
	}
	p, err := a.Store.Proposal(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		err = noSuchProposal()
	}
	return p, err
}

func (a *API) oneProposal(ctx context.Context, id string) (wire.PolicyProposal, error) {
	p, err := a.storedProposal(ctx, id)
	if err != nil {
		return wire.PolicyProposal{}, err
	}
	inForce, err := a.Store.PolicyInForce(ctx)
	if err != nil {
		return wire.PolicyProposal{}, err
	}
	out := proposalOf(p, inForce.Version)
	out.YAML, out.Difference = string(p.Source), &policy.RulesDifference{}
	var effect []backlog.Comparison
	if err := errors.Join(json.Unmarshal(p.Difference, out.Difference), json.Unmarshal(p.Effect, &effect)); err != nil {
		return out, fmt.Errorf("read proposal %s: %w", id, err)
	}
	out.Effect, err = a.effectOf(ctx, p.At, effect)
	return out, err
}

// ProposalPath names a proposal.
type ProposalPath struct {
	ID string `path:"id" maxLength:"36"`
}

func (a *API) readProposal(ctx context.Context, in *ProposalPath) (*proposalOutput, error) {
	body, err := a.oneProposal(ctx, in.ID)
	return &proposalOutput{Status: http.StatusOK, Body: body}, err
}

type effectOutput struct{ Body wire.PolicyEffect }

// proposalEffect is what an open proposal would do now.
func (a *API) proposalEffect(ctx context.Context, in *ProposalPath) (*effectOutput, error) {
	p, err := a.storedProposal(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if p.State != store.ProposalOpen {
		return nil, problem.New(problem.AlreadyDecided, "it is %s: the proposal itself says what it would have done when it was made", p.State)
	}
	inForce, err := a.policyInForce(ctx)
	if err != nil {
		return nil, err
	}
	proposed, err := policy.Parse(p.Source)
	if err != nil {
		return nil, policyFaults("/yaml", err)
	}
	at := a.moment()
	list, err := a.effects(ctx, inForce, proposed)
	if err != nil {
		return nil, err
	}
	body, err := a.effectOf(ctx, at, list)
	if err != nil {
		return nil, err
	}
	return &effectOutput{Body: *body}, nil
}

type proposalsOutput struct {
	Body wire.Page[wire.PolicyProposal]
}

func (a *API) proposals(ctx context.Context, in *struct{ Paging }) (*proposalsOutput, error) {
	found, err := a.Store.Proposals(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	inForce, err := a.Store.PolicyInForce(ctx)
	if err != nil {
		return nil, err
	}
	return &proposalsOutput{Body: pageOf(found, func(p store.Proposal) wire.PolicyProposal { return proposalOf(p, inForce.Version) })}, nil
}

type decideProposalInput struct {
	ProposalPath
	Keyed
	Body wire.DecideProposal
}

func (a *API) acceptProposal(ctx context.Context, in *decideProposalInput) (*proposalOutput, error) {
	return a.decideProposal(ctx, in, access.DecidePolicy, store.ProposalAccepted)
}

func (a *API) rejectProposal(ctx context.Context, in *decideProposalInput) (*proposalOutput, error) {
	return a.decideProposal(ctx, in, access.DecidePolicy, store.ProposalRejected)
}

func (a *API) withdrawProposal(ctx context.Context, in *decideProposalInput) (*proposalOutput, error) {
	return a.decideProposal(ctx, in, access.WithdrawPolicy, store.ProposalWithdrawn)
}

func (a *API) decideProposal(ctx context.Context, in *decideProposalInput, action access.Action, state string) (*proposalOutput, error) {
	p, err := a.storedProposal(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	object := access.Object{}
	if p.Proposer == actorOf(ctx).ID {
		object.Relation = access.Proposer
	}
	if err := may(actorOf(ctx), action, object); err != nil {
		return nil, err
	}
	command := state + " proposal " + in.ID
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, command, in.Body), in.Key, func(ctx context.Context) (store.Proposal, error) {
		return a.settle(ctx, p, state, strings.TrimSpace(in.Body.Reason))
	})
	if err != nil {
		return nil, err
	}
	if state == store.ProposalAccepted && a.PolicyChanged != nil {
		a.PolicyChanged(ctx)
	}
	body, err := a.oneProposal(ctx, in.ID)
	return &proposalOutput{Replayable: replayed, Status: http.StatusOK, Body: body}, err
}

func (a *API) settle(ctx context.Context, p store.Proposal, state, reason string) (store.Proposal, error) {
	switch state {
	case store.ProposalRejected:
		if reason == "" {
			return p, problem.InvalidField("/reason", "is needed: why it is rejected")
		}
	case store.ProposalAccepted:
		if err := a.stillAcceptable(ctx, p); err != nil {
			return p, err
		}
	}
	done, err := a.Store.DecideProposal(ctx, store.ProposalDecision{ID: p.ID, State: state, Actor: actorOf(ctx).ID, At: a.moment(), Words: reason})
	switch {
	case errors.Is(err, store.ErrStale):
		return done, staleProposal(p)
	case errors.Is(err, store.ErrConflict):
		return done, problem.New(problem.AlreadyDecided, "somebody has decided on this proposal already")
	}
	return done, err
}

func staleProposal(p store.Proposal) error {
	return problem.New(problem.Stale, "it was made for version %d, which is no longer in force; propose it again, for the version that is", p.Base)
}

// stillAcceptable checks again what may have changed since it was proposed: people, and the requests that are open.
func (a *API) stillAcceptable(ctx context.Context, p store.Proposal) error {
	if p.State != store.ProposalOpen {
		return nil // the store refuses it
	}
	inForce, err := a.policyInForce(ctx)
	if err != nil {
		return err
	}
	if inForce.Version() != p.Base {
		return staleProposal(p)
	}
	proposed, err := policy.Parse(p.Source)
	if err != nil {
		return policyFaults("/yaml", err)
	}
	return a.acceptable(ctx, inForce, proposed)
}

type versionsInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"20" doc:"The next of the page before"`
}

type versionsOutput struct {
	Body wire.Page[wire.PolicyVersion]
}
