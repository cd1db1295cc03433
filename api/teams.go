package api

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
)

type teamsOutput struct {
	Body page[store.TeamLoad]
}

func (a *API) teams(ctx context.Context, _ *struct{}) (*teamsOutput, error) {
	found, err := a.Store.Teams(ctx)
	if err != nil {
		return nil, err
	}
	return &teamsOutput{Body: paged(store.Page[store.TeamLoad]{Items: found})}, nil
}

// teamForm is a team as it is edited; its id is in the path.
type teamForm struct {
	Name        string   `json:"name" minLength:"1" maxLength:"100"`
	Portfolio   string   `json:"portfolio" minLength:"1" maxLength:"64"`
	Leads       []string `json:"leads" minItems:"1" maxItems:"10" nullable:"false" doc:"Who answers for the team"`
	Members     []string `json:"members,omitempty" maxItems:"200" doc:"Who may report progress"`
	Skills      []string `json:"skills" maxItems:"50" nullable:"false"`
	Capacity    float64  `json:"capacity" exclusiveMinimum:"0" maximum:"1000" doc:"Team-weeks of work it can hold at once"`
	LoadCeiling float64  `json:"load_ceiling,omitempty" minimum:"0" maximum:"1" doc:"Share of capacity that may be taken; the policy's when absent"`
	WIPLimit    int      `json:"wip_limit,omitempty" minimum:"0" maximum:"1000" doc:"Requests at once; the policy's when absent"`
	Approaches  []string `json:"approaches,omitempty" maxItems:"20"`
	Revision    int      `json:"revision,omitempty" minimum:"0" doc:"The revision you saw; absent or 0 creates the team"`
}

type putTeamInput struct {
	Keyed
	ID   string `path:"id" pattern:"^[a-z0-9][a-z0-9._-]{0,63}$" patternDescription:"an id of lower-case letters, digits, dots, hyphens and underscores"`
	Body teamForm
}

type teamOutput struct {
	Status int
	Body   pmo.Team
}

// putTeam changes a team; its own leads may, and the PMO and administrators.
func (a *API) putTeam(ctx context.Context, in *putTeamInput) (*teamOutput, error) {
	actor, object := actorOf(ctx), access.Object{}
	now, err := a.Store.Team(ctx, in.ID)
	switch {
	case err == nil && slices.Contains(now.Leads, actor.ID):
		object.Relation = access.Lead
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return nil, err
	}
	if err := may(actor, access.EditTeam, object); err != nil {
		return nil, err
	}
	b := in.Body
	team := pmo.Team{ID: in.ID, Name: b.Name, Portfolio: b.Portfolio, Leads: b.Leads, Members: b.Members, Skills: b.Skills, Capacity: b.Capacity,
		LoadCeiling: b.LoadCeiling, WIPLimit: b.WIPLimit, Approaches: b.Approaches, Revision: b.Revision}
	fields := append(a.unknownPeople("/leads", b.Leads), a.unknownPeople("/members", b.Members)...)
	if _, err := a.portfolio(b.Portfolio, "/portfolio"); err != nil {
		fields = append(fields, problem.From(err).Errors...)
	}
	if len(fields) > 0 {
		return nil, problem.InvalidFields(fields)
	}
	saved, err := a.Store.PutTeam(ctx, team, actor.ID, a.Now().UTC())
	if err != nil {
		return nil, err
	}
	return &teamOutput{Status: http.StatusOK, Body: saved}, nil
}
