package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

const selectTeamLoads = `
SELECT t.id, t.name, t.portfolio, t.leads, t.members, t.skills, t.capacity, t.load_ceiling, t.wip_limit, t.approaches, t.revision,
    coalesce(h.wip, 0), coalesce(h.load, 0)
FROM team t LEFT JOIN (SELECT team, count(*) AS wip, sum(size) AS load FROM capacity_hold GROUP BY team) h ON h.team = t.id`

func scanTeamLoad(row pgx.CollectableRow) (TeamLoad, error) {
	var t TeamLoad
	err := row.Scan(&t.ID, &t.Name, &t.Portfolio, &t.Leads, &t.Members, &t.Skills, &t.Capacity, &t.LoadCeiling, &t.WIPLimit, &t.Approaches,
		&t.Revision, &t.WIP, &t.Load)
	return t, err
}

// Teams lists every team with what it holds.
func (s *Store) Teams(ctx context.Context) ([]TeamLoad, error) {
	return many(ctx, s.pool, "teams", scanTeamLoad, selectTeamLoads+` ORDER BY t.portfolio, t.id`)
}

// Team reads one team with what it holds.
func (s *Store) Team(ctx context.Context, id string) (TeamLoad, error) {
	return one(ctx, s.pool, "team", scanTeamLoad, selectTeamLoads+` WHERE t.id = $1`, id)
}

const (
	insertTeam = `
INSERT INTO team (id, name, portfolio, leads, members, skills, capacity, load_ceiling, wip_limit, approaches, revision)
VALUES (@id, @name, @portfolio, @leads, @members, @skills, @capacity, @load_ceiling, @wip_limit, @approaches, 1)
ON CONFLICT (id) DO NOTHING`
	updateTeam = `
UPDATE team SET name = @name, portfolio = @portfolio, leads = @leads, members = @members, skills = @skills, capacity = @capacity,
    load_ceiling = @load_ceiling, wip_limit = @wip_limit, approaches = @approaches, revision = revision + 1
WHERE id = @id AND revision = @revision`
)

// PutTeam creates a team (revision 0) or changes the one the caller saw; ErrConflict when it exists or has changed since.
// More room than before, like a freed slot, is worth a prioritization run.
func (s *Store) PutTeam(ctx context.Context, team pmo.Team, actor string, at time.Time) (pmo.Team, error) {
	statement, event := insertTeam, "created"
	if team.Revision != 0 {
		statement, event = updateTeam, "changed"
	}
	team.Leads, team.Members, team.Skills, team.Approaches = cleanAll(team.Leads), cleanAll(team.Members), cleanAll(team.Skills), cleanAll(team.Approaches)
	err := s.inTx(ctx, "put team", func(tx pgx.Tx) error {
		n, err := write(ctx, tx, "put team", statement, teamArgs(team))
		if err == nil && n == 0 {
			return fmt.Errorf("team %s at revision %d: %w", team.ID, team.Revision, ErrConflict)
		}
		if err != nil {
			return err
		}
		team.Revision++
		if err := wantPrioritizationForTeams(ctx, tx, team.Portfolio); err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: at, Actor: actor, Object: "team", ID: team.ID, Event: event, Body: team})
	})
	return team, err
}

func teamArgs(t pmo.Team) pgx.NamedArgs {
	return pgx.NamedArgs{"id": t.ID, "name": clean(t.Name), "portfolio": t.Portfolio, "leads": t.Leads, "members": t.Members, "skills": t.Skills,
		"capacity": t.Capacity, "load_ceiling": t.LoadCeiling, "wip_limit": t.WIPLimit, "approaches": t.Approaches, "revision": t.Revision}
}

func wantPrioritizationForTeams(ctx context.Context, tx pgx.Tx, portfolio string) error {
	_, err := write(ctx, tx, "want a run", `UPDATE portfolio SET run_wanted_since = clock_timestamp() WHERE id = $1 AND run_wanted_since IS NULL
		AND EXISTS (SELECT FROM request WHERE portfolio = $1 AND waits_for = 'team')`, portfolio)
	return err
}

// change is something done through the API to what no workflow owns.
type change struct {
	At                       time.Time
	Actor, Object, ID, Event string
	Body                     any
}

func logChange(ctx context.Context, tx pgx.Tx, c change) error {
	body, err := document(c.Body)
	if err != nil {
		return err
	}
	_, err = write(ctx, tx, "log change", `INSERT INTO change_ledger (at, actor, object, object_id, event, body) VALUES ($1, $2, $3, $4, $5, $6)`,
		c.At, c.Actor, c.Object, c.ID, c.Event, body)
	return err
}

// Change is a line of the ledger of teams, delegations and policies.
type Change struct {
	Position int64
	At       time.Time
	Actor    string
	Object   string // team, delegation, policy
	ID       string
	Event    string
	Body     json.RawMessage
}

// Changes lists what was done to a team, a person's delegation or a policy version, oldest first.
func (s *Store) Changes(ctx context.Context, object, id string, after int64, limit int) ([]Change, error) {
	return many(ctx, s.pool, "changes", pgx.RowToStructByPos[Change], `SELECT position, at, actor, object, object_id, event, body FROM change_ledger
		WHERE object = $1 AND object_id = $2 AND position > $3 ORDER BY position LIMIT $4`, object, id, after, pageSize(limit))
}
