package api

import (
	"context"
	"errors"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/supply"
	"leanpmo/internal/wire"
)

const importResourcesAbout = "All rows are taken, or none: each row that is wrong is named with its line and field (422), and nothing is stored. A row that leaves less of a resource than requests under way hold is " +
	"wrong. What a row does not give stays as it is: a period takes the place of the one that begins on the same day, and no other one is removed. A file that is imported again changes nothing. The PMO and " +
	"administrators may. The columns of CSV: resource, name, unit, portfolio, from, until, amount."

type importResourcesOutput struct {
	Replayable
	Body wire.ResourcesImported
}

// importResources creates and changes resources by a file.
func (a *API) importResources(ctx context.Context, in *struct {
	Keyed
	Body wire.ImportResources
}) (*importResourcesOutput, error) {
	done, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "import-resources", in.Body), in.Key, func(ctx context.Context) (wire.ResourcesImported, error) {
		return a.takeResources(ctx, in.Body)
	})
	if err != nil {
		return nil, err
	}
	return &importResourcesOutput{Replayable: replayed, Body: done}, nil
}

// errDry ends the transaction of a dry run, which has judged everything, before it writes.
var errDry = errors.New("a dry run")

func (a *API) takeResources(ctx context.Context, in wire.ImportResources) (wire.ResourcesImported, error) {
	done := wire.ResourcesImported{Dry: in.Dry, Resources: []wire.ResourceDifference{}}
	portfolio, err := a.portfolio(in.Portfolio, "/portfolio")
	if err != nil {
		return done, err
	}
	list, err := a.Store.Resources(ctx)
	if err != nil {
		return done, err
	}
	rows, faults := supply.ReadResources(in.File)
	if len(faults) > 0 {
		return done, supplyProblem(faults)
	}
	changes, faults := supply.ResourceChanges(rows, list, portfolio)
	if faults = append(faults, a.importedFaults(changes)...); len(faults) > 0 {
		return done, supplyProblem(faults)
	}
	done.Rows = len(rows)
	var changed []pmo.Resource
	for _, c := range changes {
		done.Resources = append(done.Resources, wire.ResourceDifference{Resource: c.Then.ID, Name: c.Then.Name, Changes: append([]string{}, c.Says...)})
		if len(c.Says) > 0 {
			changed = append(changed, c.Then)
		}
	}
	if len(changed) == 0 {
		return done, nil
	}
	err = a.Store.PutResources(ctx, changed, actorOf(ctx).ID, a.Now().UTC(), done, func(held []store.ResourceChange) error {
		if err := a.overdrawnRows(ctx, changes, held); err != nil || !in.Dry {
			return err
		}
		return errDry
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return done, tooManyResources(err, "/file")
}

// importedFaults are what is wrong with resources as the rows make them, by line.
func (a *API) importedFaults(changes []*supply.ResourceChange) (faults []supply.Fault) {
	for _, c := range changes {
		for pointer, why := range c.Then.Faults() {
			line, field := c.LineOf(pointer)
			faults = append(faults, supply.Fault{Line: line, Field: field, Why: why})
		}
		if _, err := a.portfolio(c.Then.Portfolio, ""); err != nil {
			line, field := c.LineOf("/portfolio")
			faults = append(faults, supply.Fault{Line: line, Field: field, Why: "is no portfolio of the policy"})
		}
	}
	return faults
}

// overdrawnRows are the rows that leave less of a resource than is held.
func (a *API) overdrawnRows(ctx context.Context, changes []*supply.ResourceChange, held []store.ResourceChange) error {
	var faults []supply.Fault
	byID := map[string]*supply.ResourceChange{}
	for _, c := range changes {
		byID[c.Then.ID] = c
	}
	for _, h := range held {
		day, why, err := a.overdraws(ctx, h)
		if err != nil {
			return err
		}
		if why != "" {
			line, field := byID[h.Then.ID].LineOn(day)
			faults = append(faults, supply.Fault{Line: line, Field: field, Why: why})
		}
	}
	if len(faults) > 0 {
		return supplyProblem(faults)
	}
	return nil
}
