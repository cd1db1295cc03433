package api

import (
	"context"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// Choosing are the filters that every list of requests has. Input parts are exported: huma does not read unexported ones.
type Choosing struct {
	Theme       string             `query:"theme" maxLength:"64"`
	Kind        string             `query:"kind" maxLength:"64"`
	Team        string             `query:"team" maxLength:"64"`
	Class       pmo.ClassOfService `query:"class" maxLength:"64" doc:"Class of service"`
	Requester   string             `query:"requester" maxLength:"64"`
	DaysInStage int                `query:"days_in_stage" minimum:"0" maximum:"3650" doc:"In its stage for at least so many days"`
	Text        string             `query:"text" maxLength:"200" doc:"Words of number, title, problem and outcome, in any order; each may be inside a longer word. A number (R-42, 42) shows that request first"`
}

// filter is what the store is asked for, for the reader of the list.
func (c Choosing) filter(ctx context.Context, portfolio string, at time.Time) store.Filter {
	v := viewOf(ctx)
	f := store.Filter{Portfolio: portfolio, Theme: c.Theme, Kind: c.Kind, Team: c.Team, Class: c.Class, Requester: c.Requester, Text: c.Text,
		Viewer: v.Viewer, ActsFor: v.ActsFor, SeesAll: v.SeesAll}
	if c.DaysInStage > 0 {
		f.StageBefore = at.AddDate(0, 0, -c.DaysInStage)
	}
	return f
}
