package api

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"leanpmo/internal/history"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// importStore keeps finished work of other tools.
type importStore interface {
	Import(ctx context.Context, portfolio, source string, items []history.Item, dry bool, actor string, at time.Time) (store.Imported, error)
	ImportedSources(ctx context.Context) ([]store.ImportedSource, error)
	RemoveImport(ctx context.Context, portfolio, source, actor string, at time.Time) (int64, error)
}

const importDescription = "It is history for forecasts, never a request somebody is asked about. All items of a call are taken, or none."

type importOutput struct {
	Replayable
	Body wire.Imported
}

func (a *API) importHistory(ctx context.Context, in *struct {
	Keyed
	Body wire.ImportHistory
}) (*importOutput, error) {
	done, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "import-history", in.Body), in.Key, func(ctx context.Context) (store.Imported, error) {
		portfolio, items, err := a.checkImport(in.Body)
		if err != nil {
			return store.Imported{}, err
		}
		done, err := a.Store.Import(ctx, portfolio, strings.TrimSpace(in.Body.Source), items, in.Body.Dry, actorOf(ctx).ID, a.moment())
		if errors.Is(err, store.ErrFull) {
			return done, problem.InvalidField("/items", "are too many: a portfolio has at most %d imported items", store.MostImported)
		}
		return done, err
	})
	if err != nil {
		return nil, err
	}
	return &importOutput{Replayable: replayed, Body: wire.Imported{Added: done.Added, Changed: done.Changed, Same: done.Same, Dry: in.Body.Dry}}, nil
}

// checkImport names every fault, so that an import is mended in one go.
func (a *API) checkImport(in wire.ImportHistory) (portfolio string, items []history.Item, err error) {
	var fields []problem.Field
	if strings.TrimSpace(in.Source) == "" {
		fields = append(fields, problem.Field{Pointer: "/source", Detail: "is empty"})
	}
	if portfolio, err = a.portfolio(in.Portfolio, "/portfolio"); err != nil {
		fields = append(fields, problem.From(err).Errors...)
	}
	items = make([]history.Item, len(in.Items))
	seen := map[string]bool{}
	for i, w := range in.Items {
		items[i] = history.Item{ID: strings.TrimSpace(w.ID), Kind: w.Kind, Created: w.Created, Started: w.Started, Finished: w.Finished}
		field, text := items[i].Check(a.Now())
		if text == "" && seen[items[i].ID] {
			field, text = "id", "is that of an earlier item"
		}
		seen[items[i].ID] = true
		if text != "" && len(fields) < 100 {
			fields = append(fields, problem.Field{Pointer: fmt.Sprintf("/items/%d/%s", i, field), Detail: text})
		}
	}
	if len(fields) > 0 {
		return "", nil, problem.InvalidFields(fields)
	}
	return portfolio, items, nil
}

type importsOutput struct {
	Body wire.Page[wire.ImportedSource]
}

func (a *API) imports(ctx context.Context, _ *struct{}) (*importsOutput, error) {
	found, err := a.Store.ImportedSources(ctx)
	if err != nil {
		return nil, err
	}
	out := &importsOutput{Body: wire.Page[wire.ImportedSource]{Items: []wire.ImportedSource{}}}
	for _, f := range found {
		out.Body.Items = append(out.Body.Items, wire.ImportedSource(f))
	}
	return out, nil
}

func (a *API) removeImport(ctx context.Context, in *struct {
	Source    string `path:"source" maxLength:"100"`
	Portfolio string `query:"portfolio" maxLength:"100" doc:"The policy's first when absent"`
	Keyed
}) (*clearedOutput, error) {
	portfolio, err := a.portfolio(in.Portfolio, "query/portfolio")
	if err != nil {
		return nil, err
	}
	command := "remove import " + in.Source + " of " + portfolio
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, command, nil), in.Key, func(ctx context.Context) (struct{}, error) {
		_, err := a.Store.RemoveImport(ctx, portfolio, in.Source, actorOf(ctx).ID, a.moment())
		return struct{}{}, err
	})
	return &clearedOutput{Replayable: replayed}, err
}
