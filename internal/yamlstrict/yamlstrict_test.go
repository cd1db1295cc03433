package yamlstrict_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/calendar"
	"leanpmo/internal/yamlstrict"
)

type document struct {
	Name   string             `json:"name"`
	Count  int                `json:"count"`
	Share  float64            `json:"share"`
	On     bool               `json:"on"`
	List   []document         `json:"list"`
	Map    map[string]float64 `json:"map"`
	Inner  *document          `json:"inner"`
	Wait   calendar.Duration  `json:"wait"`
	Own    string             `json:"-" yaml:"own"`
	Hidden string             `json:"-"`
}

func TestDecode(t *testing.T) {
	var d document
	faults := yamlstrict.Decode([]byte("# comment\nname: >\n  two\n  lines\ncount: 3\nshare: 2\non: true\nown: mine\nwait: 2wd\nmap: {a: 1.5}\nlist:\n  - name: x\n  - inner: {count: 16}\ninner: null\n"), &d)
	require.Empty(t, faults)
	require.Equal(t, document{
		Name: "two lines\n", Count: 3, Share: 2, On: true, Own: "mine", Map: map[string]float64{"a": 1.5},
		Wait: calendar.Duration{N: 2, Unit: calendar.WorkingDays}, List: []document{{Name: "x"}, {Inner: &document{Count: 16}}},
	}, d)
}

func TestDecodeEmbedded(t *testing.T) {
	var d struct {
		document
		Extra string `json:"extra"`
	}
	require.Empty(t, yamlstrict.Decode([]byte("name: a\nextra: b\n"), &d))
	require.Equal(t, "a b", d.Name+" "+d.Extra)
}

func TestDecodeNamesEveryFault(t *testing.T) {
	var d document
	faults := yamlstrict.Decode([]byte("name: 3\ncount: 1.5\nshare: many\non: yes please\nwait: soon\nlist: {a: 1}\nmap: [1]\ninner:\n  list:\n    - count: x\n    - hidden: y\nHidden: z\n"), &d)
	var text []string
	for _, f := range faults {
		text = append(text, f.String())
	}
	require.Equal(t, []string{
		"name: line 1: wants a text; put it in quotes", "count: line 2: wants a whole number", "share: line 3: wants a number",
		"on: line 4: wants true or false", `wait: line 5: "soon" is not a duration like 30m, 4h, 2d, 3w or 2wd (working days)`,
		"list: line 6: wants a list", "map: line 7: wants named fields", "inner.list[0].count: line 10: wants a whole number",
		"inner.list[1].hidden: line 11: unknown field", "Hidden: line 12: unknown field",
	}, text)
}

// YAML 1.1 reads 0120 as eighty, YAML 1.2 as a hundred and twenty; nobody can know which of them the writer meant.
func TestDecodeRefusesLeadingZeros(t *testing.T) {
	for _, text := range []string{"0120", "010", "-010", "+010", "04", "08", "00", "0_1", "0900"} {
		var d document
		faults := yamlstrict.Decode([]byte("name: a\ninner:\n  count: "+text+"\n"), &d)
		require.Equal(t, "inner.count: line 3: "+text+" is no number here: write it without the leading zero", faults.Err().Error())
		faults = yamlstrict.Decode([]byte(`{"share": `+text+`}`), &d)
		require.ErrorContains(t, faults.Err(), "share: line 1: "+text+" is no number here", "JSON is read by the same reader")
	}
	require.ErrorContains(t, yamlstrict.Decode([]byte("share: 01.5"), &document{}).Err(), "leading zero")
	var d document
	require.Empty(t, yamlstrict.Decode([]byte("count: 0\nshare: 0.5\nmap: {a: 1e3, b: -2.5E-1, c: 0.0}\nname: \"0120\"\n"), &d))
	require.Equal(t, document{Share: 0.5, Map: map[string]float64{"a": 1000, "b": -0.25, "c": 0}, Name: "0120"}, d)
	require.ErrorContains(t, yamlstrict.Decode([]byte(`share: "12"`), &document{}).Err(), "wants a number")
}

func TestDecodeRefusesWhatIsNotDecimal(t *testing.T) {
	for _, text := range []string{"1_0", "0x10", "0o17", "0b11", "1_000.5", ".inf", "-.inf", ".nan", "1_0e3"} {
		var d document
		err := yamlstrict.Decode([]byte("name: a\ninner:\n  count: "+text+"\n"), &d).Err()
		require.Error(t, err, text)
		require.ErrorContains(t, err, "inner.count: line 3: ", text)
		require.Error(t, yamlstrict.Decode([]byte("share: "+text), &d).Err(), text)
		require.False(t, yamlstrict.Decimal(text))
	}
	for _, text := range []string{"1", "-1", "+2", "1.5", ".5", "1.", "1e3", "-2.5E-1"} {
		require.True(t, yamlstrict.Decimal(text), text)
	}
}

func TestDecodeCleansTexts(t *testing.T) {
	var d document
	require.Empty(t, yamlstrict.Decode([]byte("name: Cafe\u0301\n"), &d))
	require.Equal(t, "Caf\u00e9", d.Name)
	faults := yamlstrict.Decode([]byte("name: a\ninner:\n  name: \"a\u202eb\"\nlist: [{name: \"\\e[31m\"}]\n"), &d)
	require.Equal(t, "inner.name: line 3: holds a mark that turns the direction of writing\nlist[0].name: line 4: holds a control character", faults.Err().Error())
}

func TestDecodeRefuses(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"nothing":         {"", "empty"},
		"only a comment":  {"# nothing\n", "empty"},
		"two documents":   {"name: a\n---\nname: b\n", "more than one document"},
		"an anchor":       {"inner: &a {name: x}\n", "anchors"},
		"an alias":        {"name: &a x\nown: *a\n", "anchors"},
		"a duplicate key": {"name: a\nname: b\n", "line 2"},
		"no YAML":         {"name: [", "line"},
		"a list":          {"- a\n", "wants named fields"},
		"a text":          {"hello\n", "wants named fields"},
		"great depth":     {strings.Repeat("inner: {", 40) + strings.Repeat("}", 40), "nested too deeply"},
		"great size":      {"name: " + strings.Repeat("x", yamlstrict.MaxSize), "larger"},
		"an integer NaN":  {"count: .nan\n", "whole number"},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, yamlstrict.Decode([]byte(c.src), &document{}).Err(), c.want)
		})
	}
	require.NoError(t, yamlstrict.Faults(nil).Err())
}

func FuzzDecode(f *testing.F) {
	f.Add("name: a\nlist: [{count: 1}]\n")
	f.Add("inner: &a {inner: *a}\n")
	f.Add("? [a]\n: b\n<<: {name: x}\n")
	f.Fuzz(func(t *testing.T, src string) {
		_ = fmt.Sprint(yamlstrict.Decode([]byte(src), &document{}))
	})
}
