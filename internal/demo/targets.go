package demo

import (
	"context"
	"fmt"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// toBacklog moves the request into the backlog.
func (s *storyDriver) toBacklog(ctx context.Context) error {
	_, err := s.until(ctx, past(pmo.StagePrioritization))
	return err
}

// finish moves the request to the story's target.
func (s *storyDriver) finish(ctx context.Context) error {
	action, ok := actions[s.story.Target]
	if !ok {
		return fmt.Errorf("drive %s: unknown target %q", s.story.Key, s.story.Target)
	}
	return action(ctx, s)
}

type action func(ctx context.Context, s *storyDriver) error

func wait(done condition) action {
	return func(ctx context.Context, s *storyDriver) error {
		_, err := s.until(ctx, done)
		return err
	}
}

var actions = map[Target]action{
	Intake:       wait(asks(pmo.KindClarify)),
	Sponsor:      wait(asks(pmo.KindSponsor)),
	Review:       wait(asks(pmo.KindReview)),
	HalfReviewed: wait(halfReviewed),
	NeedInfo:     answerWith(pmo.KindReview, pmo.VerdictNeedInfo, asks(pmo.KindClarify)),
	Deferred:     answerWith(pmo.KindReview, pmo.VerdictDefer, has(pmo.StatusDeferred)),
	Answered:     answerWith(pmo.KindReview, pmo.VerdictAnswered, has(pmo.StatusClosed)),
	Merged:       answerWith(pmo.KindReview, pmo.VerdictDuplicate, has(pmo.StatusClosed)),
	Rejected:     answerWith(pmo.KindReview, pmo.VerdictReject, has(pmo.StatusClosed)),
	Withdrawn:    withdraw,
	Backlog:      wait(past(pmo.StagePrioritization)),
	Hold:         putOnHold,
	Approach:     wait(asks(pmo.KindApproach)),
	Declined:     decline,
	NoRoom:       wait(noRoom),
	Plan:         wait(planProposed),
	Execution:    execute,
	Acceptance:   awaitAcceptance,
	Delivered:    deliver,
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

// answerWith gives the same answer for everybody who is asked, until the condition holds.
func answerWith(kind pmo.Kind, verdict string, done condition) action {
	return func(ctx context.Context, s *storyDriver) error {
		s.overrides = map[pmo.Kind]wire.Decision{kind: s.story.decision(verdict)}
		_, err := s.until(ctx, func(r *wire.Request) bool { return done(r) || r.Closed() })
		return err
	}
}

func withdraw(ctx context.Context, s *storyDriver) error {
	r, err := s.until(ctx, func(r *wire.Request) bool { return r.Closed() || len(r.Questions) > 0 })
	if err != nil || r.Closed() {
		return err
	}
	if err := s.command(ctx, s.story.requester(), "withdraw", wire.Reason{Reason: s.story.Reason}); err != nil {
		return err
	}
	_, err = s.until(ctx, has(pmo.StatusClosed))
	return err
}

func putOnHold(ctx context.Context, s *storyDriver) error {
	r, err := s.until(ctx, past(pmo.StagePrioritization))
	if err != nil || r.Status != pmo.StatusOpen {
		return err
	}
	if err := s.command(ctx, pmoUser, "hold", wire.Reason{Reason: s.story.Reason}); err != nil {
		return err
	}
	_, err = s.until(ctx, has(pmo.StatusOnHold))
	return err
}

func decline(ctx context.Context, s *storyDriver) error {
	s.overrides = map[pmo.Kind]wire.Decision{pmo.KindAssignment: s.story.decision(pmo.VerdictDecline)}
	_, err := s.until(ctx, func(r *wire.Request) bool {
		return len(r.Declined) > 0 && r.QuestionOf(pmo.KindAssignment) != nil || past(pmo.StageExecution)(r)
	})
	return err
}

// execute agrees on the plan and sends the progress reports, unless an earlier call has sent them.
func execute(ctx context.Context, s *storyDriver) error {
	r, err := s.until(ctx, func(r *wire.Request) bool {
		return r.Closed() || r.Delivered() || r.Plan.Agreed() && len(lead(r)) > 0
	})
	if err != nil || r.Closed() || r.Progress != nil {
		return err
	}
	for _, report := range s.story.Reports {
		if err := s.command(ctx, lead(r), "progress", report); err != nil {
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

func awaitAcceptance(ctx context.Context, s *storyDriver) error {
	return s.finishWork(ctx, asks(pmo.KindAcceptance))
}

func deliver(ctx context.Context, s *storyDriver) error {
	return s.finishWork(ctx, func(r *wire.Request) bool { return r.Closed() || r.Delivered() })
}

// finishWork reports the work as done and goes on until the condition holds.
func (s *storyDriver) finishWork(ctx context.Context, done condition) error {
	if err := execute(ctx, s); err != nil {
		return err
	}
	r, err := s.until(ctx, func(r *wire.Request) bool { return r.Plan.Agreed() || r.Closed() })
	if err != nil || r.Closed() {
		return err
	}
	if r.DoneAt.IsZero() {
		all := 100
		if err := s.command(ctx, lead(r), "progress", wire.Report{Done: true, Percent: &all}); err != nil {
			return err
		}
	}
	_, err = s.until(ctx, func(r *wire.Request) bool { return done(r) || r.Closed() })
	return err
}
