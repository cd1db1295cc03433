package activities

import (
	"context"
	"errors"
	"net/http"

	"leanpmo/internal/contract"
	"leanpmo/internal/delivery"
)

// UpdateWork sets the wanted state of a work item in the tool. Without an id it searches the item by its key: an attempt to open it may
// have reached the tool although its reply was lost.
func (a *Activities) UpdateWork(ctx context.Context, in contract.UpdateWorkInput) (contract.UpdatedWork, error) {
	if a.Delivery == nil {
		return contract.UpdatedWork{}, a.toolFault(ctx, errNoTool)
	}
	id := in.Work
	if id == "" {
		item, found, err := a.Delivery.Find(ctx, in.Key)
		if err != nil || !found {
			return contract.UpdatedWork{Missing: err == nil}, a.orFault(ctx, err)
		}
		id = item.ID
	}
	change := delivery.Patch{Status: &in.Status, Reason: in.Reason}
	if in.Title != "" {
		change.Title = &in.Title
	}
	if in.Summary != "" {
		change.Summary = &in.Summary
	}
	item, err := a.Delivery.Change(ctx, id, change)
	if missing(err) {
		return contract.UpdatedWork{Missing: true}, nil
	}
	return contract.UpdatedWork{ID: item.ID}, a.orFault(ctx, err)
}

func (a *Activities) orFault(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	return a.toolFault(ctx, err)
}

// missing is whether the item was deleted in the tool; a deleted item needs no change.
func missing(err error) bool {
	var e *delivery.Error
	return errors.As(err, &e) && (e.Status == http.StatusNotFound || e.Status == http.StatusGone)
}
