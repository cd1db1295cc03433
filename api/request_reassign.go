package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

type reassignOutput struct {
	Replayable
	Body wire.Reassigned
}

type reassignInput struct {
	RefPath
	Keyed
	Body wire.Reassignment
}

func (a *API) reassign(ctx context.Context, in *reassignInput) (*reassignOutput, error) {
	b := in.Body
	if (b.Decision == "") == (b.Team == "") {
		return nil, problem.InvalidField("/decision", "give either a decision with from and to, or a team")
	}
	if b.Decision != "" {
		fields, err := a.reassignable(ctx, targetOf(ctx), &b)
		if err != nil {
			return nil, err
		}
		if len(fields) > 0 {
			return nil, problem.InvalidFields(fields)
		}
	} else if err := a.knownTeam(ctx, "/team", b.Team); err != nil {
		return nil, err
	}
	if b.Second != "" {
		if err := a.knownTeam(ctx, "/second", b.Second); err != nil {
			return nil, err
		}
	}
	cmd := &pmo.Reassign{Reason: b.Reason, Question: b.Decision, From: b.From, To: b.To, Team: b.Team, Second: b.Second}
	before := workOf(&targetOf(ctx).Request)
	done, err := a.command(ctx, contract.UpdateReassign, cmd, by(ctx), in.Key)
	if err != nil {
		return nil, err
	}
	out := &reassignOutput{Replayable: done.Replayable, Body: wire.Reassigned{Receipt: done.Body}}
	out.Body.Done, out.Body.Next = reassigned(cmd, before, &done.Body)
	return out, nil
}

// workOf is the team that has the work, or its offer, in words; empty without one.
func workOf(r *pmo.Request) string {
	switch {
	case r.Assignment == nil:
		return ""
	}
	teams := strings.Join(r.Assignment.TeamIDs(), " and ")
	if !r.Assignment.Confirmed() {
		return "the offer to " + teams
	}
	return "the work from " + teams
}

// reassigned says what a reassignment has done, and what is yet to happen before somebody answers or works.
func reassigned(c *pmo.Reassign, before string, after *pmo.Receipt) (done, next string) {
	if c.Question != "" {
		return reassignedSeat(c, after)
	}
	done = "The PMO took back " + before + "."
	if before == "" {
		done = "No team had the work."
	}
	wanted := []string{c.Team}
	if done += fmt.Sprintf(" A team is looked for, %s first.", c.Team); c.Second != "" {
		wanted = append(wanted, c.Second)
		done = fmt.Sprintf("%s and %s as the second.", strings.TrimSuffix(done, "."), c.Second)
	}
	asked := map[string]bool{}
	var says []string
	for _, q := range after.Open {
		if q.Kind == pmo.KindAssignment {
			team := q.ID[strings.LastIndex(q.ID, "/")+1:]
			asked[team] = true
			says = append(says, fmt.Sprintf("%s has the offer and has yet to accept it: %s answers %s until %s.", team, namesOf(q), q.ID, minute(q.DueAt.UTC())))
		}
	}
	if len(says) == 0 {
		return done, "No team has the offer yet; the status says why when none fits. Nobody works on it before a team has accepted."
	}
	for _, team := range slices.Backward(wanted) {
		if !asked[team] {
			says = slices.Insert(says, 0, team+" could not be offered it.")
		}
	}
	return done, strings.Join(says, " ") + " Nobody works on it before."
}

func reassignedSeat(c *pmo.Reassign, after *pmo.Receipt) (done, next string) {
	done = fmt.Sprintf("%s is asked %s.", c.To, c.Question)
	if c.From != "" {
		done = fmt.Sprintf("%s is asked %s instead of %s.", c.To, c.Question, c.From)
	}
	for _, q := range after.Open {
		if q.ID == c.Question {
			return done, fmt.Sprintf("%s has yet to answer, until %s.", c.To, minute(q.DueAt.UTC()))
		}
	}
	return done, c.To + " has yet to answer."
}

// namesOf is whom a question waits on, in words.
func namesOf(q pmo.OpenItem) string {
	if len(q.Waiting) == 0 {
		return "nobody"
	}
	text := strings.Join(q.Waiting, " or ")
	if q.MoreWaiting > 0 {
		text += fmt.Sprintf(" or %d more", q.MoreWaiting)
	}
	return text
}
