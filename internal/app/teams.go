package app

import (
	"context"
	"fmt"
	"time"

	"leanpmo/internal/cleantext"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/yamlstrict"
)

// SeedTeams creates the teams of a YAML document (key teams) if there is no team at all yet, and returns how many it created.
func SeedTeams(ctx context.Context, c Config, document []byte) (int, error) {
	var file struct {
		Teams []pmo.Team `json:"teams"`
	}
	if faults := yamlstrict.Decode(document, &file); len(faults) > 0 {
		return 0, fmt.Errorf("read teams: %w", faults.Err())
	}
	s, err := store.Open(ctx, c.DatabaseURL, store.Options{AppName: "leanpmo-seed"})
	if err != nil {
		return 0, err
	}
	defer s.Close()
	known, err := s.Teams(ctx)
	if err != nil || len(known) > 0 {
		return 0, err
	}
	for _, team := range file.Teams {
		team.Name = cleantext.Clean(team.Name)
		if _, err := s.PutTeam(ctx, team, "local-stack", time.Now()); err != nil {
			return 0, fmt.Errorf("create team %s: %w", team.ID, err)
		}
	}
	return len(file.Teams), nil
}
