package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/supply"
	"leanpmo/internal/wire"
)

const importSupplyAbout = "All rows are taken, or none: each row that is wrong is named with its line and field (422), and nothing is stored. What a row does not give stays as it is, nothing is removed, " +
	"and a file that is imported again changes nothing. Leads may import for their own teams; the PMO and administrators for any. The columns of CSV: team, person, share, skills, from, until, amount, whole_team, reason, capacity."

// mostSupplyFaults is how many faults of a file are named.
const mostSupplyFaults = 50

type importSupplyOutput struct {
	Replayable
	Body wire.SupplyImported
}

// importSupply changes what teams can take by a file.
func (a *API) importSupply(ctx context.Context, in *struct {
	Keyed
	Body wire.ImportSupply
}) (*importSupplyOutput, error) {
	done, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "import-supply", in.Body), in.Key, func(ctx context.Context) (wire.SupplyImported, error) {
		return a.takeSupply(ctx, in.Body)
	})
	if err != nil {
		return nil, err
	}
	return &importSupplyOutput{Replayable: replayed, Body: done}, nil
}

func (a *API) takeSupply(ctx context.Context, in wire.ImportSupply) (wire.SupplyImported, error) {
	done := wire.SupplyImported{Dry: in.Dry, Teams: []wire.SupplyChange{}}
	loads, err := a.Store.Teams(ctx)
	if err != nil {
		return done, err
	}
	teams := make([]pmo.Team, len(loads))
	for i, t := range loads {
		teams[i] = t.Team
	}
	rows, left, err := a.supplyRows(in, loads)
	if err != nil {
		return done, err
	}
	changes, faults := supply.Changes(rows, teams)
	if err := mayChange(ctx, changes); err != nil {
		return done, err
	}
	if faults = append(faults, a.supplyFaults(in, changes, teams)...); len(faults) > 0 {
		return done, supplyProblem(faults)
	}
	done.Rows, done.LeftOut = len(rows), left
	var changed []pmo.Team
	var portfolios []string
	for _, c := range changes {
		done.Teams = append(done.Teams, wire.SupplyChange{Team: c.Team.ID, Name: c.Team.Name, Changes: append([]string{}, c.Says...)})
		if len(c.Says) > 0 {
			changed, portfolios = append(changed, c.Team), append(portfolios, c.Team.Portfolio)
		}
	}
	if in.Dry || len(changed) == 0 {
		return done, nil
	}
	if err := a.Store.PutTeams(ctx, changed, actorOf(ctx).ID, a.Now().UTC(), done); err != nil {
		return done, err
	}
	a.teamsChanged(ctx, portfolios...)
	return done, nil
}

// supplyRows reads the file.
func (a *API) supplyRows(in wire.ImportSupply, teams []store.TeamLoad) (rows []supply.Row, left int, err error) {
	var faults []supply.Fault
	if in.Format == "csv" {
		rows, faults = supply.ReadCSV(in.File)
		for _, r := range rows {
			if in.Team != "" && r.Team != in.Team && r.Team != "" {
				faults = append(faults, supply.Fault{Line: r.Line, Field: "team", Why: "is not " + in.Team})
			}
		}
	} else {
		i := slices.IndexFunc(teams, func(t store.TeamLoad) bool { return t.ID == in.Team })
		if i < 0 {
			return nil, 0, problem.InvalidField("/team", "is no team: say whose absences they are")
		}
		calendar := supply.Calendar{Team: in.Team, Who: in.Who, Amount: in.Amount, Today: a.Now().In(a.locationOf(teams[i].Portfolio))}
		rows, left, faults = calendar.ReadICS(in.File)
	}
	if len(faults) > 0 {
		return nil, 0, supplyProblem(faults)
	}
	return rows, left, nil
}

// mayChange: who may not change one of the teams may not import for the others either.
func mayChange(ctx context.Context, changes []*supply.Change) error {
	actor := actorOf(ctx)
	for _, c := range changes {
		object := access.Object{}
		if slices.Contains(c.Before.Leads, actor.ID) {
			object.Relation = access.Lead
		}
		if err := may(actor, access.EditTeam, object); err != nil {
			return err
		}
	}
	return nil
}

// supplyFaults are what is wrong with teams as the rows make them, by line: by the rules for teams, and for all teams together. What a team had before
// is not judged.
func (a *API) supplyFaults(in wire.ImportSupply, changes []*supply.Change, teams []pmo.Team) (faults []supply.Fault) {
	for _, c := range changes {
		fields := append(a.unknownPeople("/members", c.Team.Members), fieldsOf(policy.TeamFaults(c.Team, c.Before), "")...)
		for _, f := range fields {
			if line, field := c.LineOf(f.Pointer); line > 0 {
				faults = append(faults, supply.Fault{Line: line, Field: field, Why: f.Detail})
			}
		}
		for _, most := range []struct {
			field   string
			n, most int
		}{{"person", len(c.Team.Members), 200}, {"skills", len(c.Team.Skills), 50}, {"from", len(c.Team.Absences), pmo.MostAbsences}} {
			if most.n > most.most {
				faults = append(faults, supply.Fault{Line: 1, Field: most.field, Why: fmt.Sprintf("gives %s more than %d of them", c.Team.ID, most.most)})
			}
		}
	}
	faults = append(faults, supply.OverAllocated(changes, teams)...)
	if !in.NewSkills {
		faults = append(faults, supply.NewSkills(changes, teams)...)
	}
	return faults
}

// supplyProblem names faults by line and field.
func supplyProblem(faults []supply.Fault) error {
	slices.SortStableFunc(faults, func(a, b supply.Fault) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Field, b.Field)) })
	faults = slices.Compact(faults)
	fields := make([]problem.Field, 0, mostSupplyFaults)
	for _, f := range faults[:min(len(faults), mostSupplyFaults)] {
		fields = append(fields, problem.Field{Pointer: fmt.Sprintf("/file/%d/%s", f.Line, f.Field), Detail: fmt.Sprintf("line %d: %s %s", f.Line, f.Field, f.Why)})
	}
	return problem.InvalidFields(fields)
}
