package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// TestBoardCountsWhatItDoesNotList: a column has the oldest of its requests, and the number of all that the reader may read.
func TestBoardCountsWhatItDoesNotList(t *testing.T) {
	s := open(t)
	putTeam(t, s, "falcon")
	for i, title := range []string{"One road", "Two roads", "Three"} {
		project(t, s, request(title, submitted(hours(i)), func(r *pmo.Request) { r.Number = int64(i + 1) }))
	}
	project(t, s, request("Secret road", submitted(hours(9)), func(r *pmo.Request) { r.Content.Confidential, r.Number = true, 9 }))
	project(t, s, request("Under way", inExecution("falcon"), func(r *pmo.Request) { r.Number = 10 }))
	column := func(f store.Filter, stage pmo.Stage) (int, []string) {
		t.Helper()
		board, err := s.Board(t.Context(), f, 2)
		require.NoError(t, err)
		require.Len(t, board, len(pmo.Stages()), "every stage has its column")
		var titles []string
		for _, c := range board {
			if c.Stage != stage {
				continue
			}
			for _, i := range c.Items {
				titles = append(titles, i.Title)
			}
			return c.Count, titles
		}
		return 0, nil
	}
	for name, c := range map[string]struct {
		filter store.Filter
		count  int
		titles []string
	}{
		"a stranger":    {store.Filter{Viewer: "sam"}, 3, []string{"One road", "Two roads"}},
		"the PMO":       {store.Filter{SeesAll: true}, 4, []string{"One road", "Two roads"}},
		"by text":       {store.Filter{Viewer: "sam", Text: "road"}, 2, []string{"One road", "Two roads"}},
		"by its number": {store.Filter{Viewer: "sam", Text: "R-2"}, 1, []string{"Two roads"}},
		"none":          {store.Filter{Viewer: "sam", Kind: "other"}, 0, nil},
	} {
		count, titles := column(c.filter, pmo.StageIntake)
		require.Equal(t, c.count, count, name)
		require.Equal(t, c.titles, titles, name)
	}
	taken, err := s.SlotsTaken(t.Context())
	require.NoError(t, err)
	require.Equal(t, []store.SlotsTaken{{Portfolio: "core", Class: pmo.ClassStandard, Count: 1}}, taken)
}

// TestFlowByTextCountsNothingThatIsHidden: the number of hits of a word would say what is written in a confidential request.
func TestFlowByTextCountsNothingThatIsHidden(t *testing.T) {
	s := open(t)
	project(t, s, request("Open road", submitted(hours(1))))
	project(t, s, request("Secret road", submitted(hours(2)), func(r *pmo.Request) { r.Content.Confidential = true }),
		pmo.Entry{Seq: 1, Key: "1", At: hours(1), Event: pmo.EventStage, Stage: pmo.StageReview})
	for name, c := range map[string]struct {
		filter store.Filter
		items  int
		events int
	}{
		"by text":                      {store.Filter{Viewer: "sam", Text: "road"}, 1, 0},
		"by text, who may read all":    {store.Filter{SeesAll: true, Text: "secret"}, 1, 1},
		"by team, which nobody has":    {store.Filter{SeesAll: true, Team: "falcon"}, 0, 0},
		"by kind, a stranger":          {store.Filter{Viewer: "sam", Kind: "enhancement"}, 1, 0},
		"by class, whose is the other": {store.Filter{Viewer: "rita", Class: pmo.ClassStandard}, 2, 1},
	} {
		ids, err := s.FlowIDs(t.Context(), c.filter, hours(0))
		require.NoError(t, err, name)
		require.Len(t, ids, c.items, name)
		records, err := s.FlowRecordsOf(t.Context(), ids)
		require.NoError(t, err, name)
		events := 0
		for _, r := range records {
			events += len(r.Events)
		}
		require.Equal(t, c.events, events, name)
	}
}

func TestTheBacklogIsFiltered(t *testing.T) {
	s := open(t)
	a := request("Road", waiting, func(r *pmo.Request) { r.Content.Themes, r.Number = []string{"growth"}, 1 })
	b := request("Bridge", waiting, func(r *pmo.Request) { r.Content.Class, r.Number = pmo.ClassExpedite, 2 })
	for _, r := range []pmo.Request{a, b} {
		project(t, s, r)
	}
	run(t, s, "run/1", false, []store.RankedRequest{line(a, 1), line(b, 2)})
	late := request("Road of later", waiting, func(r *pmo.Request) { r.Number = 3 })
	project(t, s, late)
	for name, c := range map[string]struct {
		filter   store.Filter
		want     []string
		unranked int
	}{
		"all":      {store.Filter{}, []string{"Road", "Bridge"}, 1},
		"theme":    {store.Filter{Theme: "growth"}, []string{"Road"}, 0},
		"class":    {store.Filter{Class: pmo.ClassExpedite}, []string{"Bridge"}, 0},
		"text":     {store.Filter{Text: "road"}, []string{"Road"}, 1},
		"a number": {store.Filter{Text: "R-2"}, []string{"Bridge"}, 0},
	} {
		c.filter.Portfolio, c.filter.SeesAll = "core", true
		page, err := s.Backlog(t.Context(), c.filter)
		require.NoError(t, err, name)
		titles := []string{}
		for _, l := range page.Items {
			titles = append(titles, l.Title)
		}
		require.Equal(t, c.want, titles, name)
		count, err := s.Unranked(t.Context(), c.filter)
		require.NoError(t, err, name)
		require.Equal(t, c.unranked, count, name)
	}
}

// TestWhatWaitsForATeam: an answer of its people, or a team that it could be.
func TestWhatWaitsForATeam(t *testing.T) {
	s := open(t)
	putTeam(t, s, "falcon")
	forTeam := func(skills ...string) func(*pmo.Request) {
		return func(r *pmo.Request) {
			r.Stage, r.StageSince, r.Pull, r.Content.Skills = pmo.StageAssignment, hours(1), &pmo.Pull{At: hours(1)}, skills
		}
	}
	project(t, s, request("Any team", submitted(hours(1)), forTeam()))
	project(t, s, request("Its skill", submitted(hours(2)), forTeam("GO")))
	project(t, s, request("Another skill", submitted(hours(3)), forTeam("go", "gis")))
	project(t, s, request("Its skill at any level", submitted(hours(3)), forTeam("go:5")))
	project(t, s, request("Declined", submitted(hours(4)), forTeam("go"), func(r *pmo.Request) { r.Declined = []pmo.Decline{{Team: "falcon", Reason: "no"}} }))
	project(t, s, request("Other portfolio", submitted(hours(5)), forTeam(), func(r *pmo.Request) { r.Portfolio = "other" }))
	project(t, s, request("Asks the lead", submitted(hours(6)), inExecution("falcon"), openQuestion(pmo.KindReport, hours(9), "theo")))
	project(t, s, request("Asks another", submitted(hours(7)), inExecution("falcon"), openQuestion(pmo.KindPlan, hours(9), "rita")))
	require.Equal(t, []string{"Any team", "Its skill", "Its skill at any level", "Asks the lead"}, titles(t, s, store.Filter{ForTeam: "falcon", Sort: store.SortAge}))
}

// TestHoldsEndWithTheirPlans: a hold is until the last milestone that has a date.
func TestHoldsEndWithTheirPlans(t *testing.T) {
	s := open(t)
	putTeam(t, s, "falcon")
	var want []store.Hold
	for _, c := range []struct {
		plan  *pmo.Plan
		until pmo.Date
	}{{nil, ""}, {&pmo.Plan{Summary: "no dates", Milestones: []pmo.Milestone{{Name: "a"}}}, ""},
		{&pmo.Plan{Milestones: []pmo.Milestone{{Name: "a", Due: "2027-05-01"}, {Name: "b", Due: "2027-04-01"}, {Name: "c"}}}, "2027-05-01"}} {
		r := request("r", inExecution("falcon"), func(r *pmo.Request) { r.Plan = c.plan })
		project(t, s, r)
		want = append(want, store.Hold{Size: r.Assignment.Size, Until: c.until})
	}
	got, err := s.Holds(t.Context(), "falcon")
	require.NoError(t, err)
	require.ElementsMatch(t, want, got)
}

// TestCarriedCountsWhatWasHeldAndDelivered in the span alone: from the offer, until it was delivered.
func TestCarriedCountsWhatWasHeldAndDelivered(t *testing.T) {
	s := open(t)
	putTeam(t, s, "falcon")
	since := func(weeks, size float64) func(*pmo.Request) {
		return func(r *pmo.Request) {
			inExecution("falcon")(r)
			r.Assignment.Size, r.Assignment.OfferedAt = size, day.Add(-time.Duration(weeks*7*24)*time.Hour)
		}
	}
	ended := func(weeks float64) func(*pmo.Request) {
		return func(r *pmo.Request) { r.AcceptedAt = day.Add(-time.Duration(weeks*7*24) * time.Hour) }
	}
	project(t, s, request("under way", since(2, 3)))
	project(t, s, request("delivered", since(6, 2), ended(3)))
	project(t, s, request("before", since(20, 5), ended(9)))
	project(t, s, request("new", since(0, 7)))
	inPortfolio(t, s, func(tx *store.PortfolioTx) {
		carried, err := tx.Carried(t.Context(), day.AddDate(0, 0, -28), day)
		require.NoError(t, err)
		require.Len(t, carried, 1)
		require.InDelta(t, 2*3+1*2, carried["falcon"], 1e-6)
	})
}

func TestATeamKeepsItsAbsences(t *testing.T) {
	s := open(t)
	team := putTeam(t, s, "falcon")
	found, err := s.Team(t.Context(), "falcon")
	require.NoError(t, err)
	require.Empty(t, found.Absences)
	team.Absences = []pmo.Absence{{From: "2027-03-01", Until: "2027-03-05", Amount: 1.5, Who: "mia", Reason: "leave"}, {From: "2027-04-01", Until: "2027-04-01", WholeTeam: true}}
	_, err = s.PutTeam(t.Context(), team, "theo", hours(1))
	require.NoError(t, err)
	found, err = s.Team(t.Context(), "falcon")
	require.NoError(t, err)
	require.Equal(t, team.Absences, found.Absences)
}
