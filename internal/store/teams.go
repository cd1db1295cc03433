package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

const selectTeamLoads = `
SELECT t.id, t.name, t.portfolio, t.leads, t.members, t.skills, t.capacity, t.load_ceiling, t.wip_limit, t.approaches, t.absences, t.revision,
    t.shares, t.capacity_per_person, t.other_work, t.wip_per_person, t.pace, t.capacity_measured, t.finished,
    coalesce(h.wip, 0), coalesce(h.load, 0), h.held
FROM team t LEFT JOIN (SELECT c.team, count(*) AS wip, sum(c.size) AS load,
        jsonb_agg(jsonb_build_object('size', c.size, 'class', coalesce(r.class, ''), 'kind', coalesce(r.kind, '')) ORDER BY c.request_id) AS held
    FROM team_hold c LEFT JOIN request r ON r.id = c.request_id GROUP BY c.team) h ON h.team = t.id`

func scanTeamLoad(row pgx.CollectableRow) (TeamLoad, error) {
	var t TeamLoad
	err := row.Scan(&t.ID, &t.Name, &t.Portfolio, &t.Leads, &t.Members, &t.Skills, &t.Capacity, &t.LoadCeiling, &t.WIPLimit, &t.Approaches,
		&t.Absences, &t.Revision, &t.Shares, &t.CapacityPerPerson, &t.OtherWork, &t.WIPPerPerson, &t.Pace, &t.CapacityMeasured, &t.Finished, &t.WIP, &t.Load, &t.Held)
	return t, err
}

// Teams lists every team with the capacity it holds.
func (s *Store) Teams(ctx context.Context) ([]TeamLoad, error) {
	return many(ctx, s.pool, "list teams", scanTeamLoad, selectTeamLoads+` ORDER BY t.portfolio, t.id`)
}

// Team reads one team with the capacity it holds.
func (s *Store) Team(ctx context.Context, id string) (TeamLoad, error) {
	return one(ctx, s.pool, "read team", scanTeamLoad, selectTeamLoads+` WHERE t.id = $1`, id)
}

// Leads are the leads of every team.
func (s *Store) Leads(ctx context.Context) (map[string][]string, error) {
	type row struct {
		team  string
		leads []string
	}
	rows, err := many(ctx, s.pool, "list leads", func(r pgx.CollectableRow) (out row, err error) {
		err = r.Scan(&out.team, &out.leads)
		return out, err
	}, `SELECT id, leads FROM team`)
	leads := make(map[string][]string, len(rows))
	for _, r := range rows {
		leads[r.team] = r.leads
	}
	return leads, err
}

const (
	insertTeam = `
INSERT INTO team (id, name, portfolio, leads, members, skills, capacity, load_ceiling, wip_limit, approaches, absences, revision,
    shares, capacity_per_person, other_work, wip_per_person, pace, capacity_measured, finished)
VALUES (@id, @name, @portfolio, @leads, @members, @skills, @capacity, @load_ceiling, @wip_limit, @approaches, @absences, 1, @shares, @capacity_per_person, @other_work, @wip_per_person, @pace, @capacity_measured, @finished)
ON CONFLICT (id) DO NOTHING`
	updateTeam = `
UPDATE team SET name = @name, portfolio = @portfolio, leads = @leads, members = @members, skills = @skills, capacity = @capacity,
    load_ceiling = @load_ceiling, wip_limit = @wip_limit, approaches = @approaches, absences = @absences, revision = revision + 1,
    shares = @shares, capacity_per_person = @capacity_per_person, other_work = @other_work, wip_per_person = @wip_per_person, pace = @pace,
    capacity_measured = @capacity_measured, finished = coalesce(@finished, finished)
WHERE id = @id AND revision = @revision`
)

// PutTeam creates a team (revision 0) or changes the revision the caller read; ErrConflict when it exists or has changed since.
// Like a freed slot, a changed team makes a prioritization wanted if a request waits for a team, or has one in the portfolio that may have no room
// for it any more.
func (s *Store) PutTeam(ctx context.Context, team pmo.Team, actor string, at time.Time) (pmo.Team, error) {
	err := s.changeTx(ctx, "put team", func(tx pgx.Tx) (err error) {
		team, err = putTeam(ctx, tx, team, actor, at, nil)
		return err
	})
	return team, err
}

// PutTeams changes teams as PutTeam does: all of them, or none. answer is that of the call for its key.
func (s *Store) PutTeams(ctx context.Context, teams []pmo.Team, actor string, at time.Time, answer any) error {
	return s.changeTx(ctx, "put teams", func(tx pgx.Tx) error {
		for _, team := range teams {
			if _, err := putTeam(ctx, tx, team, actor, at, answer); err != nil {
				return err
			}
		}
		return nil
	})
}

// putTeam writes a team. The answer of the call is the team where none is given.
func putTeam(ctx context.Context, tx pgx.Tx, team pmo.Team, actor string, at time.Time, answer any) (pmo.Team, error) {
	statement, event := insertTeam, "created"
	if team.Revision != 0 {
		statement, event = updateTeam, "changed"
	}
	team.Leads, team.Members, team.Skills, team.Approaches = cleanAll(team.Leads), cleanAll(team.Members), pmo.Skills(cleanAll(team.Skills)), cleanAll(team.Approaches)
	team.Absences, team.Shares = cleanAbsences(team.Absences), cleanShares(team.Shares)
	before, err := teamForUpdate(ctx, tx, team)
	if err != nil {
		return team, err
	}
	n, err := write(ctx, tx, "put team", statement, teamArgs(team))
	if err == nil && n == 0 {
		return team, fmt.Errorf("put team %s at revision %d: %w", team.ID, team.Revision, ErrConflict)
	}
	if err != nil {
		return team, err
	}
	team.Revision++
	if err := wantPrioritizationForTeams(ctx, tx, team.Portfolio); err != nil {
		return team, err
	}
	body, err := changedTeam(before, team)
	if err != nil {
		return team, err
	}
	if err := noteRoomChange(ctx, tx, before, team, at); err != nil {
		return team, err
	}
	if answer == nil {
		answer = team
	}
	return team, logChange(ctx, tx, change{At: at, Actor: actor, Object: OfficeTeam, ID: team.ID, Event: event, Body: body, Answer: answer})
}

const selectTeam = `SELECT id, name, portfolio, leads, members, skills, capacity, load_ceiling, wip_limit, approaches,
    absences, revision, shares, capacity_per_person, other_work, wip_per_person, pace, capacity_measured, finished FROM team`

// teamForUpdate reads and locks the team that is about to change; nil for a new one.
func teamForUpdate(ctx context.Context, tx pgx.Tx, team pmo.Team) (*pmo.Team, error) {
	if team.Revision == 0 {
		return nil, nil
	}
	before, err := one(ctx, tx, "read team", pgx.RowToStructByPos[pmo.Team], selectTeam+` WHERE id = $1 FOR UPDATE`, team.ID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil // the update finds none either
	}
	return &before, err
}

// changedTeam is a team as the office ledger has it: all of it and, of a team that was there before, what each changed field was.
func changedTeam(before *pmo.Team, team pmo.Team) (map[string]any, error) {
	now, err := fields(team)
	if err != nil || before == nil {
		return now, err
	}
	was, err := fields(*before)
	if err != nil {
		return nil, err
	}
	delete(was, "revision")
	for name, value := range was {
		if reflect.DeepEqual(value, now[name]) {
			delete(was, name)
		}
	}
	now["before"] = was
	return now, nil
}

// fields are the members of the JSON object that v is.
func fields(v any) (map[string]any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	var list map[string]any
	return list, json.Unmarshal(raw, &list)
}

func teamArgs(t pmo.Team) pgx.NamedArgs {
	return pgx.NamedArgs{"id": t.ID, "name": clean(t.Name), "portfolio": t.Portfolio, "leads": t.Leads, "members": t.Members, "skills": t.Skills,
		"capacity": t.Capacity, "load_ceiling": t.LoadCeiling, "wip_limit": t.WIPLimit, "approaches": t.Approaches, "absences": t.Absences, "revision": t.Revision,
		"shares": t.Shares, "capacity_per_person": t.CapacityPerPerson, "other_work": t.OtherWork, "wip_per_person": t.WIPPerPerson, "pace": t.Pace,
		"capacity_measured": t.CapacityMeasured, "finished": t.Finished}
}

// cleanShares are shares as they are stored; none is an empty object.
func cleanShares(shares map[string]float64) map[string]float64 {
	out := make(map[string]float64, len(shares))
	for person, share := range shares {
		out[clean(person)] = share
	}
	return out
}

// cleanAbsences are absences as they are stored; none is an empty list.
func cleanAbsences(list []pmo.Absence) []pmo.Absence {
	out := make([]pmo.Absence, len(list))
	for i, a := range list {
		a.Who, a.Reason = clean(a.Who), clean(a.Reason)
		out[i] = a
	}
	return out
}

func wantPrioritizationForTeams(ctx context.Context, tx pgx.Tx, portfolio string) error {
	_, err := write(ctx, tx, "want a prioritization", `UPDATE portfolio SET run_wanted_since = clock_timestamp(), run_wanted_cause = 'capacity'
		WHERE id = $1 AND run_wanted_since IS NULL AND (EXISTS (SELECT FROM request WHERE portfolio = $1 AND waits_for = 'team')
			OR EXISTS (SELECT FROM capacity_hold h JOIN team m ON m.id = h.team WHERE m.portfolio = $1))`, portfolio)
	return err
}

// Hold is capacity of a team that a request takes.
type Hold struct {
	Size  float64
	Until pmo.Date // the last day of its plan; empty: it has none
}

// Holds lists what takes capacity of a team.
func (s *Store) Holds(ctx context.Context, team string) ([]Hold, error) {
	return many(ctx, s.pool, "list holds", pgx.RowToStructByPos[Hold], `
SELECT h.size, `+lastDay+`
FROM team_hold h JOIN request r ON r.id = h.request_id WHERE h.team = $1 ORDER BY h.request_id`, team)
}
