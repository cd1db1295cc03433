package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// teamChange is what applying a file does to one team.
type teamChange struct {
	team    pmo.Team // as it will be
	known   bool     // there is such a team
	same    bool     // it is so already
	lost    []string // entries of lists that it loses, in words
	emptied []string // figures that are not set any more, in words
}

func (t teamChange) what() string {
	removed := slices.Concat(t.lost, t.emptied)
	switch {
	case !t.known:
		return "created"
	case t.same:
		return "is as it should be"
	case len(removed) > 0:
		return "changed; removed: " + strings.Join(removed, "; ")
	}
	return "changed"
}

// teamChanges compares the file with the teams there are. Without replace, what the file does not give stays, and a list that lost an entry
// stops the command before it changes anything.
func teamChanges(wanted []forms.Team, known []wire.TeamLoad, replace bool) ([]teamChange, error) {
	var changes []teamChange
	var losses []string
	for _, team := range wanted {
		change := changeOf(team, known, replace)
		if len(change.lost) > 0 && !replace {
			losses = append(losses, fmt.Sprintf("team %s would lose %s", team.ID, strings.Join(change.lost, "; ")))
		}
		changes = append(changes, change)
	}
	if len(losses) > 0 {
		return nil, usagef("%s. Give --replace to remove that; nothing was changed", strings.Join(losses, ", "))
	}
	return changes, nil
}

func changeOf(wanted forms.Team, known []wire.TeamLoad, replace bool) teamChange {
	team := wanted.Team
	i := slices.IndexFunc(known, func(k wire.TeamLoad) bool { return k.ID == team.ID })
	if i < 0 {
		return teamChange{team: team}
	}
	now := known[i].Team
	if !replace {
		team = wanted.Over(now)
	}
	team.Revision = now.Revision
	if team.Absences == nil && len(now.Absences) > 0 {
		team.Absences = []pmo.Absence{} // given, and none
	}
	if team.Shares == nil && now.Shares != nil {
		team.Shares = map[string]float64{}
	}
	return teamChange{team: team, known: true, same: sameTeam(now, team), lost: lostFrom(now, team), emptied: emptiedOf(now, team)}
}

// lostFrom names what the lists of a team lose.
func lostFrom(now, team pmo.Team) []string {
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
	return lost
}

// emptiedOf names the figures of a team that are not set any more.
func emptiedOf(now, team pmo.Team) []string {
	var emptied []string
	for _, figure := range []struct {
		name      string
		now, then float64
	}{{"load_ceiling", now.LoadCeiling, team.LoadCeiling}, {"wip_limit", float64(now.WIPLimit), float64(team.WIPLimit)},
		{"capacity_per_person", now.CapacityPerPerson, team.CapacityPerPerson}, {"other_work", now.OtherWork, team.OtherWork}, {"wip_per_person", now.WIPPerPerson, team.WIPPerPerson}, {"pace", now.Pace, team.Pace}} {
		if figure.now != 0 && figure.then == 0 {
			emptied = append(emptied, fmt.Sprintf("%s %g", figure.name, figure.now))
		}
	}
	return emptied
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
