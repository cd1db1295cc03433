package api

import (
	"context"

	"leanpmo/internal/approach"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/recommend"
	"leanpmo/internal/wire"
)

type approachOutput struct {
	Body wire.ApproachAdvice
}

// approach recommends from the answers as they are now; what was recommended when the stage began is in the explanation.
func (a *API) approach(ctx context.Context, _ *struct{ RefPath }) (*approachOutput, error) {
	r := &targetOf(ctx).Request
	return &approachOutput{Body: a.advice(r.Content, r.Lane)}, nil
}

type whatIfApproachInput struct {
	Body wire.WhatIfApproach
}

// whatIfApproach recommends for work that is nobody's request. It reads and writes nothing.
func (a *API) whatIfApproach(_ context.Context, in *whatIfApproachInput) (*approachOutput, error) {
	c := pmo.Content{Title: "-", Kind: in.Body.Kind, Size: in.Body.Size, Context: in.Body.Context}
	if fields := fieldsOf(a.Policy.Now().ContextFaults(c), ""); len(fields) > 0 {
		return nil, problem.InvalidFields(fields)
	}
	return &approachOutput{Body: a.advice(c, in.Body.Lane)}, nil
}

func (a *API) advice(c pmo.Content, lane pmo.Lane) wire.ApproachAdvice {
	rules, work := a.Policy.Now().ApproachRules(), recommend.Context(c, lane)
	r := approach.Recommend(work, rules)
	out := wire.ApproachAdvice{
		LifeCycle: string(r.LifeCycle), Approach: string(r.Approach), Planned: r.Planned, Agile: r.Agile, Inside: string(r.Inside),
		RunnerUp: string(r.RunnerUp), Margin: r.Margin, Sure: r.Stated, Possible: plain(r.Possible), Mismatches: r.Mismatches,
		Reasons: []string{}, WouldChange: []string{}, Practices: []wire.ApproachPractice{}, Answers: []wire.ApproachAnswer{},
		Suitability: filterOf(r.Filter), Dimensions: dimensionsOf(r.Radar), Domain: r.Domain.Cynefin,
		Next: nextQuestion(approach.Next(work, rules)), Policy: r.Version,
	}
	for _, reason := range r.Reasons {
		out.Reasons = append(out.Reasons, reason.Text)
	}
	for _, s := range r.Sensitivities {
		out.WouldChange = append(out.WouldChange, s.Text)
	}
	for _, p := range r.Practices {
		out.Practices = append(out.Practices, wire.ApproachPractice(p))
	}
	for _, known := range work.Answers() {
		out.Answers = append(out.Answers, wire.ApproachAnswer{Question: known.Question, Says: known.Says, DontKnow: known.DontKnow})
	}
	return out
}

func filterOf(f approach.Filter) wire.ApproachFilter {
	out := wire.ApproachFilter{Zone: string(f.Zone), Mean: f.Mean, Max: f.Max, Known: f.Known}
	for _, m := range f.Answers {
		out.Answers = append(out.Answers, wire.ApproachFilterMark{Group: m.Group, Question: m.Attribute, Score: m.Score})
	}
	return out
}

func dimensionsOf(r approach.Radar) wire.ApproachDimensions {
	out := wire.ApproachDimensions{Home: r.Home, Advice: r.Advice}
	for _, axis := range r.Axes {
		out.Axes = append(out.Axes, wire.ApproachDimension{Name: axis.Name, Value: axis.Value, Says: axis.Text})
	}
	return out
}

// nextQuestion gives the options in the form that context takes them.
func nextQuestion(ask *approach.Ask) *wire.ApproachQuestion {
	if ask == nil {
		return nil
	}
	q := &wire.ApproachQuestion{Question: ask.Name, Group: ask.Group, Ask: ask.Ask, Unit: ask.Unit, TellsApart: plain(ask.TellsApart), Left: ask.Left}
	for _, o := range ask.Options {
		q.Options = append(q.Options, wire.ApproachOption{Value: ask.Value(o), Label: o.Label})
	}
	return q
}

func plain[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, text := range list {
		out[i] = string(text)
	}
	return out
}
