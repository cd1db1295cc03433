package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"leanpmo/cmd/pmo/cli"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// cliDoor is a command of pmo that takes a part of a whole.
type cliDoor struct {
	who   string
	parts map[string]string // by field: the value as JSON
	args  func(field, value string) []string
	// whole prepares the whole, and reads it.
	prepare func(t *testing.T, b *bundle)
	whole   func(t *testing.T, b *bundle) any
}

// words are a JSON value as it is written on a command line.
func words(value string) string {
	var text string
	if json.Unmarshal([]byte(value), &text) == nil {
		return text
	}
	var list []string
	if json.Unmarshal([]byte(value), &list) == nil {
		return strings.Join(list, ",")
	}
	return value
}

func valuesOf(parts map[string]part) map[string]string {
	values := map[string]string{}
	for field, p := range parts {
		if p.null != nothing || field == "note" {
			values[field] = p.value
		}
	}
	return values
}

// contentAfter is the content once the last command that the process got has been applied.
func contentAfter(t *testing.T, b *bundle) any {
	t.Helper()
	r := b.engine.states[requestA]
	if len(b.engine.sent) > 0 {
		switch c := b.engine.sent[len(b.engine.sent)-1].cmd.(type) {
		case *pmo.Amend:
			r.Content, _ = c.Patch.Apply(r.Content)
		case *pmo.Decide:
			r.Content, _ = c.Data.Patch.Apply(r.Content)
		case *pmo.SetInputs:
			r.ApplyInputs(*c, now)
		}
	}
	return asDocument(t, r.Content)
}

var cliDoors = map[string]cliDoor{
	"amend": {who: "petra", parts: valuesOf(contentParts), whole: contentAfter, prepare: func(t *testing.T, b *bundle) { b.put(wholeRequest(t, b)) },
		args: func(field, value string) []string {
			return []string{"amend", "R-1", "--set", field + "=" + words(value)}
		}},
	"decide provide": {who: "petra", parts: valuesOf(contentParts), whole: contentAfter, prepare: func(t *testing.T, b *bundle) {
		r := wholeRequest(t, b)
		r.Questions = []pmo.Question{{ID: "clarify/1", Kind: pmo.KindClarify, People: []string{"petra"}, Options: pmo.Options(pmo.KindClarify), Status: pmo.QuestionOpen}}
		b.put(r)
	}, args: func(field, value string) []string {
		return []string{"decide", "R-1", "provide", "--set", field + "=" + words(value)}
	}},
	"inputs": {who: "petra", whole: contentAfter, prepare: func(t *testing.T, b *bundle) { b.put(wholeRequest(t, b)) }, parts: map[string]string{
		"inputs.business_value": `8`, "inputs.time_criticality": `8`, "inputs.risk_reduction": `8`, "inputs.job_size": `8`, "class": `"fixed_date"`,
	}, args: func(field, value string) []string {
		return []string{"inputs", "R-1", "--" + strings.TrimPrefix(field, "inputs."), words(value)}
	}},
	"progress": {who: "lena", prepare: func(t *testing.T, b *bundle) { b.put(wholeRequest(t, b)) }, parts: map[string]string{
		"percent": `9`, "health": `"amber"`, "risks": `"new"`, "blocked": `"new"`, "note": `"new"`, "lessons": `"new"`,
	}, args: func(field, value string) []string {
		args := []string{"progress", "R-1", "--" + map[string]string{"risks": "risk", "lessons": "lesson"}[field], words(value)}
		if args[2] == "--" {
			args[2] += field
		}
		return args
	}, whole: func(t *testing.T, b *bundle) any {
		r := b.engine.states[requestA]
		if len(b.engine.sent) > 0 {
			r.ApplyReport(*b.engine.sent[len(b.engine.sent)-1].cmd.(*pmo.Report), now)
		}
		return progressOf(t, r, `"health"`)
	}},
	"teams apply": {who: "petra", parts: map[string]string{
		"name": `"New"`, "leads": `["kai","theo"]`, "members": `["lena","theo"]`, "skills": `["gis","new"]`, "approaches": `["kanban","scrum"]`, "capacity": `9`, "load_ceiling": `0.5`,
		"wip_limit": `9`, "portfolio": `"digital"`,
	}, prepare: func(_ *testing.T, b *bundle) {
		b.store.saved = nil
		b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "heron", Name: "Heron", Portfolio: "digital", Leads: []string{"kai"}, Members: []string{"lena"}, Skills: []string{"gis"},
			Capacity: 2, LoadCeiling: 0.8, WIPLimit: 4, Approaches: []string{"kanban"}, Revision: 3}}}
	}, args: func(field, value string) []string {
		return []string{"teams", "apply", "-f", fmt.Sprintf(`{"teams":[{"id":"heron",%q:%s}]}`, field, value)}
	}, whole: func(t *testing.T, b *bundle) any {
		team := b.store.teams[0].Team
		if b.store.saved != nil {
			team = *b.store.saved
		}
		team.Revision = 3
		return asDocument(t, wire.FormOf(team))
	}},
}

const reads = "it reads"

// commandsWithoutParts are the other commands of pmo, and why they take no part of a whole.
var commandsWithoutParts = map[string]string{
	"resources": reads, "resources put": "a whole resource, kept where it is not given", "resources remove": "nothing",
	"submit": "a whole form", "plan apply": "a whole plan", "split": "whole forms", "withdraw": "a reason", "hold": "a reason", "resume": "a reason", "wake": "a reason", "cancel": "a reason and where it goes on",
	"pull": "a reason", "reassign": "one seat, or the work", "watch": "people, one by one", "prioritize": "a run", "delegation set": "a whole delegation", "delegation clear": "nothing", "notifications": reads, "notifications show": reads, "notifications set": "the whole choices, read before", "notifications mute": "nothing", "notifications unmute": "nothing",
	"comment": "a whole text", "attach": "a whole link", "detach": "nothing", "note": "one part of a note by each flag, see set-note", "edit-comment": "a whole text",
	"import history": "whole items", "teams import": "a whole file; what it does not name stays", "resources import": "a whole file; what it does not name stays", "absences": reads, "absences import": "a whole calendar", "import remove": "nothing", "people block": "a reason", "people unblock": "nothing", "people unlink": "nothing",
	"assignments": reads, "audit": reads, "audit list": reads, "import": reads, "import list": reads,
	"chat": reads, "chat show": reads, "chat set": "a whole address", "chat remove": "nothing", "chat test": "nothing",
	"channels": reads, "channels dead": reads, "channels redeliver": "one message or one endpoint", "channels enable": "one endpoint",
	"tokens make": "a whole form", "tokens revoke": "nothing",
	"raid": reads, "raid add": "a whole entry", "raid clear": "how",
	"backlog": reads, "delegation show": reads, "delegation": reads, "digest": reads, "explain": reads, "forecast": reads, "history": reads, "inbox": reads, "kinds": reads, "ledger": reads,
	"list": reads, "people": reads, "plan": reads, "approach playbook": reads, "approach retrospective": reads, "policy show": reads, "policy": reads, "report flow": reads, "report calibration": reads, "report skills": reads, "report": reads, "runs": reads, "skills": reads, "status": reads,
	"points": reads, "points list": reads, "points show": reads, "points spend": "a whole number", "points take-back": "nothing", "scoring": reads, "scoring show": reads, "scoring mine": reads, "scoring open": "a whole question", "scoring give": "whole scores", "scoring reveal": "nothing", "what-if": reads, "what-if team": reads, "simulate": reads, "policy diff": reads, "policy replay": reads, "policy proposals": reads, "policy history": reads, "policy propose": "a whole document", "policy accept": "a reason", "policy reject": "a reason", "policy withdraw": "a reason",
	"policy rollback": "a version and a reason", "key-result": "one value",
	"attachments": reads, "comments": reads, "funding": reads, "strategy": reads, "stuck": reads, "approach": reads, "teams": reads, "themes": reads, "tokens": reads,
}

// TestEveryCommandOfPmoThatTakesAPartHasItsDoor: a new command says whether it takes a part of a whole.
func TestEveryCommandOfPmoThatTakesAPartHasItsDoor(t *testing.T) {
	root := &cobra.Command{Use: "pmo"}
	cli.Register(root, cli.Kit{})
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
		name := strings.TrimPrefix(cmd.CommandPath(), "pmo ")
		if cmd.HasParent() && cmd.RunE != nil {
			_, partial := cliDoors[strings.TrimSuffix(name+" provide", map[bool]string{true: "", false: " provide"}[name == "decide"])]
			assert.True(t, partial != (commandsWithoutParts[name] != ""), "%s: in cliDoors or in commandsWithoutParts", name)
		}
	}
	visit(root)
}

// TestEachFlagOfACommandLeavesTheOthers runs pmo against the API: what a flag or a line of a file gives is changed, and nothing else.
func TestEachFlagOfACommandLeavesTheOthers(t *testing.T) {
	b := setup(t)
	server := httptest.NewServer(b.api)
	defer server.Close()
	for name, d := range cliDoors {
		for field, value := range d.parts {
			t.Run(name+" "+field, func(t *testing.T) {
				d.prepare(t, b)
				b.engine.sent = nil
				before := flat(d.whole(t, b))
				require.NoError(t, pmoCommand(t, server.URL, d.who, d.args(field, value)...))
				after := flat(d.whole(t, b))
				for other, was := range before {
					if other != field {
						require.Equal(t, was, after[other], "%s stays", other)
					}
				}
				if field != "note" && field != "lessons" && value != `"digital"` {
					require.NotEqual(t, before[field], after[field], "it is taken")
				}
			})
		}
	}
}

// pmoCommand runs pmo as somebody. What follows -f is the content of the file.
func pmoCommand(t *testing.T, url, who string, args ...string) error {
	t.Helper()
	for i, arg := range args {
		if i > 0 && args[i-1] == "-f" {
			args[i] = filepath.Join(t.TempDir(), "file.yaml")
			require.NoError(t, os.WriteFile(args[i], []byte(arg), 0o600))
		}
	}
	root := &cobra.Command{Use: "pmo", SilenceErrors: true, SilenceUsage: true, Args: cobra.ArbitraryArgs, RunE: cli.Parent}
	env := map[string]string{"PMO_URL": url, "PMO_TOKEN": "dev-" + who, "COLUMNS": "100"}
	cli.Register(root, cli.Kit{Lookup: func(name string) (string, bool) { v, ok := env[name]; return v, ok }, Now: func() time.Time { return now }})
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(io.Discard)
	root.SetArgs(args)
	return root.ExecuteContext(t.Context())
}

// TestPartsOfAnAnswerBySignal: the parts that an answer by signal gives are taken, and the others stay, as in an answer by the API. Null is
// the same as absent there.
func TestPartsOfAnAnswerBySignal(t *testing.T) {
	b := setup(t)
	for field, p := range contentParts {
		for _, value := range []string{p.value, "null"} {
			t.Run(field+" "+value, func(t *testing.T) {
				r := wholeRequest(t, b)
				var c pmo.Decide
				require.NoError(t, json.Unmarshal([]byte(`{"by":{"actor":"petra"},"decision":"clarify/1","verdict":"provide","data":{"patch":`+nested(field, value)+`}}`), &c))
				require.Nil(t, r.TakeSignal(&c))
				before := flat(asDocument(t, r.Content))
				r.Content, _ = c.Data.Patch.Apply(r.Content)
				after := flat(asDocument(t, r.Content))
				for other, was := range before {
					if other != field || value == "null" {
						require.Equal(t, was, after[other], "%s stays", other)
					}
				}
				if value != "null" {
					require.NotEqual(t, before[field], after[field], "it is taken")
				}
			})
		}
	}
}
