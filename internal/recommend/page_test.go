package recommend_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
	"leanpmo/internal/policy"
)

var update = flag.Bool("update", false, "write docs/approaches.md from the rules in force")

const page = "../../docs/approaches.md"

// TestThePageIsThatOfTheRules: what stakeholders read is made from the rules that decide.
func TestThePageIsThatOfTheRules(t *testing.T) {
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), "<!-- rules:begin -->\n")
	require.True(t, found)
	_, after, found := strings.Cut(rest, "<!-- rules:end -->")
	require.True(t, found)
	want := before + "<!-- rules:begin -->\n" + rulesText() + "<!-- rules:end -->" + after
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(want), 0o644))
		return
	}
	require.Equal(t, want, string(text), "run: go test ./internal/recommend -run ThePage -update")
}

func rulesText() string {
	var b strings.Builder
	lists := policy.Default().ApproachRules()
	section := func(title string, rules []approach.Rule) {
		fmt.Fprintf(&b, "### %s\n\n| | leads to | when | because |\n|---|---|---|---|\n", title)
		for i, r := range rules {
			because := r.Because + "."
			if r.Planned != "" {
				because += " Planned: " + r.Planned + "."
			}
			if r.Agile != "" {
				because += " Agile: " + r.Agile + "."
			}
			fmt.Fprintf(&b, "| %d | %s | `%s` | %s |\n", i+1, strings.ReplaceAll(cmp.Or(string(r.LifeCycle), string(r.Approach)), "_", " "), strings.ReplaceAll(r.When, "|", `\|`), because)
		}
		b.WriteString("\n")
	}
	section("Life cycle", lists.LifeCycles)
	section("Framework, where the life cycle is agile", lists.Frameworks)
	section("Practices", lists.Practices)
	b.WriteString("### Questions\n\n| name | question | answers |\n|---|---|---|\n")
	for _, q := range approach.Questions() {
		var answers []string
		for _, o := range q.Options {
			answer := o.Label
			if !q.Numeric() && !strings.EqualFold(o.Label, o.Value) {
				answer += " (`" + o.Value + "`)"
			}
			answers = append(answers, strings.TrimSpace(answer))
		}
		if q.Unit != "" {
			answers = append(answers, "in "+q.Unit)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", q.Name, q.Ask, strings.Join(answers, "; "))
	}
	b.WriteString("\n")
	return b.String()
}
