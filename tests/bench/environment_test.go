package bench

import (
	"sync"
	"testing"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

const portfolio = harness.Portfolio

// noLimits lifts the portfolio's limit: a measurement must not wait for a slot. Everything else is as the default policy has it, so
// this is the cost without tuning.
func noLimits(d *policy.Document) { d.Portfolios[0].WIPLimit = 100_000 }

// straight is the shortest path of ordinary work: the approach needs no answer, and the plan only the requester's.
func straight(d *policy.Document) {
	noLimits(d)
	d.Approach.AutoAcceptLanes = append(d.Approach.AutoAcceptLanes, pmo.LaneStandard)
	d.Questions[pmo.KindPlan].From = []string{"requester"}
}

// environment is Postgres, Temporal, one server and one worker, each a process of its own, and the yardsticks' worker in this one.
type environment struct {
	*harness.Environment
	server *harness.Server
	worker *testkit.Part
	people *people
}

func start(t *testing.T) *environment {
	t.Helper()
	writing.Sentences = testkit.NewSentences(t, 1)
	room := func(name, id, skill string) pmo.Team {
		return pmo.Team{ID: id, Name: name, Leads: []string{"theo"}, Skills: []string{skill}, Capacity: 1_000_000, WIPLimit: 1_000_000}
	}
	e := &environment{Environment: harness.Start(t, harness.Options{Mode: harness.Processes, Policy: straight,
		Teams: []pmo.Team{room("Falcon", "falcon", "web"), room("Otter", "otter", "gis"), room("Heron", "heron", "mobile")}})}
	e.startYardsticks()
	e.startProduct("", "")
	return e
}

// startProduct starts one server and one worker with settings of their own. Those that run already are stopped.
func (e *environment) startProduct(serverSetting, workerSetting string) {
	e.T.Helper()
	e.StopProcesses()
	own := func(setting string) []string {
		if setting == "" {
			return nil
		}
		return []string{setting}
	}
	e.worker = e.AddWorker(own(workerSetting)...)
	e.server = e.AddServer(own(serverSetting)...)
	e.people = newPeople(e.server.API.URL)
}

// form is an ordinary request. Titles and problems differ as those of people do: similar ones are searched for.
func form(n int) pmo.Content {
	verb := []string{"Type", "Send", "Count", "Archive", "Check", "Publish", "Merge", "Translate", "Print", "Forward"}[n%10]
	title, problem := texts()
	content := harness.Ordinary(verb + " " + title)
	content.Problem, content.Outcome = problem, "They are touched once."
	return content
}

// writing makes the texts of all forms, of whatever client.
var writing struct {
	sync.Mutex
	*testkit.Sentences
}

// texts are a title and a problem.
func texts() (title, problem string) {
	writing.Lock()
	defer writing.Unlock()
	return writing.Text(4, 8), writing.Text(10, 29)
}
