package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"leanpmo/internal/assign"
	"leanpmo/internal/backlog"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

const whatIfAssignmentAbout = "What waits for a team is planned with the teams as they are and with the others, eight weeks ahead, or up to 26 where an absence that is asked about ends later, and nothing is changed. What teams hold stays with them: " +
	"where less capacity is left than that takes, the load is over the ceiling. A request that starts later is forecast from the week in which it can start. " +
	"Requests that you may not read take their places and are not named."

// mostMoves is how many requests that move are listed.
const mostMoves = 200

type assignmentAnswerOutput struct{ Body wire.AssignmentAnswer }

// whatIfAssignment answers what other teams would change of what waits for one.
func (a *API) whatIfAssignment(ctx context.Context, in *struct{ Body wire.WhatIfAssignment }) (*assignmentAnswerOutput, error) {
	portfolio, err := a.portfolio(in.Body.Portfolio, "/portfolio")
	if err != nil {
		return nil, err
	}
	at := a.moment()
	weeks, err := weeksAsked(in.Body.Changes, a.Policy.Now().DayOf(portfolio, at))
	if err != nil {
		return nil, err
	}
	rules := a.Policy.Now().AssignPolicyOver(portfolio, at, weeks)
	read, err := a.Backlogs.Placement(ctx, portfolio, rules)
	if err != nil {
		return nil, err
	}
	teams, err := changedTeams(&read, portfolio, in.Body.Changes)
	if err != nil {
		return nil, err
	}
	before, after, err := read.WithTeams(teams, at)
	if err != nil {
		return nil, err
	}
	out := &assignmentAnswerOutput{Body: wire.AssignmentAnswer{At: at, Portfolio: portfolio, Policy: a.Policy.Now().Name(), Weeks: weeks, Waiting: len(read.Waiting),
		ValueNow: before.Plan.Value, Value: after.Plan.Value, ServedNow: withTeam(before.Plan.Decisions), Served: withTeam(after.Plan.Decisions), Lines: []wire.AssignmentMove{}, Waits: []wire.AssignmentMove{}}}
	out.Body.Teams = compareTeams(&before, &after, in.Body.Changes)
	titles, err := a.moves(ctx, &before, &after, &out.Body)
	out.Body.UnknownSkills = unknownSkills(&read, in.Body.Changes, titles)
	return out, err
}

// weeksAsked is over how many weeks a question looks: to the end of the last absence that it asks about, at least as far as the assignments do and
// at most policy.MostWeeksAhead. An absence that begins only after these is refused: it could move nothing.
func weeksAsked(changes []wire.TeamChange, today pmo.Date) (int, error) {
	weeks := policy.WeeksAhead
	for i, c := range changes {
		for j, absence := range c.Absences {
			if from := weeksUntil(today, absence.From); from > policy.MostWeeksAhead {
				return 0, problem.InvalidField(fmt.Sprintf("/changes/%d/absences/%d/from", i, j), "is more than %d weeks ahead: the plan looks no further", policy.MostWeeksAhead)
			}
			weeks = max(weeks, min(weeksUntil(today, absence.Until), policy.MostWeeksAhead))
		}
	}
	return weeks, nil
}

// weeksUntil is how many weeks from today on it takes to have a day among them; 0 for what is no date.
func weeksUntil(today, day pmo.Date) int {
	if day.EndUTC().IsZero() {
		return 0
	}
	return int(day.EndUTC().Sub(today.EndUTC()).Hours()/24)/7 + 1
}

func withTeam(list []assign.Decision) (n int) {
	for _, d := range list {
		if d.Team != "" {
			n++
		}
	}
	return n
}

// changedTeams are the teams of a portfolio with the changes that are asked about.
func changedTeams(read *backlog.Placement, portfolio string, changes []wire.TeamChange) ([]store.TeamLoad, error) {
	teams := slices.Clone(read.Teams)
	for i, c := range changes {
		at := fmt.Sprintf("/changes/%d", i)
		j := slices.IndexFunc(teams, func(t store.TeamLoad) bool { return t.ID == c.Team })
		switch {
		case c.Team == "" && c.Capacity == nil:
			return nil, problem.InvalidField(at+"/capacity", "is needed for a team more, in team-weeks")
		case c.Team == "" && c.Gone:
			return nil, problem.InvalidField(at+"/gone", "is for a team that there is")
		case c.Team == "":
			j, teams = len(teams), append(teams, store.TeamLoad{Team: pmo.Team{ID: newTeam(i), Name: cmp.Or(c.Name, fmt.Sprintf("Team more %d", i+1)), Portfolio: portfolio}})
		case j < 0:
			return nil, problem.InvalidField(at+"/team", "is no team of the portfolio %s", portfolio)
		}
		changed := changedTeam(teams[j].Team, c)
		if fields := changeFaults(c, changed, teams[j].Team, at); len(fields) > 0 {
			return nil, problem.InvalidFields(fields)
		}
		teams[j].Team = changed
	}
	return teams, nil
}

// changeFaults is what is wrong with a change, by the rules for teams. What the team had before is not judged again.
func changeFaults(c wire.TeamChange, then, before pmo.Team, at string) []problem.Field {
	fields := fieldsOf(policy.TeamFaults(pmo.Team{Name: c.Name, Skills: c.Skills}, pmo.Team{}), at)
	for _, fault := range then.AbsenceFaults(before.Absences) {
		if i := fault.Index - len(before.Absences); i >= 0 {
			fields = append(fields, problem.Field{Pointer: fmt.Sprintf("%s/absences/%d/%s", at, i, fault.Field), Detail: fault.Why})
		}
	}
	return fields
}

// newTeam is the id of a team that is only asked about: no team that there is can have it.
func newTeam(i int) string { return fmt.Sprintf("+%d", i+1) }

// changedTeam is a team with one change. One that is gone has neither capacity nor skills; what it holds stays with it.
func changedTeam(t pmo.Team, c wire.TeamChange) pmo.Team {
	t.Skills = pmo.Skills(append(slices.Clone(t.Skills), c.Skills...))
	t.Absences = append(slices.Clone(t.Absences), c.Absences...)
	if c.Capacity != nil {
		t.Capacity = *c.Capacity
	}
	if c.LoadCeiling != nil {
		t.LoadCeiling = *c.LoadCeiling
	}
	if c.WIPLimit != nil {
		t.WIPLimit = *c.WIPLimit
	}
	if c.Pace != nil {
		t.Pace = *c.Pace
	}
	if c.Gone {
		t.Capacity, t.Absences, t.Skills = 0, nil, nil
	}
	return t
}

// unknownSkills are the names of skills asked about that no team has and none of the readable requests that wait needs, each once.
func unknownSkills(read *backlog.Placement, changes []wire.TeamChange, readable map[string]string) (unknown []string) {
	var asked, known []string
	for _, c := range changes {
		asked = append(asked, c.Skills...)
	}
	for _, t := range read.Teams {
		known = append(known, t.Skills...)
	}
	for _, r := range read.Waiting {
		if _, may := readable[r.ID]; !may {
			continue
		}
		if known = append(known, r.Skills...); r.Second != nil {
			known = append(known, r.Second.Skills...)
		}
	}
	known = pmo.SkillNames(known)
	for _, name := range pmo.SkillNames(asked) {
		if !slices.Contains(known, name) {
			unknown = append(unknown, name)
		}
	}
	return unknown
}

// compareTeams are the loads of every team by week, with both plans.
func compareTeams(before, after *backlog.Proposals, changes []wire.TeamChange) []wire.TeamComparison {
	list, now := []wire.TeamComparison{}, map[string]*wire.TeamProposals{}
	loads := teamsAfter(before)
	for i := range loads {
		now[loads[i].Team] = &loads[i]
	}
	for _, t := range teamsAfter(after) {
		line := wire.TeamComparison{Team: t.Team, Name: t.Name, New: now[t.Team] == nil,
			Gone: slices.ContainsFunc(changes, func(c wire.TeamChange) bool { return c.Gone && c.Team == t.Team })}
		for k, w := range t.Weeks {
			week := wire.WeekComparison{From: w.From, Capacity: w.Capacity, Most: w.Most, Load: w.Firm + w.Held + w.Proposed}
			if b := now[t.Team]; b != nil {
				week.CapacityNow, week.MostNow, week.LoadNow = b.Weeks[k].Capacity, b.Weeks[k].Most, b.Weeks[k].Firm+b.Weeks[k].Held+b.Weeks[k].Proposed
			}
			line.Weeks = append(line.Weeks, week)
		}
		list = append(list, line)
	}
	return list
}

// moves are the requests that the reader may know of and that get another place, and those that wait as before. It returns the titles of all that wait
// and that the reader may know of, by id.
func (a *API) moves(ctx context.Context, before, after *backlog.Proposals, out *wire.AssignmentAnswer) (titles map[string]string, err error) {
	ids, was := []string{}, map[string]assign.Decision{}
	for _, d := range before.Plan.Decisions {
		ids, was[d.Request] = append(ids, d.Request), d
	}
	titles, err = a.Store.Titles(ctx, viewOf(ctx), ids)
	if err != nil {
		return nil, err
	}
	hide, err := a.hiding(ctx, after.Plan.Decisions)
	if err != nil {
		return nil, err
	}
	ends := a.endings(ctx, out.Portfolio, out.At)
	for _, d := range after.Plan.Decisions {
		title, readable := titles[d.Request]
		if !readable {
			out.Hidden++
			continue
		}
		line := wire.AssignmentMove{ID: d.Request, Ref: d.Number, Title: title, Link: "/v1/requests/" + d.Request, Rank: d.Rank, Why: hide(d.Sentence)}
		if line.Now, err = ends(before, was[d.Request]); err != nil {
			return nil, err
		}
		if line.Then, err = ends(after, d); err != nil {
			return nil, err
		}
		switch {
		case line.Now == line.Then && line.Then.Now:
		case line.Now == line.Then && len(out.Waits) >= mostMoves:
			out.MoreWaits++
		case line.Now == line.Then:
			out.Waits = append(out.Waits, line)
		case len(out.Lines) >= mostMoves:
			out.Moved, out.MoreLines = out.Moved+1, out.MoreLines+1
		default:
			out.Moved, out.Lines = out.Moved+1, append(out.Lines, line)
		}
	}
	return titles, nil
}

// endings says where a request is placed and when it is finished. Teams with a day are forecast once.
func (a *API) endings(ctx context.Context, portfolio string, at time.Time) func(*backlog.Proposals, assign.Decision) (wire.AssignmentPlace, error) {
	type place struct {
		plan  *backlog.Proposals
		teams assign.Pair
		days  int
	}
	known := map[place]pmo.Date{}
	return func(p *backlog.Proposals, d assign.Decision) (wire.AssignmentPlace, error) {
		teams, days, placed := backlog.StartOf(d)
		if !placed {
			return wire.AssignmentPlace{}, nil
		}
		out := wire.AssignmentPlace{Team: teams.Team, Second: teams.Second, Now: days == 0, From: p.Rules.Today}
		if d.Later != nil {
			out.From = pmo.Date(d.Later.From)
		}
		key := place{p, teams, days}
		end, have := known[key]
		if !have {
			found, err := a.forecasts.Begun(ctx, portfolio, p.TeamsOf(teams), days, at)
			if err != nil {
				return out, err
			}
			if !found.CannotForecast {
				end = found.P85.Day()
			}
			known[key] = end
		}
		out.P85 = end
		return out, nil
	}
}
