package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// officeMeasured is the event of the office ledger of a team whose measured capacity changed by what it finished.
const officeMeasured = "measured"

// mostFinished limits the finished requests of a team that are read: the newest.
const mostFinished = 2000

// A request counts with what it held, or else with its size, or else with the size that is assumed. What the team works on has no end. Of a request
// with two teams nobody estimated the size of one part.
const selectTeamFinished = `
SELECT coalesce(nullif((snapshot #>> (CASE WHEN team = $2 THEN '{assignment,size}' ELSE '{assignment,second,size}' END)::text[])::float8, 0), nullif((snapshot #>> '{content,size}')::float8, 0), $4),
    started_at, coalesce(accepted_at, '0001-01-01 00:00:00Z'), CASE WHEN second_team = '' THEN coalesce((snapshot #>> '{content,size}')::float8, 0) ELSE 0 END
FROM request WHERE portfolio = $1 AND (team = $2 OR second_team = $2 AND second_team <> '')
    AND (accepted_at >= $3 AND started_at <= accepted_at OR accepted_at IS NULL AND status = 'open' AND started_at IS NOT NULL)
ORDER BY accepted_at DESC NULLS FIRST, id LIMIT $5`

// TeamFinished lists what a team of a portfolio works on and what it finished since a time, the newest first. What has no size counts with the assumed one, in team-weeks.
func (s *Store) TeamFinished(ctx context.Context, portfolio, team string, since time.Time, assumed float64) ([]pmo.FinishedWork, error) {
	return teamFinished(ctx, s.pool, portfolio, team, since, assumed)
}

func teamFinished(ctx context.Context, db querier, portfolio, team string, since time.Time, assumed float64) ([]pmo.FinishedWork, error) {
	return many(ctx, db, "list what a team finished", pgx.RowToStructByPos[pmo.FinishedWork], selectTeamFinished, portfolio, team, since, assumed, mostFinished)
}

// Measuring is how teams are measured.
type Measuring struct {
	Portfolio string
	At        time.Time
	Before    time.Time // teams that were measured after that are not measured again
	Assumed   float64   // size of what has none, in team-weeks
	// Measure is what a team finished, from its work; nil where it is too little to say.
	Measure func(team pmo.Team, work []pmo.FinishedWork) *pmo.Finished
}

// MeasureTeams measures what the teams of a portfolio finished, and changes the capacity of those whose capacity follows from it. A change is a line
// of the office ledger of the server itself, and makes a prioritization wanted like any other change of a team.
func (s *Store) MeasureTeams(ctx context.Context, m Measuring) error {
	due, err := many(ctx, s.pool, "list teams to measure", pgx.RowTo[string],
		`SELECT id FROM team WHERE portfolio = $1 AND (measured_at IS NULL OR measured_at < $2) ORDER BY id`, m.Portfolio, m.Before)
	for _, id := range due {
		if err == nil {
			err = s.inTx(ctx, "measure team "+id, func(tx pgx.Tx) error { return m.team(ctx, tx, id) })
		}
	}
	return err
}

func (m Measuring) team(ctx context.Context, tx pgx.Tx, id string) error {
	before, err := one(ctx, tx, "read team", pgx.RowToStructByPos[pmo.Team], selectTeam+` WHERE id = $1 FOR UPDATE`, id)
	if err != nil {
		return err
	}
	work, err := teamFinished(ctx, tx, m.Portfolio, id, pmo.FinishedFrom(m.At), m.Assumed)
	if err != nil {
		return err
	}
	team := before
	if f := m.Measure(before, work); f != nil {
		team.Finished = f
	}
	team = team.WithCapacity()
	changed := team.CapacityMeasured && team.Capacity != before.Capacity
	if changed {
		team.Revision++
	}
	if _, err := write(ctx, tx, "store what a team finished", `UPDATE team SET finished = $2, measured_at = $3, capacity = $4, revision = $5 WHERE id = $1`,
		id, team.Finished, m.At, team.Capacity, team.Revision); err != nil || !changed {
		return err
	}
	if err := wantPrioritizationForTeams(ctx, tx, m.Portfolio); err != nil {
		return err
	}
	body, err := changedTeam(&before, team)
	if err != nil {
		return err
	}
	if err := noteRoomChange(ctx, tx, &before, team, m.At); err != nil {
		return err
	}
	return logChange(ctx, tx, change{At: m.At, Actor: bySystem, Object: OfficeTeam, ID: id, Event: officeMeasured, Body: body})
}
