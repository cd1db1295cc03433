package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// scoringStore keeps what several people give for the inputs of a request. It shows nobody what another one gave before it is revealed.
type scoringStore interface {
	Scoring(ctx context.Context, request, reader string) (store.ScoringRound, error)
	OpenScoring(ctx context.Context, r store.ScoringRound, entry pmo.Entry) error
	Score(ctx context.Context, request string, no int, p store.PrivateScore, whenAll pmo.Entry) error
	RevealScoring(ctx context.Context, request string, no int, by string, at time.Time, entry pmo.Entry) error
	ScoringWaits(ctx context.Context, v store.View, cursor string, limit int) (store.Page[store.ScoringWait], error)
}

const (
	openScoringAbout = "Those asked are notified, and score by themselves: nobody sees what another one gave before all have scored, or a member of the PMO reveals it. What is agreed is " +
		"then set like any input (`/inputs`), by one author."
	scoreAbout = "It can be changed until it is revealed. With the score of the last one asked, all are revealed."
)

type scoringOutput struct {
	Replayable
	Body wire.ScoringRound
}

func noScoring() error {
	return problem.New(problem.NotFound, "nobody was asked to score this request privately")
}

// scoringRound is the latest round of the request as the caller may see it.
func (a *API) scoringRound(ctx context.Context) (store.ScoringRound, error) {
	round, err := a.Store.Scoring(ctx, targetOf(ctx).ID, actorOf(ctx).ID)
	if errors.Is(err, store.ErrNotFound) {
		err = noScoring()
	}
	return round, err
}

func (a *API) readScoring(ctx context.Context, _ *RefPath) (*scoringOutput, error) {
	round, err := a.scoringRound(ctx)
	if err != nil {
		return nil, err
	}
	return &scoringOutput{Body: a.roundOf(ctx, round)}, nil
}

// afterScoring answers a command with the round as it is then.
func (a *API) afterScoring(ctx context.Context, key, command string, body any, do func(context.Context) error) (*scoringOutput, error) {
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", key, command+" "+targetOf(ctx).ID, body), key, func(ctx context.Context) (struct{}, error) {
		err := do(ctx)
		if errors.Is(err, store.ErrConflict) {
			err = problem.New(problem.Conflict, "the round has changed meanwhile: read it again")
		}
		return struct{}{}, err
	})
	if err != nil {
		return nil, err
	}
	round, err := a.scoringRound(ctx)
	return &scoringOutput{Replayable: replayed, Body: a.roundOf(ctx, round)}, err
}

// ranked refuses a request whose rank no longer depends on its inputs.
func ranked(r *pmo.Request) error {
	if refusal := r.CheckInputs(pmo.SetInputs{}); refusal != nil {
		return problem.New(problem.Kind(refusal.Kind), "%s", refusal.Detail)
	}
	return nil
}

type openScoringInput struct {
	RefPath
	Keyed
	Body wire.OpenScoring
}

func (a *API) openScoring(ctx context.Context, in *openScoringInput) (*scoringOutput, error) {
	return a.afterScoring(ctx, in.Key, "open scoring of", in.Body, func(ctx context.Context) error {
		t := targetOf(ctx)
		if err := ranked(&t.Request); err != nil {
			return err
		}
		inputs := in.Body.Inputs
		if len(inputs) == 0 {
			inputs = t.Request.NeededInputs()
		}
		if err := a.mayScore(ctx, t, in.Body.People, inputs); err != nil {
			return err
		}
		last, err := a.Store.Scoring(ctx, t.ID, actorOf(ctx).ID)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return err
		case last.RevealedAt == nil:
			return problem.New(problem.Conflict, "a round is open: reveal it first")
		}
		round := store.ScoringRound{Request: t.ID, No: last.No + 1, OpenedBy: actorOf(ctx).ID, OpenedAt: a.moment(), Inputs: inputs, People: in.Body.People}
		entry := pmo.Entry{Event: pmo.EventScoringOpened, Key: fmt.Sprintf("scoring/%d/opened", round.No),
			Text: "asked " + strings.Join(round.People, ", ") + " to score privately: " + inputWords(inputs)}
		return a.Store.OpenScoring(ctx, round, t.Request.Note(round.OpenedAt, by(ctx), entry, round.People...))
	})
}

func inputWords(names []string) string {
	return strings.ReplaceAll(strings.Join(names, ", "), "_", " ")
}

// mayScore refuses people who may not read the request or not judge it, and inputs that there are not.
func (a *API) mayScore(ctx context.Context, t *target, people, inputs []string) error {
	var faults []problem.Field
	add := func(list string, i int, detail string) {
		faults = append(faults, problem.Field{Pointer: fmt.Sprintf("/%s/%d", list, i), Detail: detail})
	}
	for i, name := range inputs {
		switch {
		case !slices.Contains(pmo.InputNames(), name):
			add("inputs", i, "is none of "+strings.Join(pmo.InputNames(), ", "))
		case slices.Contains(inputs[:i], name):
			add("inputs", i, "is named twice")
		}
	}
	for i, id := range people {
		if unknown := a.unknownPerson(fmt.Sprintf("/people/%d", i), id); len(unknown) > 0 {
			faults = append(faults, unknown...)
			continue
		}
		if slices.Contains(people[:i], id) {
			add("people", i, "is named twice")
			continue
		}
		if id != actorOf(ctx).ID && !a.mayRead(ctx, t, id) {
			add("people", i, "may not read this request")
			continue
		}
		eligible, err := a.scores(ctx, t, id, []string{id})
		if err != nil {
			return err
		}
		if !eligible.Allowed {
			add("people", i, "may not score it: "+access.CauseText[eligible.Cause])
		}
	}
	if len(faults) > 0 {
		return problem.InvalidFields(faults)
	}
	return nil
}

// scores judges by the one rule of who answers a question about scores whether somebody may score the request: in their own name alone.
func (a *API) scores(ctx context.Context, t *target, person string, people []string) (access.Eligibility, error) {
	principal, _ := a.Directory.Principal(person)
	standing, err := a.Store.Standing(ctx, person, nil, a.Now())
	if err != nil {
		return access.Eligibility{}, err
	}
	candidate := access.Candidate{Actor: a.Policy.Now().Actor(principal), ActsFor: standing.ActsFor, For: person}
	return access.Eligible(candidate, access.Seats{Kind: pmo.KindScore, Asked: people, Requester: t.Request.Requester, SubmittedBy: t.Request.SubmittedBy}), nil
}

type scoreInput struct {
	RefPath
	Keyed
	Body wire.PrivateScore
}

func (a *API) score(ctx context.Context, in *scoreInput) (*scoringOutput, error) {
	return a.afterScoring(ctx, in.Key, "score", in.Body, func(ctx context.Context) error {
		t, me := targetOf(ctx), actorOf(ctx).ID
		round, err := a.scoringRound(ctx)
		if err != nil {
			return err
		}
		eligible, err := a.scores(ctx, t, me, round.People)
		switch {
		case err != nil:
			return err
		case !eligible.Allowed:
			return problem.New(problem.Kind(eligible.Kind), "%s", eligible.Reason)
		case round.RevealedAt != nil:
			return problem.New(problem.Superseded, "the scores are revealed: what is agreed is set as an input")
		}
		if err := ranked(&t.Request); err != nil {
			return err
		}
		if err := a.wrongScores(in.Body, round.Inputs); err != nil {
			return err
		}
		score := store.PrivateScore{Person: me, Inputs: in.Body.Inputs, Sure: in.Body.Sure, Reason: strings.TrimSpace(in.Body.Reason), At: a.moment()}
		return a.Store.Score(ctx, t.ID, round.No, score, revealed(&t.Request, round, score.At, pmo.By{}, "everybody asked has scored"))
	})
}

// wrongScores refuses what is not on the policy's scale, and what nobody asked about.
func (a *API) wrongScores(given wire.PrivateScore, asked []string) error {
	if faults := a.Policy.Now().ValidateInputs(given.Inputs, "/inputs"); len(faults) > 0 {
		return problem.InvalidFields(fieldsOf(faults, ""))
	}
	unknown := given.Inputs.Missing(pmo.InputNames())
	for _, name := range pmo.InputNames() {
		if !slices.Contains(unknown, name) && !slices.Contains(asked, name) {
			return problem.InvalidField("/inputs/"+name, "is not asked about; these are: %s", strings.Join(asked, ", "))
		}
	}
	if len(unknown) == len(pmo.InputNames()) {
		return problem.InvalidField("/inputs", "is empty: give one at least")
	}
	return nil
}

// revealed is the entry of the ledger. It says who had scored and not what.
func revealed(r *pmo.Request, round store.ScoringRound, at time.Time, who pmo.By, why string) pmo.Entry {
	entry := pmo.Entry{Event: pmo.EventScoringRevealed, Key: fmt.Sprintf("scoring/%d/revealed", round.No), Text: "private scores are revealed: " + why}
	return r.Note(at, who, entry, append(slices.Clone(round.People), round.OpenedBy)...)
}

type revealInput struct {
	RefPath
	Keyed
}

func (a *API) revealScoring(ctx context.Context, in *revealInput) (*scoringOutput, error) {
	return a.afterScoring(ctx, in.Key, "reveal scoring of", nil, func(ctx context.Context) error {
		t := targetOf(ctx)
		round, err := a.scoringRound(ctx)
		if err != nil {
			return err
		}
		if round.RevealedAt != nil {
			return problem.New(problem.Superseded, "the scores are revealed already")
		}
		at, why := a.moment(), fmt.Sprintf("%d of %d asked had scored", len(round.Scored), len(round.People))
		return a.Store.RevealScoring(ctx, t.ID, round.No, actorOf(ctx).ID, at, revealed(&t.Request, round, at, by(ctx), why))
	})
}

type scoringWaitsOutput struct {
	Body wire.Page[wire.ScoringWait]
}

func (a *API) scoringWaits(ctx context.Context, in *struct{ Paging }) (*scoringWaitsOutput, error) {
	found, err := a.Store.ScoringWaits(ctx, viewOf(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return &scoringWaitsOutput{Body: pageOf(found, func(w store.ScoringWait) wire.ScoringWait {
		return wire.ScoringWait{Request: w.Request, Ref: pmo.Ref(w.Number), Title: w.Title, OpenedBy: w.OpenedBy, OpenedAt: w.OpenedAt, Inputs: w.Inputs, Link: linksOf(w.Request).Self + "/scoring"}
	})}, nil
}

// roundOf is a round as it is shown. The store has left out what the caller may not see.
func (a *API) roundOf(ctx context.Context, r store.ScoringRound) wire.ScoringRound {
	out := wire.ScoringRound{No: r.No, Open: r.RevealedAt == nil, OpenedBy: r.OpenedBy, OpenedAt: r.OpenedAt, Inputs: r.Inputs, People: []wire.ScoringPerson{}, RevealedAt: r.RevealedAt,
		RevealedBy: r.RevealedBy, Results: []wire.ScoringResult{}, Comments: linksOf(targetOf(ctx).ID).Self + "/comments"}
	for _, person := range r.People {
		out.People = append(out.People, wire.ScoringPerson{Person: person, Scored: slices.Contains(r.Scored, person)})
	}
	for _, s := range r.Scores {
		if s.Person == actorOf(ctx).ID {
			out.Mine = &wire.PrivateScore{Inputs: s.Inputs, Sure: s.Sure, Reason: s.Reason}
		}
	}
	if out.Open {
		return out
	}
	scale := a.Policy.Now().Scoring(targetOf(ctx).Request.Portfolio).Scale
	for _, name := range r.Inputs {
		out.Results = append(out.Results, resultOf(name, r.Scores, scale))
	}
	return out
}

// bands are the values of MoSCoW in their order.
var bands = []string{"wont", "could", "should", "must"}

func resultOf(input string, scores []store.PrivateScore, scale []float64) wire.ScoringResult {
	out := wire.ScoringResult{Input: input, Scores: []wire.ScoreGiven{}}
	if !slices.Contains(pmo.ScoreInputs(), input) {
		scale = nil // the policy's scale is that of WSJF
	}
	show := func(v float64) string { return numberText(v) }
	if input == "moscow" {
		scale, show = []float64{0, 1, 2, 3}, func(v float64) string { return bands[int(v)] }
	}
	var values []float64
	for _, s := range scores {
		given := wire.ScoreGiven{Person: s.Person, Sure: s.Sure, Reason: s.Reason}
		if v, known := valueOf(s.Inputs, input); known {
			values, given.Value = append(values, v), show(v)
		}
		out.Scores = append(out.Scores, given)
	}
	if spread := priority.SpreadOf(values, scale); spread.Of > 0 {
		out.Low, out.High, out.Middle, out.Apart = show(spread.Low), show(spread.High), show(spread.Middle), spread.Apart
	}
	return out
}

func valueOf(in pmo.Inputs, name string) (float64, bool) {
	if name == "moscow" {
		i := slices.Index(bands, in.MoSCoW)
		return float64(i), i >= 0
	}
	for _, v := range in.Each() {
		if v.Name == name && v.Value != nil {
			return *v.Value, true
		}
	}
	return 0, false
}
