package web

import (
	"context"
	"sync"
	"time"
)

// teamNamesFor is how long names of teams are kept. Every page that lists requests says them, and they hardly change.
const teamNamesFor = time.Minute

// teamNames keeps the names of teams, read when a page says the first one.
type teamNames struct {
	mu     sync.Mutex
	byID   map[string]string
	readAt time.Time
}

// teamName is the name of a team. A team that is not known, and every team while names cannot be read, has its id instead.
func (s *Site) teamName(ctx context.Context, id string) string {
	s.teamNames.mu.Lock()
	defer s.teamNames.mu.Unlock()
	if now := s.Now(); s.teamNames.byID == nil || now.Sub(s.teamNames.readAt) > teamNamesFor {
		s.readTeamNames(ctx, now)
	}
	if name := s.teamNames.byID[id]; name != "" {
		return name
	}
	return id
}

// readTeamNames keeps what it had where the teams cannot be read, and tries again a minute later.
func (s *Site) readTeamNames(ctx context.Context, now time.Time) {
	s.teamNames.readAt = now
	answer, err := s.api.Teams(ctx)
	if err != nil {
		s.Log.WarnContext(ctx, "names of teams are not known, their ids are shown", "error", err)
		return
	}
	s.teamNames.byID = make(map[string]string, len(answer.Value.Items))
	for _, team := range answer.Value.Items {
		s.teamNames.byID[team.ID] = team.Name
	}
}
