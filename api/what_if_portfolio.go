package api

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/backlog"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/simulate"
	"leanpmo/internal/wire"
)

const whatIfPortfolioAbout = "The weeks to come are played many times and nothing is changed. Arrivals are drawn again from the requests of the past year, and how many come in a week from the weeks of imported work too; they are ranked, pulled and given to teams by the rules that real ones follow, " +
	"and a team works on each as long as one of its finished requests took. Both sides of a comparison get the same arrivals and draws. Days off and absences count, and so do the shared resources that requests need; nobody is taken to leave, to fall ill or to change a request, " +
	"questions are taken to be answered in time, and nothing is withdrawn. It says nothing about what a person will do. Requests that you may not read count in the sums; none is named. One simulation is made at a time."

// simulatesWithin is less than a call may take. The work of a simulation is bounded to half of it on an idle core.
const simulatesWithin = 7 * time.Second

type portfolioSimulationOutput struct{ Body wire.PortfolioSimulation }

// whatIfPortfolio simulates the next weeks of a portfolio.
func (a *API) whatIfPortfolio(ctx context.Context, in *struct{ Body wire.WhatIfPortfolio }) (*portfolioSimulationOutput, error) {
	portfolio, err := a.portfolio(in.Body.Portfolio, "/portfolio")
	if err != nil {
		return nil, err
	}
	inForce, at := a.Policy.Now(), a.moment()
	other, err := otherPolicy(inForce, portfolio, &in.Body)
	if err != nil {
		return nil, err
	}
	read, err := a.Backlogs.Simulation(ctx, portfolio, at, inForce.Calendar(portfolio).Location())
	if err != nil {
		return nil, err
	}
	teams, err := changedTeams(&backlog.Placement{Teams: read.Teams}, portfolio, in.Body.Changes)
	if err != nil {
		return nil, err
	}
	then := other
	if then == nil && len(in.Body.Changes) > 0 {
		then = inForce
	}
	weeks := cmp.Or(in.Body.Weeks, simulate.DefaultWeeks)
	within, cancel := context.WithTimeout(ctx, simulatesWithin)
	defer cancel()
	found, err := read.Compare(within, weeks, inForce, then, teams)
	out := &portfolioSimulationOutput{Body: wire.PortfolioSimulation{At: at, Portfolio: portfolio, Policy: inForce.Name(), Weeks: weeks}}
	if other != nil {
		out.Body.Other = other.Name()
	}
	var thin *simulate.ThinError
	switch {
	case errors.As(err, &thin):
		out.Body.CannotSimulate, out.Body.Why = true, thin.Error()
		out.Body.Lacks, out.Body.Have, out.Body.Needed = string(thin.Lack), thin.Have, thin.Needed
		out.Body.Basis.OwnPace = []string{}
	case errors.Is(err, simulate.ErrTooMuch), errors.Is(err, context.DeadlineExceeded): // no refusal that is tried again by itself: it costs seconds
		return nil, problem.InvalidField("/weeks", "takes too long for so large a portfolio now: ask about fewer weeks, or later")
	case err != nil:
		return nil, err
	default:
		fillSimulation(&out.Body, &read, &found)
	}
	return out, nil
}

// otherPolicy is the one that is asked about; nil when nothing of it is.
func otherPolicy(inForce *policy.Policy, portfolio string, q *wire.WhatIfPortfolio) (*policy.Policy, error) {
	var other *policy.Policy
	if strings.TrimSpace(q.YAML) != "" {
		var err error
		if other, err = policy.Parse([]byte(q.YAML)); err != nil {
			return nil, policyFaults("/yaml", err)
		}
		if !slices.Contains(other.Portfolios(), portfolio) {
			return nil, problem.InvalidField("/yaml", "has no portfolio %s", portfolio)
		}
	}
	patch := policy.Patch{Model: q.Model, Value: q.Value, Time: q.Time, Risk: q.Risk, WIPLimit: q.WIPLimit}
	if patch == (policy.Patch{}) {
		return other, nil
	}
	rules := inForce
	if other != nil {
		rules = other
	}
	pointer := "/model"
	if q.WIPLimit != nil {
		pointer = "/wip_limit"
	}
	other, err := rules.With(portfolio, patch)
	if err != nil {
		return nil, policyFaults(pointer, err)
	}
	return other, nil
}

func fillSimulation(out *wire.PortfolioSimulation, read *backlog.Simulation, found *simulate.Result) {
	b := found.Basis
	out.Runs = found.Runs
	out.Basis = wire.SimulationBasis{From: b.From, Arrivals: b.Arrivals, Weeks: b.Weeks, ImportedWeeks: b.ImportedWeeks, PerWeek: b.PerWeek, Finished: b.Finished, OwnPace: append([]string{}, b.OwnPace...),
		Backlog: b.Backlog, ForTeam: b.ForTeam, Held: b.Held, LeftOut: read.LeftOut}
	out.Now = simulationOf(&found.Now, read)
	if found.Then != nil {
		out.Then = simulationOf(found.Then, read)
		out.Difference = &wire.SimulationDifference{Value: wire.SimulationChange(found.Difference.Value), Delivered: wire.SimulationChange(found.Difference.Delivered)}
	}
}

func simulationOf(o *simulate.Outcome, read *backlog.Simulation) *wire.SimulationOutcome {
	out := &wire.SimulationOutcome{Value: wire.Confident(o.Value), Delivered: wire.Confident(o.Delivered), Backlog: wire.Confident(o.Backlog), WIP: o.WIP, Unscored: o.Unscored,
		Dates: wire.SimulationDates{Due: o.Dates.Due, Kept: o.Dates.Kept}, Teams: []wire.SimulationTeam{}, Resources: []wire.SimulationResource{}}
	for _, c := range o.Classes {
		out.Classes = append(out.Classes, wire.SimulationClass{Class: pmo.ClassOfService(c.Class), Start: wire.Confident(c.Start), Started: c.Started, End: wire.Confident(c.End),
			Delivered: c.Delivered, Waiting: c.Left})
	}
	for _, w := range o.Weeks {
		out.Weeks = append(out.Weeks, wire.SimulationWeek{From: pmo.Date(w.From), Backlog: wire.Confident(w.Backlog), WIP: wire.Confident(w.WIP), Value: wire.Confident(w.Value)})
	}
	known := map[string]bool{}
	for _, t := range read.Teams {
		known[t.ID] = true
	}
	for _, t := range o.Teams {
		team := wire.SimulationTeam{Team: t.ID, Name: t.Name, New: !known[t.ID]}
		for _, w := range t.Weeks {
			team.Weeks = append(team.Weeks, wire.SimulationTeamWeek{From: pmo.Date(w.From), Capacity: w.Capacity, Most: w.Most, Load: wire.Confident(w.Load)})
		}
		out.Teams = append(out.Teams, team)
	}
	for _, r := range o.Resources {
		resource := wire.SimulationResource{Resource: r.ID, Name: r.Name}
		for _, w := range r.Weeks {
			resource.Weeks = append(resource.Weeks, wire.SimulationResourceWeek{From: pmo.Date(w.From), Amount: w.Amount, Used: wire.Confident(w.Used), Waiting: wire.Confident(w.Waiting)})
		}
		out.Resources = append(out.Resources, resource)
	}
	return out
}
