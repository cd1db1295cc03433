package activities

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"

	"leanpmo/internal/assign"
	"leanpmo/internal/backlog"
	"leanpmo/internal/contract"
	"leanpmo/internal/delivery"
	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

// Two results list what the process needs: the people that a question asks, and the requests that a run pulls, wakes and tells. Both lists
// are bounded. The server takes 2 MiB.
const (
	peopleBytes = 192 << 10
	runBytes    = 192 << 10
)

// largest are the largest results of each activity, by the names of internal/contract.
var largest = map[string]map[string]func(t *testing.T) any{
	contract.ActivityAdmit: {
		"with similar requests": func(t *testing.T) any { return largestAdmission(t) },
		"that looks ahead": func(t *testing.T) any {
			admission := largestAdmission(t)
			a := New(Deps{Policy: policy.Holding(policy.Default()), Directory: crowd(t, 300), Log: slog.New(slog.DiscardHandler)})
			a.lookAhead(t.Context(), a.Policy.Now(), contract.AdmitInput{ID: uuid.NewString(), Requester: "sam", Content: largestContent(),
				Ahead: &contract.AheadInput{Process: pmo.LatestProcess, SubmittedBy: "sam", At: day}}, &admission, nil)
			require.NotNil(t, admission.Ahead)
			return admission
		},
	},
	contract.ActivityRoute: {"": func(t *testing.T) any {
		route, err := New(Deps{Policy: policy.Holding(policy.Default())}).Route(t.Context(), pmo.RouteInput{Content: largestContent(), Portfolio: "digital"})
		require.NoError(t, err)
		return route
	}},
	contract.ActivityRecommend: {"": func(t *testing.T) any {
		recommended, err := New(Deps{Policy: policy.Holding(policy.Default())}).Recommend(t.Context(), contract.RecommendInput{Content: largestContent()})
		require.NoError(t, err)
		return recommended
	}},
	contract.ActivityAssign: {
		"no team":      func(t *testing.T) any { return largestAssignment(t, false, "", false) },
		"a team":       func(t *testing.T) any { return largestAssignment(t, true, "", false) },
		"a named team": func(t *testing.T) any { return largestAssignment(t, true, teamID(0), false) },
		"over limits":  func(t *testing.T) any { return largestAssignment(t, true, teamID(0), true) },
	},
	contract.ActivityAsk: {
		"25 people":      func(t *testing.T) any { return largestTerms(t, 25) },
		"a large group":  func(t *testing.T) any { return largestTerms(t, 2000) },
		"all of it left": func(t *testing.T) any { return termsOfTheGone(t, 2000) },
		"all of it away": func(t *testing.T) any { return termsOfTheAway(t, 2000) },
	},
	contract.ActivityProject: {"": func(*testing.T) any { return contract.ProjectResult{LedgerSeq: 1 << 60} }},
	contract.ActivityCheckActor: {"a signal of any size": func(t *testing.T) any {
		b := newBench(t)
		long := strings.Repeat("界", 100_000)
		result, err := b.CheckActor(t.Context(), contract.CheckActorInput{ID: long, Actor: "ana", For: long, Question: long, Kind: pmo.KindReview, Seats: []string{long}, Requester: long})
		require.NoError(t, err)
		require.False(t, result.Allowed)
		return result
	}},
	contract.ActivityCheckMerge: {"": func(*testing.T) any {
		return pmo.MergeCheck{Refused: pmo.Truncate(strings.Repeat("界", 8000), reasonBytes)}
	}},
	contract.ActivityRank:       {"a full run": func(t *testing.T) any { return largestRun(t) }},
	contract.ActivityReturnSlot: {"nothing": func(*testing.T) any { return nil }},
	contract.ActivitySendWanted: {"": func(*testing.T) any { return contract.Nothing{} }},
	contract.ActivityOpenWork: {"as much as a tool may name": func(t *testing.T) any {
		a := withTool(t, &fakeTool{item: &delivery.Item{ID: strings.Repeat("7", delivery.MaxIDBytes), URL: "https://" + strings.Repeat("x", delivery.MaxURLBytes-8), Title: toOpen.Title, Status: pmo.WorkOpen}})
		opened, err := a.OpenWork(t.Context(), toOpen)
		require.NoError(t, err)
		return opened
	}},
	contract.ActivityUpdateWork: {"": func(*testing.T) any {
		return contract.UpdatedWork{ID: strings.Repeat("7", delivery.MaxIDBytes), Missing: true}
	}},
}

// TestResultsStayWithinTheirBudget looks at every activity that a worker registers: one without an entry fails.
func TestResultsStayWithinTheirBudget(t *testing.T) {
	registered := names{}
	New(Deps{}).Register(registered)
	New(Deps{}).RegisterIntegrations(registered)
	require.ElementsMatch(t, slices.Collect(maps.Keys(registered)), slices.Collect(maps.Keys(largest)))
	budgets := map[string]int{contract.ActivityRank: runBytes}
	for name, results := range largest {
		for which, result := range results {
			t.Run(strings.TrimSpace(name+" "+which), func(t *testing.T) {
				limit := budgets[name]
				switch {
				case name == contract.ActivityAsk && which != "25 people":
					limit = peopleBytes
				case limit == 0:
					limit = resultBytes
				}
				data, err := json.Marshal(result(t))
				require.NoError(t, err)
				t.Logf("%d of %d bytes", len(data), limit)
				require.LessOrEqual(t, len(data), limit)
			})
		}
	}
}

// names are what is registered at a worker.
type names map[string]bool

func (n names) RegisterActivity(any) { panic("an activity without a durable name") }

func (n names) RegisterActivityWithOptions(_ any, o activity.RegisterOptions) { n[o.Name] = true }

func (n names) RegisterDynamicActivity(any, activity.DynamicRegisterOptions) {
	panic("an activity without a durable name")
}

var _ worker.ActivityRegistry = names{}

// longest is a text as long as any door takes one.
var longest = strings.Repeat("界", 8000)

func largestContent() pmo.Content {
	c := pmo.Content{Title: longest[:600], Kind: "programme", Problem: longest, Outcome: longest, Users: longest, OthersToAct: longest, Workaround: longest, SuccessMeasure: longest, Size: 40}
	for i := range 20 {
		c.Skills = append(c.Skills, fmt.Sprintf("%d%s", i, longest[:590]))
	}
	return c
}

func largestAdmission(t *testing.T) pmo.Admission {
	t.Helper()
	rules := policy.Default()
	admission := rules.Admit(largestContent(), nil)
	admission.Calendar = rules.RequestCalendar(admission.Portfolio, time.Now())
	similar := make([]pmo.Similar, similarShown)
	for i := range similar {
		similar[i] = pmo.Similar{ID: uuid.NewString(), Number: 1 << 40, Title: longest[:600], Words: longest[:600], Score: 0.123456789}
	}
	admission.Similar = shortened(similar)
	return admission
}

func teamID(i int) string { return fmt.Sprintf("team-%d", i) + strings.Repeat("x", 50) }

// largestAssignment is what a search among teams with the longest names and skills finds.
func largestAssignment(t *testing.T, able bool, named string, over bool) contract.AssignResult {
	t.Helper()
	content, rules := largestContent(), policy.Default()
	read := backlog.Placement{Rules: rules.AssignPolicy()}
	for i := range 20 {
		team := pmo.Team{ID: teamID(i), Name: longest[:290], Skills: content.Skills[:i:i], Capacity: 1000}
		if able {
			team.Skills = content.Skills
		}
		for lead := range 10 {
			team.Leads = append(team.Leads, fmt.Sprint(lead, strings.Repeat("p", 60)))
		}
		read.Teams = append(read.Teams, store.TeamLoad{Team: team, WIP: i % 3, Load: float64(i)})
		for range i % 3 {
			read.Holds = append(read.Holds, store.TeamHold{Team: team.ID, Size: float64(i) / float64(i%3)})
		}
	}
	in := contract.AssignInput{ID: uuid.NewString(), Number: 7, Content: content, Named: named, OverLimit: over, At: time.Now()}
	own := ownRequest(in, read.Rules)
	read.Waiting = []assign.Request{own}
	batch, err := read.Plan(in.At)
	require.NoError(t, err)
	decisions, err := backlog.Decisions([]json.RawMessage{batch.Places[0].Decision})
	require.NoError(t, err)
	result := resultOf(decisions[0], &read, in.Content)
	switch {
	case over:
		result = overLimit(in, &read)
	case named != "":
		result = namedResult(in, result, &read)
	}
	result.Policy = rules.Name()
	return withinBudget(result)
}

// member is a person with an id as long as the directory takes it.
func member(i int) string { return fmt.Sprintf("%04d", i) + strings.Repeat("p", 60) }

// crowd is a directory whose groups all have so many members.
func crowd(t *testing.T, size int) *directory.Directory {
	t.Helper()
	var people, members []string
	for i := range size {
		people = append(people, fmt.Sprintf("  - {id: %q, name: P, roles: [approver], token: t%d}", member(i), i))
		members = append(members, member(i))
	}
	text := "principals:\n" + strings.Join(people, "\n") + "\ngroups:\n"
	for _, group := range []string{"approvers", "pmo", "finance", "architecture", "security", "board"} {
		text += fmt.Sprintf("  - {id: %s, name: G, members: [%s]}\n", group, strings.Join(members, ", "))
	}
	d, err := directory.Parse([]byte(text))
	require.NoError(t, err)
	return d
}

func reviewOf(size int) pmo.QuestionTermsInput {
	return pmo.QuestionTermsInput{ID: uuid.NewString(), Kind: pmo.KindReview, Round: 1, Group: "approvers", Portfolio: "digital", Requester: member(0), OnBehalf: member(1), At: day,
		Quorum: &pmo.Quorum{Mode: pmo.QuorumAll}}
}

func largestTerms(t *testing.T, size int) pmo.QuestionTerms {
	t.Helper()
	terms := policy.Default().QuestionTerms(reviewOf(size), crowd(t, size), nil)
	require.Greater(t, len(terms.People), min(size, 200)-3)
	require.LessOrEqual(t, len(terms.People), 200)
	require.Equal(t, size > 202, strings.Contains(terms.Note, "Only 200 people are asked at once."))
	return terms
}

// termsOfTheGone are those of an open question all of whose people have left.
func termsOfTheGone(t *testing.T, size int) pmo.QuestionTerms {
	t.Helper()
	in := reviewOf(size)
	in.Open = &pmo.Seating{Policy: policy.Default().Name(), Escalated: true}
	for i := range 200 {
		in.Open.People, in.Open.Escalation = append(in.Open.People, "a"+member(i)[1:]), append(in.Open.Escalation, "b"+member(i)[1:])
	}
	terms := policy.Default().QuestionTerms(in, crowd(t, size), nil)
	require.Len(t, terms.Gone, 400)
	return terms
}

// termsOfTheAway are those of a question all of whose people are away, each with a delegate.
func termsOfTheAway(t *testing.T, size int) pmo.QuestionTerms {
	t.Helper()
	away := map[string]string{}
	for i := range size / 2 {
		away[member(i)] = member(i + size/2)
	}
	return policy.Default().QuestionTerms(reviewOf(size), crowd(t, size), away)
}

// largestRun is what a run returns that pulls, wakes and tells as many as it may.
func largestRun(t *testing.T) contract.PrioritizationResult {
	t.Helper()
	var items []priority.Item
	var pulls []priority.Decision
	for i := range 2 * maxPulls {
		item := priority.Item{ID: uuid.NewString(), Number: 1<<40 + int64(i), Class: priority.Class("expedite")}
		items = append(items, item)
		pulls = append(pulls, priority.Decision{ID: item.ID, Number: item.Number, Rank: i + 1, Class: item.Class, Pulled: true})
	}
	lines, pulled := lines(priority.Rank(items, priority.Policy{}, day), pulls, nil, 0)
	require.Len(t, pulled, maxPulls)
	portfolio := strings.Repeat("p", 64)
	done := store.Prioritization{ID: "prioritization/" + portfolio + "/now/" + uuid.NewString(), Portfolio: portfolio, Policy: strings.Repeat("p", 64), Count: 1 << 40, Moves: 1 << 40, Pulled: pulled}
	run := contract.PrioritizationResult{ID: done.ID, Count: done.Count, Moves: done.Moves, Pulled: pulled, Words: words(done, lines), Why: whyPulled(lines, pulls)}
	for range maxPulls {
		run.WaitForTeam = append(run.WaitForTeam, uuid.NewString())
	}
	for range maxUntold {
		run.Untold = append(run.Untold, contract.SlotInput{Portfolio: portfolio, RequestID: uuid.NewString(), PrioritizationID: done.ID, At: time.Now()})
	}
	for _, why := range run.Why {
		require.LessOrEqual(t, len(why), whyBytes)
	}
	return run
}
