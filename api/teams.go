package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wanted"
	"leanpmo/internal/wire"
)

// teamStore reads and changes teams.
type teamStore interface {
	Teams(ctx context.Context) ([]store.TeamLoad, error)
	Team(ctx context.Context, id string) (store.TeamLoad, error)
	Holds(ctx context.Context, team string) ([]store.Hold, error)
	Leads(ctx context.Context) (map[string][]string, error)
	PutTeam(ctx context.Context, team pmo.Team, actor string, at time.Time) (pmo.Team, error)
	PutTeams(ctx context.Context, teams []pmo.Team, actor string, at time.Time, answer any) error
	RequestPrioritization(ctx context.Context, portfolio string) (cause string, err error)
	PrioritizationNotRequested(ctx context.Context, portfolio string) error
	TeamFinished(ctx context.Context, portfolio, team string, since time.Time, assumed float64) ([]pmo.FinishedWork, error)
}

type teamsOutput struct {
	Body wire.Page[wire.TeamLoad]
}

func (a *API) teams(ctx context.Context, _ *struct{}) (*teamsOutput, error) {
	found, err := a.Store.Teams(ctx)
	if err != nil {
		return nil, err
	}
	return &teamsOutput{Body: pageOf(store.Page[store.TeamLoad]{Items: found}, a.teamLoad)}, nil
}

// teamLoad is a team with what it holds and the limit that applies to it.
func (a *API) teamLoad(t store.TeamLoad) wire.TeamLoad {
	rules := a.Policy.Now().AssignPolicy()
	limit, _ := t.LimitOr(rules.WIPLimit)
	return wire.TeamLoad{Team: t.Team, WIP: t.WIP, Load: t.Load, Limit: limit, NoPeople: t.NoPeople(), Ceiling: cmp.Or(t.LoadCeiling, rules.LoadCeiling), Reserve: rules.Reserve}
}

// TeamPath names a team.
type TeamPath struct {
	ID string `path:"id" pattern:"^[a-z0-9][a-z0-9._-]{0,63}$" patternDescription:"an id of lower-case letters, digits, dots, hyphens and underscores"`
}

type teamDetailOutput struct {
	Body wire.TeamDetail
}

const (
	weeksAhead  = 8  // of a team's load
	mostForTeam = 20 // for a team, listed
)

// readTeam answers one team with its load over the next weeks and what waits for it.
func (a *API) readTeam(ctx context.Context, in *struct{ TeamPath }) (*teamDetailOutput, error) {
	team, err := a.Store.Team(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	holds, err := a.Store.Holds(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	v := viewOf(ctx)
	waiting, err := a.Store.List(ctx, store.Filter{ForTeam: in.ID, Sort: store.SortAge, Limit: mostForTeam, Viewer: v.Viewer, SeesAll: v.SeesAll})
	if err != nil {
		return nil, err
	}
	out := &teamDetailOutput{Body: wire.TeamDetail{TeamLoad: a.teamLoad(team), Waiting: pageOf(waiting, itemOf).Items, More: waiting.Next != ""}}
	out.Body.Weeks = a.weeksOf(team.Team, holds, out.Body.Ceiling)
	rules := a.Policy.Now().AssignPolicyAt(team.Portfolio, a.Now())
	out.Body.Waits, out.Body.Curve = waitsOf(team.Load, team.CapacityIn(rules.Days), out.Body.Ceiling, team.SizeOf(rules.AssumeSize)), waitCurve()
	return out, nil
}

// weeksOf is the load of a team by calendar week. What ends by its plan takes no capacity after that week; what should have ended already, and what
// has no plan with dates, takes it in every week.
func (a *API) weeksOf(team pmo.Team, holds []store.Hold, ceiling float64) []wire.TeamWeek {
	weeks := make([]wire.TeamWeek, 0, weeksAhead)
	now := a.Now().In(a.locationOf(team.Portfolio))
	today := pmo.Date(now.Format(time.DateOnly))
	for from := now; len(weeks) < weeksAhead; {
		days := 7 - (int(from.Weekday())+6)%7 // to Sunday
		week := wire.TeamWeek{From: pmo.Date(from.Format(time.DateOnly)), Until: pmo.Date(from.AddDate(0, 0, days-1).Format(time.DateOnly)),
			Capacity: team.CapacityIn(a.Policy.Now().WorkingDays(team.Portfolio, from, days))}
		week.Most, week.Absent = week.Capacity*ceiling, team.Capacity-week.Capacity
		for _, h := range holds {
			if h.Until == "" || h.Until < today || h.Until >= week.From {
				week.Load += h.Size
			}
		}
		weeks, from = append(weeks, week), from.AddDate(0, 0, days)
	}
	return weeks
}

type putTeamInput struct {
	Keyed
	TeamPath
	Body wire.TeamForm
}

type teamOutput struct {
	Replayable
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
	command, err := formAsGiven(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	saved, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "put-team "+in.ID, command), in.Key, func(ctx context.Context) (pmo.Team, error) {
		form, given := keepAbsent(ctx, in.Body, now.Team)
		if !given("capacity") && now.ID == "" && form.CapacityPerPerson == 0 {
			return pmo.Team{}, problem.InvalidField("/capacity", "is missing: a new team states its capacity, or capacity_per_person")
		}
		if given("capacity") && !given("capacity_measured") {
			form.CapacityMeasured = false // who gives a capacity states it
		}
		return a.saveTeam(ctx, form.Team(in.ID), now.Team)
	})
	if err != nil {
		return nil, err
	}
	return &teamOutput{Replayable: replayed, Status: http.StatusOK, Body: saved}, nil
}

// formAsGiven is the form with the names of the fields that it empties: decoded, they are the same as absent ones.
func formAsGiven(ctx context.Context, f wire.TeamForm) (any, error) {
	body, _ := ctx.Value(bodyKey{}).([]byte)
	empty, err := pmo.EmptyFields[wire.TeamForm](body)
	switch {
	case err != nil:
		return nil, problem.Wrap(err, problem.Invalid, "the form cannot be read")
	case len(empty) == 0:
		return f, nil
	}
	return []any{f, empty}, nil
}

// keepAbsent is the form with what the team has now where the body gives no value: a part does not erase the whole. An empty list, 0 or null
// empties a field. Of a team that does not exist yet, now is empty. It also returns which fields the body gives.
func keepAbsent(ctx context.Context, f wire.TeamForm, now pmo.Team) (form wire.TeamForm, gives func(name string) bool) {
	body, _ := ctx.Value(bodyKey{}).([]byte)
	given := map[string]json.RawMessage{}
	_ = json.Unmarshal(body, &given) // the body was decoded before
	gives = func(name string) bool { _, ok := given[name]; return ok }
	into, from := reflect.ValueOf(&f).Elem(), reflect.ValueOf(wire.FormOf(now))
	for i := range into.NumField() {
		if name, _, _ := strings.Cut(into.Type().Field(i).Tag.Get("json"), ","); name != "revision" && !gives(name) {
			into.Field(i).Set(from.Field(i))
		}
	}
	if !gives("shares") { // of those who are still there
		f.Shares = maps.Clone(now.Shares)
		maps.DeleteFunc(f.Shares, func(person string, _ float64) bool {
			return !slices.Contains(f.Leads, person) && !slices.Contains(f.Members, person)
		})
	}
	return f, gives
}

// withFinished is a team with what it finished until now, where its capacity follows from that. Where it is too little to say, what was measured before
// holds; a team that was never measured is refused.
func (a *API) withFinished(ctx context.Context, team, before pmo.Team) (pmo.Team, error) {
	if !team.CapacityMeasured {
		return team, nil
	}
	rules, now := a.Policy.Now().AssignPolicy(), a.Now()
	work, err := a.Store.TeamFinished(ctx, team.Portfolio, team.ID, pmo.FinishedFrom(now), rules.AssumeSize)
	if err != nil {
		return team, err
	}
	team.Finished = pmo.FinishedOf(team, work, now, a.locationOf(team.Portfolio), rules.LoadCeiling)
	if team.Finished == nil {
		team.Finished = before.Finished
	}
	if team.Finished == nil {
		return team, problem.InvalidField("/capacity_measured", "needs at least %d requests that the team finished in the last %d weeks, and there are %d: state a capacity",
			pmo.LeastFinished, pmo.FinishedWeeks, pmo.CountFinished(work, now))
	}
	return team, nil
}

// saveTeam checks a team and stores it.
func (a *API) saveTeam(ctx context.Context, team, before pmo.Team) (pmo.Team, error) {
	team, err := a.withFinished(ctx, team, before)
	if err != nil {
		return team, err
	}
	team = team.WithCapacity()
	fields := append(a.unknownPeople("/leads", team.Leads), a.unknownPeople("/members", team.Members)...)
	fields = append(fields, fieldsOf(policy.TeamFaults(team, before), "")...)
	if _, err := a.portfolio(team.Portfolio, "/portfolio"); err != nil {
		fields = append(fields, problem.From(err).Errors...)
	}
	if len(fields) > 0 {
		return team, problem.InvalidFields(fields)
	}
	if team, err = a.Store.PutTeam(ctx, team, actorOf(ctx).ID, a.Now().UTC()); err == nil {
		a.teamsChanged(ctx, team.Portfolio)
	}
	return team, err
}

// teamsChanged starts the prioritizations that a change of teams makes wanted: what no longer fits is not left until the next projection or the
// schedule, which make up for a call that fails.
func (a *API) teamsChanged(ctx context.Context, portfolios ...string) {
	slices.Sort(portfolios)
	for _, portfolio := range slices.Compact(portfolios) {
		cause, err := a.Store.RequestPrioritization(ctx, portfolio)
		if err != nil {
			a.Log.WarnContext(ctx, "whether a prioritization is wanted is not known", "portfolio", portfolio, "error", err)
		}
		if cause != "" {
			wanted.Start(ctx, a.Store, a.Prioritizations.PrioritizeSoon, a.Policy.Now(), a.Log, portfolio, cause, a.Now())
		}
	}
}
