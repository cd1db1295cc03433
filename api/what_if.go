package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/backlog"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

const whatIfAbout = "The backlog is ranked as a run would, by the rules in force and by each scenario, and nothing is changed. Requests that you may not read take their places and are left out of the answer."

type whatIfOutput struct{ Body wire.WhatIfAnswer }

func (a *API) whatIf(ctx context.Context, in *struct{ Body wire.WhatIf }) (*whatIfOutput, error) {
	portfolio, err := a.portfolio(in.Body.Portfolio, "/portfolio")
	if err != nil {
		return nil, err
	}
	inForce, at := a.Policy.Now(), a.moment()
	read, err := a.Backlogs.Snapshot(ctx, portfolio, at)
	if err != nil {
		return nil, err
	}
	out := &whatIfOutput{Body: wire.WhatIfAnswer{At: at, Portfolio: portfolio, Policy: inForce.Name(), Scenarios: []wire.ScenarioAnswer{}}}
	funds, err := a.whatIfFunding(ctx, portfolio, &in.Body)
	if err != nil {
		return nil, err
	}
	for i := range in.Body.Scenarios {
		s := &in.Body.Scenarios[i]
		then, change, err := a.scenario(ctx, read, inForce, portfolio, s, fmt.Sprintf("/scenarios/%d", i), at)
		if err != nil {
			return nil, err
		}
		compared, err := read.WhatIf(portfolio, backlog.RulesOf(inForce, portfolio, at), then, change)
		if err != nil {
			return nil, err
		}
		answer := wire.ScenarioAnswer{Name: cmp.Or(s.Name, fmt.Sprintf("Scenario %d", i+1))}
		if answer.Effect, err = a.scenarioEffect(ctx, compared.Comparison, s.More); err != nil {
			return nil, err
		}
		if answer.Funding, err = funds.scenario(compared, s, change.Without); err != nil {
			return nil, err
		}
		out.Body.Scenarios = append(out.Body.Scenarios, answer)
	}
	return out, nil
}

// scenarioEffect names the request that is only asked about; nobody has to have the right to read it.
func (a *API) scenarioEffect(ctx context.Context, c backlog.Comparison, more *wire.NewRequest) (wire.BacklogEffect, error) {
	i := slices.IndexFunc(c.Lines, func(l backlog.Compared) bool { return l.ID == backlog.Hypothetical })
	if i < 0 || more == nil {
		return a.comparisonOf(ctx, c)
	}
	l := c.Lines[i]
	c.Lines = slices.Delete(c.Lines, i, i+1)
	out, err := a.comparisonOf(ctx, c)
	if err != nil {
		return out, err
	}
	line := wire.EffectLine{ID: l.ID, Ref: "–", Title: titleOfMore(more), Then: wire.EffectPlace(l.Then), Causes: l.Causes}
	at, _ := slices.BinarySearchFunc(out.Lines, l.Then.Rank, func(e wire.EffectLine, rank int) int { return cmp.Compare(cmp.Or(e.Then.Rank, 1<<30), rank) })
	out.Lines = slices.Insert(out.Lines, at, line)
	return out, nil
}

// scenario is the rules and the backlog that a scenario asks about.
func (a *API) scenario(ctx context.Context, read backlog.Snapshot, inForce *policy.Policy, portfolio string, s *wire.Scenario, pointer string, at time.Time) (backlog.Rules, backlog.Change, error) {
	rules := inForce
	var change backlog.Change
	if strings.TrimSpace(s.YAML) != "" {
		var err error
		if rules, err = policy.Parse([]byte(s.YAML)); err != nil {
			return backlog.Rules{}, change, policyFaults(pointer+"/yaml", err)
		}
		if !slices.Contains(rules.Portfolios(), portfolio) {
			return backlog.Rules{}, change, problem.InvalidField(pointer+"/yaml", "has no portfolio %s", portfolio)
		}
	}
	if patch := (policy.Patch{Model: s.Model, Value: s.Value, Time: s.Time, Risk: s.Risk, Points: s.Points, WIPLimit: s.WIPLimit}); patch != (policy.Patch{}) {
		var err error
		if rules, err = rules.With(portfolio, patch); err != nil {
			return backlog.Rules{}, change, policyFaults(pointer, err)
		}
	}
	var err error
	if change.Without, err = a.waitingIDs(ctx, read, s.Without, pointer+"/without"); err != nil {
		return backlog.Rules{}, change, err
	}
	if s.More != nil {
		if faults := rules.ValidateInputs(s.More.Inputs, pointer+"/more/inputs"); len(faults) > 0 {
			return backlog.Rules{}, change, problem.InvalidFields(fieldsOf(faults, ""))
		}
		class := cmp.Or(s.More.Class, pmo.ClassStandard)
		if fault := rules.ClassFault(class); fault != "" {
			return backlog.Rules{}, change, problem.InvalidField(pointer+"/more/class", "%s", fault)
		}
		change.More = &backlog.More{Class: class, Inputs: s.More.Inputs}
	}
	return backlog.RulesOf(rules, portfolio, at), change, nil
}

// waitingIDs are the ids of requests by their numbers. One that the caller may not read is refused as one that is not there.
func (a *API) waitingIDs(ctx context.Context, read backlog.Snapshot, refs []string, pointer string) ([]string, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	byRef := map[string]string{}
	for i := range read.Waiting {
		byRef[pmo.Ref(read.Waiting[i].Number)] = read.Waiting[i].ID
	}
	var ids []string
	for _, ref := range refs {
		ids = append(ids, byRef[strings.ToUpper(strings.TrimSpace(ref))])
	}
	titles, err := a.Store.Titles(ctx, viewOf(ctx), slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" }))
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if _, readable := titles[id]; !readable {
			return nil, problem.InvalidField(fmt.Sprintf("%s/%d", pointer, i), "is no request that waits in the backlog")
		}
	}
	return ids, nil
}

func titleOfMore(more *wire.NewRequest) string {
	return cmp.Or(strings.TrimSpace(more.Title), "The request that is asked about")
}
