package web

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"
)

// namesFor is how long names of teams, kinds and themes are kept. Every page that lists requests says them, and they hardly change.
const namesFor = time.Minute

// officeNames are the names of teams, of kinds of request and of themes, by their ids.
type officeNames struct{ teams, kinds, themes map[string]string }

// keptNames keeps names, read when a page says the first one.
type keptNames struct {
	mu     sync.Mutex
	names  officeNames
	readAt time.Time
}

// officeNames reads the names where they are not known or too old. While they cannot be read, those that were known are given.
func (s *Site) officeNames(ctx context.Context) officeNames {
	k := &s.names
	k.mu.Lock()
	defer k.mu.Unlock()
	now := s.Now()
	if !k.readAt.IsZero() && now.Sub(k.readAt) < namesFor {
		return k.names
	}
	k.readAt = now
	read, err := s.readNames(ctx)
	if err != nil {
		s.Log.WarnContext(ctx, "names of teams, kinds and themes could not be read; ids are shown where none is known", "error", err)
		return k.names
	}
	k.names = read
	return read
}

func (s *Site) readNames(ctx context.Context) (officeNames, error) {
	teams, err := s.api.Teams(ctx)
	if err != nil {
		return officeNames{}, err
	}
	policy, err := s.api.Policy(ctx)
	if err != nil {
		return officeNames{}, err
	}
	names := officeNames{map[string]string{}, map[string]string{}, map[string]string{}}
	for _, team := range teams.Value.Items {
		names.teams[team.ID] = team.Name
	}
	for _, kind := range policy.Value.Data.Intake.Kinds {
		names.kinds[kind.ID] = kind.Name
	}
	for _, portfolio := range policy.Value.Data.Portfolios {
		for _, theme := range portfolio.Themes {
			names.themes[theme.ID] = theme.Name
		}
	}
	return names, nil
}

// TeamName is a team's name, or its id.
func (t *reader) TeamName(id string) string { return cmp.Or(t.office().teams[id], id) }

// KindName is the name of a kind of request, or its id in words.
func (t *reader) KindName(id string) string {
	return cmp.Or(t.office().kinds[id], strings.ReplaceAll(id, "_", " "))
}

// ThemeName is a theme's name, or its id in words.
func (t *reader) ThemeName(id string) string {
	return cmp.Or(t.office().themes[id], strings.ReplaceAll(id, "_", " "))
}

// GroupName is who is asked: a word of the catalogue for a group, or the name of the team whose leads are asked.
func (t *reader) GroupName(id string) string {
	if team := t.office().teams[id]; team != "" {
		return team
	}
	return t.Word("group", id)
}
