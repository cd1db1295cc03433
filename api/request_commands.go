package api

import (
	"context"
	"fmt"

	"leanpmo/internal/access"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

type amendInput struct {
	RefPath
	Keyed
	Body wire.Amendment
}

func (a *API) amend(ctx context.Context, in *amendInput) (*receipt, error) {
	patch, err := a.mergePatch(ctx, targetOf(ctx), partialOf(ctx).Patch, "/patch", 0)
	if err != nil {
		return nil, err
	}
	if patch.Empty() {
		return nil, problem.InvalidField("/patch", "changes nothing")
	}
	cmd := &pmo.Amend{Revision: in.Body.Revision, Patch: patch, Reason: in.Body.Reason}
	return a.command(ctx, contract.UpdateAmend, cmd, by(ctx), in.Key)
}

type progressInput struct {
	RefPath
	Keyed
	Body wire.Report
}

func (a *API) progress(ctx context.Context, in *progressInput) (*receipt, error) {
	b, part := in.Body, partialOf(ctx)
	if cleared(part.Health) {
		return nil, problem.InvalidField("/health", "is green, amber or red; leave it out where the rule gives it")
	}
	if cleared(part.Measure) {
		return nil, problem.InvalidField("/measure", "is a count; leave it out where it is as it was")
	}
	if cleared(part.EarnedValue) {
		return nil, problem.InvalidField("/earned_value", "is a measurement; leave it out where it is as it was")
	}
	if cleared(part.Blocked) {
		b.Blocked = new(string)
	}
	if cleared(part.Risks) {
		b.Risks = []pmo.Risk{}
	}
	cmd := &pmo.Report{Percent: b.Percent, NoPercent: cleared(part.Percent), Health: b.Health, Note: b.Note, Risks: b.Risks, Blocked: b.Blocked, Done: b.Done, Lessons: b.Lessons,
		EarnedValue: b.EarnedValue, Measure: b.Measure, Milestones: b.Milestones}
	return a.command(ctx, contract.UpdateProgress, cmd, by(ctx), in.Key)
}

const raidAbout = "Risks, assumptions, issues, dependencies and blockers of work under way. An open blocker makes its health red, is asked about, and stands in what is stuck until it is cleared."

type raidInput struct {
	RefPath
	Keyed
	Body wire.Raid
}

// raid adds an entry to the RAID log, or clears one.
func (a *API) raid(ctx context.Context, in *raidInput) (*receipt, error) {
	b := in.Body
	cmd := &pmo.LogRaid{Kind: b.Kind, Text: b.Text, Owner: b.Owner, Due: b.Due, Probability: b.Probability, Impact: b.Impact, Clear: b.Clear, How: b.How}
	return a.command(ctx, contract.UpdateRaid, cmd, by(ctx), in.Key)
}

type reasonInput struct {
	RefPath
	Keyed
	Body *wire.Reason
}

func (a *API) stop(ctx context.Context, update string, in *reasonInput) (*receipt, error) {
	cmd := &pmo.Stop{}
	if in.Body != nil {
		cmd.Reason = in.Body.Reason
	}
	return a.command(ctx, update, cmd, by(ctx), in.Key)
}

func (a *API) withdraw(ctx context.Context, in *reasonInput) (*receipt, error) {
	return a.stop(ctx, contract.UpdateWithdraw, in)
}

func (a *API) hold(ctx context.Context, in *reasonInput) (*receipt, error) {
	return a.stop(ctx, contract.UpdateHold, in)
}

func (a *API) resume(ctx context.Context, in *reasonInput) (*receipt, error) {
	return a.stop(ctx, contract.UpdateResume, in)
}

func (a *API) wake(ctx context.Context, in *reasonInput) (*receipt, error) {
	return a.stop(ctx, contract.UpdateWake, in)
}

type cancelInput struct {
	RefPath
	Keyed
	Body wire.Cancellation
}

func (a *API) cancel(ctx context.Context, in *cancelInput) (*receipt, error) {
	cmd := &pmo.Stop{Reason: in.Body.Reason}
	for i, ref := range in.Body.Into {
		other, err := a.goesOnIn(ctx, targetOf(ctx), ref, fmt.Sprintf("/into/%d", i))
		if err != nil {
			return nil, err
		}
		cmd.Into = append(cmd.Into, other.ID)
	}
	return a.merge(ctx, cmd, in.Key)
}

// merge cancels the request. Where it was to go on in others and one of them ended meanwhile, it stays open.
func (a *API) merge(ctx context.Context, cmd *pmo.Stop, key string) (*receipt, error) {
	done, err := a.command(ctx, contract.UpdateCancel, cmd, by(ctx), key)
	if err == nil && done.Body.Result == pmo.ResultNotMerged {
		return nil, problem.New(problem.MovedOn, "one of the requests it was to go on in has ended meanwhile, or goes on elsewhere; this one stays open")
	}
	return done, err
}

// knownTeam refuses a team that does not exist.
func (a *API) knownTeam(ctx context.Context, pointer, team string) error {
	_, err := a.Store.Team(ctx, team)
	if problem.Is(err, problem.NotFound) {
		err = problem.InvalidField(pointer, "is no team we know")
	}
	return err
}

type pullInput struct {
	RefPath
	Keyed
	Body wire.OverridePull
}

func (a *API) pull(ctx context.Context, in *pullInput) (*receipt, error) {
	return a.command(ctx, contract.UpdatePull, &pmo.OverridePull{Reason: in.Body.Reason}, by(ctx), in.Key)
}

type inputsInput struct {
	RefPath
	Keyed
	Body wire.SetInputs
}

func (a *API) inputs(ctx context.Context, in *inputsInput) (*receipt, error) {
	if faults := a.Policy.Now().ValidateInputs(in.Body.Inputs, "/inputs"); len(faults) > 0 {
		return nil, problem.InvalidFields(fieldsOf(faults, ""))
	}
	part := partialOf(ctx)
	if cleared(part.Class) {
		return nil, problem.InvalidField("/class", "is a class of service; leave it out where it is as it was")
	}
	if class := in.Body.Class; class != nil {
		if d := access.MayChange(actorOf(ctx), "class", targetOf(ctx).object()); !d.Allowed {
			return nil, problem.New(problem.Kind(d.Kind), "%s", d.Reason)
		}
		if fault := a.Policy.Now().ClassFault(*class); fault != "" {
			return nil, problem.InvalidField("/class", "%s", fault)
		}
	}
	clear, err := pmo.EmptyFields[pmo.Inputs](part.Inputs)
	if err != nil {
		return nil, problem.Wrap(err, problem.Invalid, "the inputs cannot be read")
	}
	cmd := &pmo.SetInputs{Inputs: in.Body.Inputs, Clear: clear, Class: in.Body.Class, Reason: in.Body.Reason, Sure: in.Body.Sure}
	return a.command(ctx, contract.UpdateInputs, cmd, by(ctx), in.Key)
}

type watchInput struct {
	RefPath
	Keyed
	Body *wire.Watchers
}

func (a *API) watch(ctx context.Context, in *watchInput) (*receipt, error) {
	actor, cmd := actorOf(ctx), &pmo.Watch{}
	if in.Body != nil {
		cmd.Add, cmd.Remove = in.Body.Add, in.Body.Remove
	}
	if len(cmd.Add) == 0 && len(cmd.Remove) == 0 {
		cmd.Add = []string{actor.ID}
	}
	for _, person := range append(append([]string{}, cmd.Add...), cmd.Remove...) {
		if person == actor.ID {
			continue
		}
		if err := may(actor, access.Share, targetOf(ctx).object()); err != nil {
			return nil, err
		}
	}
	if fields := a.unknownPeople("/add", cmd.Add); len(fields) > 0 {
		return nil, problem.InvalidFields(fields)
	}
	return a.command(ctx, contract.UpdateWatch, cmd, by(ctx), in.Key)
}
