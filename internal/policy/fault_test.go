package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/policy"
)

// edit is the default policy with one text replaced, which must be there.
func edit(t require.TestingT, pairs ...string) []byte {
	doc := string(policy.Default().Source())
	for i := 0; i < len(pairs); i += 2 {
		require.Contains(t, doc, pairs[i])
		doc = strings.Replace(doc, pairs[i], pairs[i+1], 1)
	}
	return []byte(doc)
}

func TestParseNamesTheFault(t *testing.T) {
	for name, c := range map[string]struct{ old, new, path, problem string }{
		"unknown field":                {"version: 1", "version: 1\nvresion: 2", "vresion", "unknown field"},
		"wrong type":                   {"wip_limit: 12", "wip_limit: many", "portfolios[0].wip_limit", "line 56: wants a whole number"},
		"no version":                   {"version: 1\n", "version: 0\n", "version", "counts from 1"},
		"bad duration":                 {"every: 15m", "every: 15min", "prioritization.every", "is not a duration"},
		"zero duration":                {"every: 15m", "every: 0m", "prioritization.every", "missing or zero"},
		"working time where elapsed":   {"report_every: 2w", "report_every: 2wd", "execution.report_every", "counts elapsed time"},
		"unknown time zone":            {"time_zone: UTC", "time_zone: Mars", "portfolios[0].time_zone", "not a time zone"},
		"unknown calendar":             {"calendar: office", "calendar: mill", "portfolios[0].calendar", "not one of the calendars"},
		"bad hours":                    {"hours: 09:00-17:00", "hours: 17:00-09:00", "calendars[0].hours", "span of one day"},
		"no PMO":                       {"group: pmo\n", "group: \"\"\n", "portfolios[0].group", "is missing"},
		"negative limit":               {"wip_limit: 12", "wip_limit: -1", "portfolios[0].wip_limit", "at least 1"},
		"negative class limit":         {"expedite: {max: 1}", "expedite: {max: -1}", "portfolios[0].class_limits.expedite.max", "at least 1"},
		"unknown class limit":          {"expedite: {max: 1}", "urgent: {max: 1}", "portfolios[0].class_limits.urgent", "not one of the classes"},
		"too much reserved":            {"reserved: 2", "reserved: 20", "portfolios[0].class_limits", "reserve 20 slots of 12"},
		"theme twice":                  {"{id: safety, name", "{id: service, name", "portfolios[0].themes[2].id", "listed twice"},
		"kind twice":                   {"- id: support", "- id: bug", "intake.kinds[3].id", "listed twice"},
		"unknown class":                {"{id: intangible, says", "{id: whatever, says", "classes[3].id", "is not one of"},
		"unknown content field":        {"field: users, need", "field: user, need", "intake.kinds[0].fields[4].field", "is not one of title"},
		"unknown need":                 {"need: optional, ask: \"Who else", "need: nice, ask: \"Who else", "intake.fields[5].need", "is not one of required"},
		"unknown lane":                 {"lane: express\n", "lane: fast\n", "lanes[1].lane", "is not one of"},
		"unknown sponsor lane":         {"sponsor_lanes: [major]", "sponsor_lanes: [big]", "intake.sponsor_lanes[0]", "is not one of"},
		"missing catch-all lane":       {"- lane: standard\n", "- lane: standard\n    when: size > 0\n", "lanes[2].when", "catch-all"},
		"missing catch-all route":      {"- id: standard\n", "- id: standard\n      when: size > 0\n", "review.routes[4].when", "catch-all"},
		"unreachable route":            {"when: confidential\n", "when: \"true\"\n", "review.routes[1]", "never reached"},
		"condition that is no bool":    {"when: lane == \"express\"\n", "when: lane\n", "review.routes[3].when", "not true or false"},
		"condition with a typo":        {"when: lane == \"express\"\n", "when: lnae == \"express\"\n", "review.routes[3].when", "undeclared reference"},
		"condition of wrong types":     {"size > 12", "size > \"12\"", "lanes[0].when", "does not compile at column"},
		"condition of later facts":     {"when: people >= 500", "when: lane == \"major\" || people >= 500", "severity[1].when", "undeclared reference"},
		"condition that fails":         {"when: lane == \"express\"\n", "when: themes[0] == \"safety\"\n", "review.routes[3].when", "fails on a request with few fields"},
		"condition without end":        {"when: lane == \"express\"\n", "when: themes.all(a, themes.all(b, themes.all(c, themes.all(d, themes.all(e, a.contains(b))))))\n", "review.routes[3].when", "too long"},
		"route twice":                  {"- id: standard\n", "- id: express\n", "review.routes[4].id", "listed twice"},
		"group twice on a route":       {"{group: finance, order: 2", "{group: architecture, order: 2", "review.routes[0].steps[2].group", "asked twice"},
		"no steps":                     {"because: ordinary work needs two to agree\n      steps:\n        - {group: approvers, order: 1, quorum: {mode: n, n: 2}}\n", "because: ordinary work needs two to agree\n", "review.routes[4].steps", "1 to 10"},
		"quorum of nobody":             {"quorum: {mode: n, n: 2}", "quorum: {mode: n}", "review.routes[0].steps[0].quorum.n", "at least 1"},
		"quorum beyond a hundred":      {"quorum: {mode: n, n: 2}", "quorum: {mode: percent, n: 101}", "review.routes[0].steps[0].quorum.n", "between 1 and 100"},
		"unknown quorum":               {"quorum: {mode: n, n: 2}", "quorum: {mode: most}", "review.routes[0].steps[0].quorum.mode", "is not one of"},
		"unknown reject rule":          {"quorum: {mode: n, n: 2}", "quorum: {mode: any, reject: never}", "review.routes[0].steps[0].quorum.reject", "is not one of"},
		"reject rule without number":   {"quorum: {mode: n, n: 2}", "quorum: {mode: any, reject: n}", "review.routes[0].steps[0].quorum.reject_n", "at least 1"},
		"missing question":             {"  benefit:\n", "  benfit:\n", "questions.benefit", "is missing"},
		"unknown question":             {"  benefit:\n", "  benfit:\n", "questions.benfit", "not a kind of question"},
		"nobody asked":                 {"ask: [portfolio]", "ask: []", "questions.score.ask", "asks nobody"},
		"requester judges":             {"ask: [portfolio]", "ask: [requester]", "questions.score.ask[0]", "own request"},
		"unknown source":               {"ask: [portfolio]", "ask: [boss]", "questions.score.ask[0]", "is not one of requester"},
		"leads before there are any":   {"ask: [portfolio]", "ask: [leads]", "questions.score.ask[0]", "no team"},
		"review asks other than step":  {"ask: [step]", "ask: [portfolio]", "questions.review.ask", "must be [step]"},
		"missing silence":              {"    on_silence: silent\n", "", "questions.report.on_silence", "is missing"},
		"unknown silence":              {"on_silence: silent", "on_silence: ignore", "questions.report.on_silence", "is not one of silent"},
		"silence asked again for ever": {"escalate: {to: approvers, due: 3wd}\n", "\n", "questions.score.on_silence", "for ever"},
		"escalated to itself":          {"escalate: {to: approvers, due: 3wd}", "escalate: {to: pmo, due: 3wd}", "questions.score.escalate.to", "leads nowhere"},
		"step escalated to itself":     {"escalate: {to: pmo, due: 2wd}\n    on_silence: defer", "escalate: {to: finance, due: 2wd}\n    on_silence: defer", "review.routes[0].steps[2].group", "leads nowhere"},
		"escalation without deadline":  {"escalate: {to: approvers, due: 3wd}", "escalate: {to: approvers}", "questions.score.escalate.due", "missing or zero"},
		"no deadline":                  {"ask: [portfolio]\n    due: 3wd", "ask: [portfolio]", "questions.score.due", "missing or zero"},
		"negative weight":              {"business_value: 1", "business_value: -1", "scoring.weights.business_value", "between 0"},
		"lateness above the value":     {"lateness: 0.1", "lateness: 1.1", "assignment.lateness", "between 0 and 1"},
		"switching below nothing":      {"switching: 0.2", "switching: -0.1", "assignment.switching", "between 0 and 1"},
		"fairness below nothing":       {"fairness: 0 ", "fairness: -1 ", "assignment.fairness", "between 0 and 1"},
		"reserve above everything":     {"reserve: 0 ", "reserve: 1.1 ", "assignment.reserve", "between 0 and 1"},
		"reserve for unknown kinds":    {"reserve: 0 ", "reserve_kinds: [bug, refactoring] ", "assignment.reserve_kinds[1]", "is not one of the kinds"},
		"ceiling above everything":     {"load_ceiling: 0.8", "load_ceiling: 1.2", "assignment.load_ceiling", "between 0.1 and 1"},
		"unknown way of working":       {"support: kanban", "support: waterfall", "approach.kind_defaults.support", "is not one of"},
		"unknown material field":       {"material: [kind", "material: [sort", "material[0]", "not a field"},
		"endless reconfirmation":       {"  rounds: 2", "  rounds: 0", "reconfirm.rounds", "between 1 and 10"},
	} {
		t.Run(name, func(t *testing.T) { requireFault(t, c.old, c.new, c.path, c.problem) })
	}
}

// requireFault: the default policy with one text replaced has a fault at a path.
func requireFault(t *testing.T, old, changed, path, problem string) {
	t.Helper()
	_, err := policy.Parse(edit(t, old, changed))
	var faults policy.Faults
	require.ErrorAs(t, err, &faults)
	for _, f := range faults {
		if f.Path == path {
			require.Contains(t, f.String(), problem)
			return
		}
	}
	require.Fail(t, "no fault at "+path, err.Error())
}

// All faults of a policy are returned together.
func TestParseNamesAllFaults(t *testing.T) {
	_, err := policy.Parse(edit(t, "wip_limit: 12", "wip_limit: 0", "time_zone: UTC", "time_zone: Mars", "ask: [portfolio]", "ask: [boss]", "rounds: 2", "rounds: 99"))
	var faults policy.Faults
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults, 5) // a limit of 0 is less than what is reserved, too
}

func TestParseNoPolicy(t *testing.T) {
	for _, src := range []string{"", "version: 1", "[]", "a: [", "\x00", "version: 1\nquestions: {review: null}\nportfolios: [null]\n"} {
		_, err := policy.Parse([]byte(src))
		require.Error(t, err, "%q", src)
	}
}

func TestCheckDirectory(t *testing.T) {
	dir, err := directory.Parse([]byte(`
principals: [{id: ana, name: Ana, roles: [approver], token: a}]
groups:
  - {id: approvers, name: A, members: [ana]}
  - {id: pmo, name: P, members: []}
  - {id: finance, name: F, members: [ana]}
`))
	require.NoError(t, err)
	text := policy.Default().CheckDirectory(dir).Error()
	for _, want := range []string{
		`portfolios[0].group: group "pmo" has no members`,
		`review.routes[0].steps[0].quorum.n: 2 must agree, but group "approvers" has 1 members`,
		`review.routes[0].steps[1].group: there is no group "architecture"`,
		`questions.approach.ask[0]: there is no group "delivery-leads"`,
		`questions.review.escalate.to: group "pmo" has no members`,
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "finance")
}
