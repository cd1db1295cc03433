package forms_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
)

func titles(list []forms.Form) []string {
	var out []string
	for _, f := range list {
		out = append(out, f.Title)
	}
	return out
}

func TestReadTakesOneAListAndSeveralDocuments(t *testing.T) {
	for name, src := range map[string]string{
		"documents":       "# first\ntitle: a\nkind: bug\n---\ntitle: b\nkind: bug\n--- # third\n- {title: c, kind: bug}\n...\n",
		"list":            "- title: a\n  kind: bug\n- title: b\n  kind: bug\n- title: c\n  kind: bug\n",
		"JSON list":       "[\n\t{\"title\": \"a\", \"kind\": \"bug\"},\n\t{\"title\": \"b\", \"kind\": \"bug\"}, {\"title\": \"c\", \"kind\": \"bug\"}\n]",
		"byte order mark": "\ufeff---\r\ntitle: a\r\nkind: bug\r\n---\r\n- {title: b, kind: bug}\r\n- {title: c, kind: bug}\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			list, err := forms.Read("f.yaml", []byte(src))
			require.NoError(t, err)
			require.Equal(t, []string{"a", "b", "c"}, titles(list))
		})
	}
}

func TestReadNamesFileLineAndField(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"unknown field":     {"title: a\nkind: bug\ncolour: red\n", "f.yaml:3: colour: unknown field"},
		"wrong type":        {"title: a\nkind: bug\nbaseline:\n  people: many\n", "f.yaml:4: baseline.people: wants a whole number"},
		"second document":   {"title: a\nkind: bug\n---\ntitle: b\nsize: x\n", "f.yaml:5: size: wants a number"},
		"second of a list":  {"- {title: a, kind: bug}\n- title: b\n  kind: bug\n  colour: red\n", "f.yaml:4: [1].colour: unknown field"},
		"JSON":              {"{\n  \"title\": 7,\n  \"kind\": \"bug\"\n}", "f.yaml:2: title: wants a text; put it in quotes"},
		"no title":          {"\n\nkind: bug\n", "f.yaml:3: title: is needed: what it is about, in one line"},
		"no title in list":  {"- {title: a, kind: bug}\n-\n  kind: bug\n", "f.yaml:3: title: is needed: what it is about, in one line"},
		"no date":           {"title: a\nkind: bug\nwanted_by: soon\n", "f.yaml:3: wanted_by: is not a date like 2027-03-31"},
		"a duplicate field": {"title: a\ntitle: b\n", "f.yaml:2: "},
		"a leading zero":    {"title: a\nkind: bug\nbaseline: {people: 0120}\nsize: 04\n", "f.yaml:3: baseline.people: 0120 is no number here: write it without the leading zero\nf.yaml:4: size: 04"},
		"JSON, zero":        {"[{\"title\": \"a\", \"kind\": \"bug\",\n\"baseline\": {\"people\": 010}}]", "f.yaml:2: [0].baseline.people: 010 is no number here"},
		"below nothing":     {"title: a\nkind: bug\nbaseline: {people: -1}\n", "f.yaml:3: baseline.people: is less than 0"},
		"several":           {"title: a\nkind: x\nclass: now\nurgency: very\n", "f.yaml:3: class: is not one of expedite, fixed_date, standard, intangible\nf.yaml:4: urgency: is not one of"},
		"nothing":           {"# only words\n", "f.yaml: holds no request"},
		"no UTF-8":          {"title: \xff\n", "f.yaml: is not written in UTF-8"},
		"no fields":         {"hello\n", "f.yaml:1: wants named fields"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := forms.Read("f.yaml", []byte(c.src))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestWhereTranslatesTheServersPointers(t *testing.T) {
	list, err := forms.Read("f.yaml", []byte("title: a\nkind: wish\nthemes:\n  - safety\n  - luck\n"))
	require.NoError(t, err)
	require.Equal(t, "f.yaml:2: kind: is no kind\nf.yaml:5: themes.1: is no theme\nf.yaml:1: sponsor: is needed", list[0].Where([]problem.Field{
		{Pointer: "/kind", Detail: "is no kind"}, {Pointer: "/themes/1", Detail: "is no theme"}, {Pointer: "/sponsor", Detail: "is needed"},
	}).Error())
}

func TestKeyIsOfTheContentAlone(t *testing.T) {
	first, err := forms.Read("a.yaml", []byte("title: a\nkind: bug\n---\ntitle: b\nkind: bug\n"))
	require.NoError(t, err)
	second, err := forms.Read("b.json", []byte(`[{"kind": "bug", "title": "b"}, {"title": "a", "kind": "bug"}]`))
	require.NoError(t, err)
	require.Equal(t, first[0].Key(""), second[1].Key(""))
	require.Equal(t, first[1].Key(""), second[0].Key(""))
	require.NotEqual(t, first[0].Key(""), first[1].Key(""))
	require.NotEqual(t, first[0].Key(""), first[0].Key("2028"))
	require.LessOrEqual(t, len(first[0].Key("")), 128)
}

func TestData(t *testing.T) {
	d, err := forms.Data("score", []string{"until=2027-03-31", "inputs.job_size=3", "skills=web, gis", "title=7", "patch.baseline.people=4", "approach=scrum"})
	require.NoError(t, err)
	require.Equal(t, pmo.Date("2027-03-31"), d.Until)
	require.InDelta(t, 3, *d.Inputs.JobSize, 0)
	require.Equal(t, []string{"web", "gis"}, *d.Patch.Skills)
	require.Equal(t, "7", *d.Patch.Title)
	require.Equal(t, 4, d.Patch.Baseline.People)
	for pair, want := range map[string]string{
		"until": "not field=value", "colour=red": "colour: there is no such field. There are approach, baseline, class, ", "tema=x": "tema: there is no such field; did you mean team? There are",
		"of_number=3": "there is no such field", "until_at=3": "there is no such field",
		"inputs.job_size=big": "inputs.job_size: wants a number", "patch=x": "there is no such field", "baseline=x": "wants its fields as JSON", "until.x=1": "has no field x",
		"baseline.people=010": "wants a number without a leading zero", "inputs.job_size=05": "wants a number without a leading zero",
		"confidential=perhaps": "wants true or false", "baseline.people=1.5": "wants a whole number", "inputs.job_size=NaN": "wants a number",
	} {
		_, err := forms.Data("score", []string{pair})
		require.ErrorContains(t, err, want, pair)
	}
	d, err = forms.Data("counter", []string{`plan={"summary": "two steps", "iterations": 2}`, `lessons=[{"by": "sam", "observation": "ask first"}]`})
	require.NoError(t, err)
	require.Equal(t, 2, d.Plan.Iterations)
	require.Len(t, d.Lessons, 1)
	d, err = forms.Data("still_needed", []string{"inputs.job_size=5"})
	require.NoError(t, err)
	require.Nil(t, d.Inputs, "only the answer of a score is the inputs; else they change the form")
	require.InDelta(t, 5, *d.Patch.Inputs.JobSize, 0)
	require.Equal(t, []string{"baseline.volume_per_month", "baseline.minutes_each", "baseline.people", "baseline.money_per_year"}, forms.Fields("baseline"))
	require.Equal(t, []string{"size"}, forms.Fields("size"))
}

func TestPatchLeavesTheRestOfAGroup(t *testing.T) {
	p, err := forms.Patch([]string{"baseline.people=4", "baseline.minutes_each=0", "size=2.5", "confidential=true"})
	require.NoError(t, err)
	after, _ := p.Apply(pmo.Content{Baseline: pmo.Baseline{People: 3, MoneyPerYear: 100, MinutesEach: 7}})
	require.Equal(t, pmo.Baseline{People: 4, MoneyPerYear: 100}, after.Baseline)
	_, err = forms.Patch([]string{"merge.clear=size"})
	require.ErrorContains(t, err, "merge.clear: there is no such field")
	require.InDelta(t, 2.5, *p.Size, 0)
	require.True(t, *p.Confidential)
	require.ElementsMatch(t, []string{"baseline", "size", "confidential"}, p.Fields())
}

func TestTheExamplesCanBeRead(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "examples", "request*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		src, err := os.ReadFile(path)
		require.NoError(t, err)
		found, err := forms.Read(path, src)
		require.NoError(t, err)
		for _, f := range found {
			require.Empty(t, policy.Default().Validate(f.Content), path)
		}
	}
	src, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", "teams.yaml"))
	require.NoError(t, err)
	teams, err := forms.Teams("teams.yaml", src)
	require.NoError(t, err)
	require.Len(t, teams, 3)
	_, err = forms.Teams("t.yaml", []byte("teams:\n  - {id: a, capasity: 3}\n"))
	require.EqualError(t, err, "t.yaml:2: teams[0].capasity: unknown field")
	_, err = forms.Teams("t.yaml", []byte("teams:\n  - {id: a, capacity: 012}\n"))
	require.EqualError(t, err, "t.yaml:2: teams[0].capacity: 012 is no number here: write it without the leading zero")
	_, err = forms.Teams("t.yaml", []byte("teams: []\n"))
	require.EqualError(t, err, "t.yaml: teams: names no team")
}

// TestNeedsOfResourcesAreGivenInFilesAndBySet, and the empty form asks for them.
func TestNeedsOfResourcesAreGivenInFilesAndBySet(t *testing.T) {
	list, err := forms.Read("f.yaml", []byte("title: a\nkind: bug\nresources: [\"staging:2\", licences]\n"))
	require.NoError(t, err)
	require.Equal(t, []string{"staging:2", "licences"}, list[0].Resources)
	patch, err := forms.Patch([]string{"resources=staging:2, licences"})
	require.NoError(t, err)
	require.Equal(t, []string{"staging:2", "licences"}, *patch.Resources)
	template, err := forms.Template(policy.Default().Document(), "bug")
	require.NoError(t, err)
	require.Contains(t, template, "resources: []")
}
