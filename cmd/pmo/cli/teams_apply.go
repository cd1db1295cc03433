package cli

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// teamChange is what applying a file does to one team.
type teamChange struct {
	team    pmo.Team // as it will be
	known   bool     // there is such a team
	same    bool     // it is so already
	removed []string // what it loses, in words
}

func (t teamChange) what() string {
	switch {
	case !t.known:
		return "created"
	case t.same:
		return "is as it should be"
	case len(t.removed) > 0:
		return "changed; removed: " + strings.Join(t.removed, "; ")
	}
	return "changed"
}

// teamChanges compares the file with the teams there are. Without replace, what the file does not give stays, and a list that lost an entry
// stops the command before it changes anything.
func teamChanges(wanted []pmo.Team, known []wire.TeamLoad, replace bool) ([]teamChange, error) {
	var changes []teamChange
	var losses []string
	for _, team := range wanted {
		change := changeOf(team, known, replace)
		if len(change.removed) > 0 && !replace {
			losses = append(losses, fmt.Sprintf("team %s would lose %s", team.ID, strings.Join(change.removed, "; ")))
		}
		changes = append(changes, change)
	}
	if len(losses) > 0 {
		return nil, usagef("%s. Give --replace to remove that; nothing was changed", strings.Join(losses, ", "))
	}
	return changes, nil
}

func changeOf(team pmo.Team, known []wire.TeamLoad, replace bool) teamChange {
	i := slices.IndexFunc(known, func(k wire.TeamLoad) bool { return k.ID == team.ID })
	if i < 0 {
		return teamChange{team: team}
	}
	now := known[i].Team
	team.Revision = now.Revision
	switch {
	case !replace:
		team = withMissing(team, now)
	default:
		if team.Absences == nil && len(now.Absences) > 0 {
			team.Absences = []pmo.Absence{} // given, and none
		}
		if team.Shares == nil && now.Shares != nil {
			team.Shares = map[string]float64{}
		}
	}
	return teamChange{team: team, known: true, same: sameTeam(now, team), removed: removedFrom(now, team)}
}

// withMissing takes from the present team what the file does not give. An empty list is given.
func withMissing(team, now pmo.Team) pmo.Team {
	stated := team.Capacity != 0 && !team.CapacityMeasured
	into, from := reflect.ValueOf(&team).Elem(), reflect.ValueOf(now)
	for i := range into.NumField() {
		if into.Field(i).IsZero() {
			into.Field(i).Set(from.Field(i))
		}
	}
	if stated {
		team.CapacityMeasured = false
	}
	return team
}

// removedFrom names what a team loses.
func removedFrom(now, team pmo.Team) []string {
	var lost []string
	for _, list := range []struct {
		name      string
		now, then []string
	}{{"leads", now.Leads, team.Leads}, {"members", now.Members, team.Members}, {"skills", now.Skills, team.Skills}, {"approaches", now.Approaches, team.Approaches}, {"absences", absences(now), absences(team)},
		{"shares", slices.Sorted(maps.Keys(now.Shares)), slices.Sorted(maps.Keys(team.Shares))}} {
		gone := slices.DeleteFunc(slices.Clone(list.now), func(entry string) bool { return slices.Contains(list.then, entry) })
		if len(gone) > 0 {
			lost = append(lost, list.name+" "+strings.Join(gone, ", "))
		}
	}
	if now.LoadCeiling != 0 && team.LoadCeiling == 0 {
		lost = append(lost, fmt.Sprintf("load_ceiling %g", now.LoadCeiling))
	}
	if now.WIPLimit != 0 && team.WIPLimit == 0 {
		lost = append(lost, fmt.Sprintf("wip_limit %d", now.WIPLimit))
	}
	for _, figure := range []struct {
		name      string
		now, then float64
	}{{"capacity_per_person", now.CapacityPerPerson, team.CapacityPerPerson}, {"other_work", now.OtherWork, team.OtherWork}, {"wip_per_person", now.WIPPerPerson, team.WIPPerPerson}, {"pace", now.Pace, team.Pace}} {
		if figure.now != 0 && figure.then == 0 {
			lost = append(lost, fmt.Sprintf("%s %g", figure.name, figure.now))
		}
	}
	return lost
}

// absences are those of a team in words.
func absences(t pmo.Team) []string {
	words := make([]string, len(t.Absences))
	for i, a := range t.Absences {
		words[i] = a.Words()
	}
	return words
}

// applyTeam changes nothing when the team is already as in the file, so that a file can be applied twice.
func (c *console) applyTeam(ctx context.Context, change teamChange) (doc string, err error) {
	if change.same {
		return fmt.Sprintf(`{"id":%q,"revision":%d}`, change.team.ID, change.team.Revision), nil
	}
	done, err := c.api.PutTeam(ctx, change.team)
	if err != nil {
		return "", err
	}
	return string(done.Raw), nil
}

func sameTeam(a, b pmo.Team) bool {
	a, b = a.WithCapacity(), b.WithCapacity()
	return a.Name == b.Name && a.Portfolio == b.Portfolio && a.Capacity == b.Capacity && a.LoadCeiling == b.LoadCeiling && a.WIPLimit == b.WIPLimit &&
		slices.Equal(a.Leads, b.Leads) && slices.Equal(a.Members, b.Members) && slices.Equal(a.Skills, b.Skills) && slices.Equal(a.Approaches, b.Approaches) && slices.Equal(a.Absences, b.Absences) &&
		maps.Equal(a.Shares, b.Shares) && a.CapacityPerPerson == b.CapacityPerPerson && a.OtherWork == b.OtherWork && a.WIPPerPerson == b.WIPPerPerson && a.Pace == b.Pace && a.CapacityMeasured == b.CapacityMeasured
}
