package pmo_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

// machine gives a request commands, sensible and not, events and time, and checks the invariants after each. A step is one command or event.
type machine struct {
	driver
	generator
	seen
	was       *pmo.Request // before the step
	answers   map[string]pmo.Receipt
	projected int64 // entries that the read model has, not yet confirmed
	reached   *reached
	agreeable int                // so many steps lead towards delivery before anything may happen
	over      int                // steps since it was closed
	given     int                // commands so far
	last      string             // what happened last
	process   pmo.ProcessVersion // that it began with
	away      bool               // the database confirms no entry until the request continues as new
	silent    bool               // nobody answers after the agreeable steps
}

// reached counts what the model came to.
type reached struct {
	commands map[string]int // taken
	kinds    map[pmo.Kind]int
	stages   map[pmo.Stage]int
	outcomes map[pmo.Outcome]int
	steps    int
	largest  int // command taken, in bytes
}

func newReached() *reached {
	return &reached{map[string]int{}, map[pmo.Kind]int{}, map[pmo.Stage]int{}, map[pmo.Outcome]int{}, 0, 0}
}

var (
	modelSteps  atomic.Int64
	allCommands = commandTypes()
)

// TestMachine draws requests and steps. CONTRIBUTING.md says how to run it for a million steps.
func TestMachine(t *testing.T) {
	began := time.Now()
	rapid.Check(t, func(t *rapid.T) {
		m := newMachine(t, newReached(), false)
		t.Repeat(map[string]func(*rapid.T){"step": m.step})
	})
	t.Logf("%d steps in %s", modelSteps.Load(), time.Since(began).Round(time.Second))
}

// TestTheModelReachesEverything: the model takes every command, opens every kind of question, and comes to every stage and outcome. It
// draws the same requests every time.
func TestTheModelReachesEverything(t *testing.T) {
	all := newReached()
	run := rapid.Custom(func(t *rapid.T) int {
		m := newMachine(t, all, false)
		for range 120 {
			m.step(t)
		}
		return 0
	})
	var missing []string
	for seed := range 600 {
		run.Example(seed)
		if missing = all.missing(); len(missing) == 0 {
			t.Logf("reached after %d requests and %d steps", seed+1, all.steps)
			return
		}
	}
	require.Empty(t, missing, "not reached: %v", all)
}

func (c *reached) missing() (names []string) {
	for _, command := range allCommands {
		if c.commands[command.name] == 0 {
			names = append(names, "command "+command.name)
		}
	}
	for _, kind := range pmo.Kinds() {
		if c.kinds[kind] == 0 {
			names = append(names, "question "+string(kind))
		}
	}
	for _, stage := range pmo.Stages() {
		if c.stages[stage] == 0 {
			names = append(names, "stage "+string(stage))
		}
	}
	for _, outcome := range []pmo.Outcome{pmo.OutcomeDelivered, pmo.OutcomeRejected, pmo.OutcomeWithdrawn, pmo.OutcomeCancelled, pmo.OutcomeMerged, pmo.OutcomeAnswered, pmo.OutcomeExpired} {
		if c.outcomes[outcome] == 0 {
			names = append(names, "outcome "+string(outcome))
		}
	}
	return names
}

func newMachine(t *rapid.T, reached *reached, large bool) *machine {
	content := pmo.Content{Title: "Vehicle booking", Kind: "enhancement", Size: 1, Outcome: "less waiting"}
	if rapid.Bool().Draw(t, "scored") {
		five := 5.0
		content.Inputs = pmo.Inputs{BusinessValue: &five, TimeCriticality: &five, RiskReduction: &five, JobSize: &five}
	}
	if rapid.Bool().Draw(t, "sponsored") {
		content.Sponsor = "dora"
	}
	if rapid.IntRange(0, 3).Draw(t, "needs two teams") == 3 {
		content.SecondTeam = pmo.SecondTeam{Skills: []string{"design"}}
	}
	m := &machine{agreeable: rapid.IntRange(0, 40).Draw(t, "agreeable"), silent: rapid.IntRange(0, 4).Draw(t, "silent") == 4,
		seen:    seen{asked: map[string]bool{}, entries: map[string]bool{}, rounds: map[pmo.Kind]int{}},
		answers: map[string]pmo.Receipt{}, reached: reached,
		driver: driver{now: start, draw: t, policy: drawPolicy(t), handledSeq: -1,
			Request: pmo.New("r1", "d1", pmo.Submission{Content: content, Requester: "sam", SubmittedBy: rapid.SampledFrom([]string{"sam", "lea"}).Draw(t, "by"), At: start})},
	}
	if m.StartEntryCounts(); rapid.IntRange(0, 4).Draw(t, "began before") == 4 {
		m.Process = -1 // until it continues as new
	}
	m.process = m.Process
	m.generator.large = large
	return m
}

// copied is the state after it went through JSON, as continue-as-new and every query carry it. It must be equal.
func (m *machine) copied() *pmo.Request {
	data := asJSON(m.Request)
	var back pmo.Request
	require.NoError(m.driver.draw, json.Unmarshal(data, &back))
	if again := asJSON(&back); string(again) != string(data) {
		m.driver.draw.Fatalf("JSON changes the state:\n%s\n%s", data, again)
	}
	return &back
}

func asJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

// step gives one command or event, and checks what must hold after it.
func (m *machine) step(t *rapid.T) {
	if m.over > 3 {
		*m = *newMachine(t, m.reached, m.large) // the steps that are left are for another request
	}
	m.driver.draw, m.generator.draw = t, t
	m.generator.r, m.generator.now = m.Request, m.driver.now
	m.was = cloned(m.Request)
	name := "agree"
	if m.agreeable--; m.agreeable >= 0 {
		m.agree()
	} else {
		name = m.event()
	}
	m.last = name
	is := m.Request
	if m.given%10 == 0 {
		m.copied()
	}
	m.fresh = map[string]pmo.Kind{}
	for _, q := range is.Questions {
		if m.was.Question(q.ID) == nil {
			m.fresh[q.ID] = q.Kind
		}
	}
	due, _ := m.NextDue(m.driver.now)
	m.atRest, m.pending, m.seen.now = m.idle() && (due.IsZero() || due.After(m.driver.now)), m.begun != nil, m.driver.now
	for _, invariant := range invariants {
		if wrong := invariant.wrong(m.was, is, m.seen); wrong != "" && m.process >= invariant.since {
			t.Fatalf("after %s: %s: %s", name, invariant.name, wrong)
		}
	}
	m.remember(is)
}

// remember makes the state the one before the next step.
func (m *machine) remember(is *pmo.Request) {
	for _, e := range is.Ledger {
		m.entries[e.Key] = true
	}
	for id, kind := range m.fresh {
		m.asked[id] = true
		m.reached.kinds[kind]++
	}
	maps.Copy(m.rounds, is.Rounds)
	m.reached.stages[is.Stage]++
	if is.Closed() {
		if m.over == 0 {
			m.reached.outcomes[is.Outcome]++
		}
		m.over++
	}
	m.reached.steps++
	modelSteps.Add(1)
}

// cloned is the state apart from what the next step may change in place: a copy by JSON takes a hundred times longer.
func cloned(r *pmo.Request) *pmo.Request {
	c := *r
	v := reflect.ValueOf(&c).Elem()
	for i := range v.NumField() {
		if field := v.Field(i); field.Kind() == reflect.Pointer && !field.IsNil() {
			pointee := reflect.New(field.Type().Elem())
			pointee.Elem().Set(field.Elem())
			field.Set(pointee)
		}
	}
	c.Questions, c.Conditions, c.Rounds = slices.Clone(r.Questions), slices.Clone(r.Conditions), maps.Clone(r.Rounds)
	return &c
}

// agree does what leads towards delivery.
func (m *machine) agree() {
	open := slices.DeleteFunc(m.OpenQuestions(), func(q *pmo.Question) bool { return len(q.Waiting()) == 0 })
	switch {
	case !m.idle():
		m.settle()
	case len(open) > 0:
		o := open[0].Options[0]
		if open[0].Kind.AsksGroups() && m.one(3, "conditions") || open[0].Kind == pmo.KindPlan && m.planLacksConditions() {
			o = open[0].Options[1]
		}
		c := m.answerTo(open[0], o)
		m.send("Decide", c, pmo.By{Actor: open[0].Waiting()[0]})
	case m.WaitsForPull():
		m.pull()
	case m.Stage == pmo.StageExecution && m.Plan.Agreed() && m.one(4, "raid"):
		m.send("LogRaid", m.logRaid(), pmo.By{Actor: "sam"})
	case m.Stage == pmo.StageExecution && m.Plan.Agreed():
		m.send("Report", pmo.Report{Done: m.one(2, "done")}, pmo.By{Actor: "theo"})
	default:
		m.time()
	}
}

// planLacksConditions reports whether nobody can agree on the plan before a counter answers the conditions.
func (m *machine) planLacksConditions() bool { return unansweredInPlan(m.Request) != "" }

// event draws what happens next.
func (m *machine) event() string {
	event := rapid.SampledFrom([]string{"answer", "answer", "answer", "answer", "settle", "settle", "settle", "command", "command", "command", "advance", "finish", "finish",
		"time", "pull", "rare"}).Draw(m.driver.draw, "event")
	switch event {
	case "answer":
		if m.silent {
			m.time()
		} else if c := m.answer(); c != nil {
			m.send("Decide", *c, c.By)
		}
	case "command":
		return m.anyCommand()
	case "settle":
		m.settle()
		m.project()
	case "advance":
		m.advance()
	case "finish":
		m.finish()
	case "time":
		m.time()
	case "pull":
		m.pull()
	case "rare":
		return m.rareEvent()
	}
	return event
}

// anyCommand gives commands until one is taken, at most five.
func (m *machine) anyCommand() string {
	for range 5 {
		c := rapid.SampledFrom(allCommands).Draw(m.driver.draw, "command")
		if (c.name == "Cancel" || c.name == "Withdraw") && !m.one(12, "end") {
			continue
		}
		command := m.value(c.payload, "", false)
		m.setSender(command, m.sender())
		if m.give(c.name, command) {
			return c.name
		}
	}
	return "refused commands"
}

// setSender gives the command a key as internal/engine does: the caller's, the digest of an answer or an amendment, or one of its own.
func (m *machine) setSender(command reflect.Value, by pmo.By) {
	m.given++
	by.Digest = digestOf(command)
	switch command.Interface().(type) {
	case pmo.Decide, pmo.Amend:
		by.Key = by.Actor + by.Digest
	default:
		by.Key = fmt.Sprint("own-", m.given)
	}
	if m.one(4, "key") {
		by.Key = fmt.Sprint(by.Actor, "-", rapid.IntRange(1, 4).Draw(m.driver.draw, "key"))
	}
	command.FieldByName("Header").Set(reflect.ValueOf(pmo.Header{By: by}))
}

func digestOf(command reflect.Value) string {
	without := reflect.New(command.Type()).Elem()
	without.Set(command)
	without.FieldByName("Header").SetZero()
	sum := fnv.New64a()
	_, _ = sum.Write(asJSON(without.Interface()))
	return fmt.Sprintf("%x", sum.Sum64())
}

// send gives a command that was made, not drawn.
func (m *machine) send(name string, made any, by pmo.By) {
	command := reflect.New(reflect.TypeOf(made)).Elem()
	command.Set(reflect.ValueOf(made))
	m.setSender(command, by)
	m.give(name, command)
}

// give gives a command as the handlers of updates do: a repetition under its key gets the first answer, what is too large or does not fit is
// refused and changes nothing.
func (m *machine) give(name string, value reflect.Value) (taken bool) {
	command := allCommands[slices.IndexFunc(allCommands, func(c commandType) bool { return c.name == name })]
	by := value.Interface().(interface{ Sender() pmo.By }).Sender()
	t := m.driver.draw
	if receipt, cached, reused := m.CachedReceipt(name, by); cached || reused != nil {
		first, known := m.answers[by.Key+name+by.Digest]
		require.Equal(t, reused == nil, known, "%s under %s", name, by.Key)
		if cached {
			receipt.Replayed = false
			require.Equal(t, first, receipt, "a repetition gets the first answer")
		}
		return false
	}
	before := m.Seq
	var refusal *pmo.Refusal
	if m.given%10 == 0 || m.large {
		refusal = cmp.Or(m.CheckLimits(value.Interface()), m.CheckPause(name)) // they take most of the time of a step
	}
	if refusal == nil {
		refusal = command.refusal(m.Request, value, m.driver.now)
	}
	if refusal != nil {
		require.NotEmpty(t, refusal.Kind, name)
		require.NotEmpty(t, refusal.Detail, name)
		require.Equal(t, before, m.Seq, "a check changes nothing")
		return false
	}
	m.reached.commands[name]++
	if m.large {
		m.reached.largest = max(m.reached.largest, len(asJSON(value.Interface())))
	}
	team, round := m.Assignment, m.Rounds[pmo.KindAssignment]
	receipt := command.take(m.Request, value, m.driver.now)
	if report, ok := value.Interface().(pmo.Report); ok && report.Done && !m.DoneAt.IsZero() {
		m.seen.done, m.seen.doneRound = team, round
	}
	m.CacheReceipt(name, by, receipt)
	if by.Key != "" {
		receipt.Open, receipt.Truncated = nil, false
		m.answers[by.Key+name+by.Digest] = receipt
	}
	if m.given%10 == 0 || m.large {
		require.LessOrEqual(t, len(asJSON(m.WithOpenQuestions(receipt))), 2048)
	}
	return true
}

func (m *machine) time() {
	jump := time.Duration(rapid.Int64Range(1, int64(100*day)).Draw(m.driver.draw, "jump"))
	if due, _ := m.NextDue(m.driver.now); due.After(m.driver.now) && !m.one(4, "any time") {
		jump = due.Sub(m.driver.now)
	}
	m.driver.now = m.driver.now.Add(jump)
}

// pull gives a slot, as the handler of the signal does when the process is idle.
func (m *machine) pull() {
	if !m.idle() && m.one(2, "idle first") {
		m.settle()
	}
	if m.idle() || m.begun != nil { // the step may wait for the database
		require.Equal(m.driver.draw, m.MayTakeSlot(), m.TakeSlot(pmo.Pull{Run: "run", At: m.driver.now}, m.driver.now))
	}
}
