package demo

import (
	"context"
	"fmt"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// toBacklog brings the request to prioritization.
func (a *storyRun) toBacklog(ctx context.Context) error {
	_, err := a.until(ctx, past(pmo.StagePrioritization))
	return err
}

// finish brings the request to its place.
func (a *storyRun) finish(ctx context.Context) error {
	scene, ok := scenes[a.story.Goes]
	if !ok {
		return fmt.Errorf("bring %s to its place: there is no place %q", a.story.Key, a.story.Goes)
	}
	return scene(ctx, a)
}

type scene func(ctx context.Context, a *storyRun) error

func wait(there reached) scene {
	return func(ctx context.Context, a *storyRun) error {
		_, err := a.until(ctx, there)
		return err
	}
}

var scenes = map[Place]scene{
	Intake:       wait(asks(pmo.KindClarify)),
	Sponsor:      wait(asks(pmo.KindSponsor)),
	Review:       wait(asks(pmo.KindReview)),
	HalfReviewed: wait(halfReviewed),
	NeedInfo:     diverted(pmo.KindReview, pmo.VerdictNeedInfo, asks(pmo.KindClarify)),
	Deferred:     diverted(pmo.KindReview, pmo.VerdictDefer, has(pmo.StatusDeferred)),
	Answered:     diverted(pmo.KindReview, pmo.VerdictAnswered, has(pmo.StatusClosed)),
	Merged:       diverted(pmo.KindReview, pmo.VerdictDuplicate, has(pmo.StatusClosed)),
	Rejected:     diverted(pmo.KindReview, pmo.VerdictReject, has(pmo.StatusClosed)),
	Withdrawn:    withdrawn,
	Backlog:      wait(past(pmo.StagePrioritization)),
	Hold:         held,
	Approach:     wait(asks(pmo.KindApproach)),
	Declined:     declined,
	NoRoom:       wait(noRoom),
	Plan:         wait(planProposed),
	Execution:    worked,
	Acceptance:   accepting,
	Delivered:    delivered,
}

func halfReviewed(r *wire.Request) bool {
	q := r.QuestionOf(pmo.KindReview)
	return q != nil && len(q.Answers) > 0 || r.Stage != pmo.StageReview && r.Stage != pmo.StageIntake
}

func noRoom(r *wire.Request) bool {
	return r.Stage == pmo.StageAssignment && r.NoTeamReason != "" && r.Assignment == nil
}

func planProposed(r *wire.Request) bool {
	q := r.QuestionOf(pmo.KindPlan)
	return q != nil && len(q.Answers) > 0
}

// diverted lets everybody who is asked give the same answer, until it has its effect.
func diverted(kind pmo.Kind, verdict string, there reached) scene {
	return func(ctx context.Context, a *storyRun) error {
		a.own = map[pmo.Kind]wire.Decision{kind: a.story.decision(verdict)}
		_, err := a.until(ctx, func(r *wire.Request) bool { return there(r) || r.Closed() })
		return err
	}
}

func withdrawn(ctx context.Context, a *storyRun) error {
	r, err := a.until(ctx, func(r *wire.Request) bool { return r.Closed() || len(r.Questions) > 0 })
	if err != nil || r.Closed() {
		return err
	}
	if err := a.command(ctx, a.story.requester(), "withdraw", wire.Reason{Reason: a.story.Reason}); err != nil {
		return err
	}
	_, err = a.until(ctx, has(pmo.StatusClosed))
	return err
}

func held(ctx context.Context, a *storyRun) error {
	r, err := a.until(ctx, past(pmo.StagePrioritization))
	if err != nil || r.Status != pmo.StatusOpen {
		return err
	}
	if err := a.command(ctx, office, "hold", wire.Reason{Reason: a.story.Reason}); err != nil {
		return err
	}
	_, err = a.until(ctx, has(pmo.StatusOnHold))
	return err
}

func declined(ctx context.Context, a *storyRun) error {
	a.own = map[pmo.Kind]wire.Decision{pmo.KindAssignment: a.story.decision(pmo.VerdictDecline)}
	_, err := a.until(ctx, func(r *wire.Request) bool {
		return len(r.Declined) > 0 && r.QuestionOf(pmo.KindAssignment) != nil || past(pmo.StageExecution)(r)
	})
	return err
}

// worked agrees on the plan and reports. A request that was reported on in an earlier run is not reported on again.
func worked(ctx context.Context, a *storyRun) error {
	r, err := a.until(ctx, func(r *wire.Request) bool {
		return r.Closed() || r.Delivered() || r.Plan.Agreed() && len(lead(r)) > 0
	})
	if err != nil || r.Closed() || r.Progress != nil {
		return err
	}
	for _, report := range a.story.Reports {
		if err := a.command(ctx, lead(r), "progress", report); err != nil {
			return err
		}
	}
	return nil
}

func lead(r *wire.Request) string {
	if r.Assignment == nil || len(r.Assignment.Leads) == 0 {
		return ""
	}
	return r.Assignment.Leads[0]
}

func accepting(ctx context.Context, a *storyRun) error { return a.done(ctx, asks(pmo.KindAcceptance)) }

func delivered(ctx context.Context, a *storyRun) error {
	return a.done(ctx, func(r *wire.Request) bool { return r.Closed() || r.Delivered() })
}

// done lets the team report the work as done, and goes on from there.
func (a *storyRun) done(ctx context.Context, there reached) error {
	if err := worked(ctx, a); err != nil {
		return err
	}
	r, err := a.until(ctx, func(r *wire.Request) bool { return r.Plan.Agreed() || r.Closed() })
	if err != nil || r.Closed() {
		return err
	}
	if r.DoneAt.IsZero() {
		all := 100
		if err := a.command(ctx, lead(r), "progress", wire.Report{Done: true, Percent: &all}); err != nil {
			return err
		}
	}
	_, err = a.until(ctx, func(r *wire.Request) bool { return there(r) || r.Closed() })
	return err
}
