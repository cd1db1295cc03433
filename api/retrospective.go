package api

import (
	"context"

	"leanpmo/internal/approach"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

const retrospectiveAbout = "By way of working: how long work took and waited for a plan, how far the first agreed plan was off, how often work was sent back, accepted without remarks, and brought its benefit; " +
	"and how often what was recommended was taken and kept to. Suggestions name their evidence; whoever agrees proposes a change of the policy (`POST /v1/policy`). At most the 5,000 requests that were delivered last."

type retrospectiveInput struct {
	Portfolio string `query:"portfolio" maxLength:"64" doc:"All of them when absent"`
	Days      int    `query:"days" minimum:"1" maximum:"1095" default:"365" doc:"How far back it was delivered"`
}

type retrospectiveOutput struct {
	Body wire.Retrospective
}

func (a *API) retrospective(ctx context.Context, in *retrospectiveInput) (*retrospectiveOutput, error) {
	if in.Portfolio != "" {
		if _, err := a.portfolio(in.Portfolio, "query/portfolio"); err != nil {
			return nil, err
		}
	}
	now := a.Now().UTC()
	out := wire.Retrospective{Portfolio: in.Portfolio, From: now.AddDate(0, 0, -in.Days), To: now}
	finished, err := a.Store.Finished(ctx, in.Portfolio, out.From)
	out.Retrospective, out.More = approach.Retrospect(finished), len(finished) == store.MostFinished
	return &retrospectiveOutput{Body: out}, err
}
