package api

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Whoever wrote a body by hand is told the line and the column of what is wrong in it.
func TestWhatIsWrongInABodyHasItsLineAndColumn(t *testing.T) {
	b := setup(t)
	type place struct {
		status       int
		pointer      string
		line, column float64
	}
	for _, c := range []struct {
		name, body, detail string
		want               place
	}{
		{"no comma", "{\n  \"title\": \"T\"\n  \"kind\": \"support\"\n}", "line 3, column 3: expected a comma", place{400, "", 3, 3}},
		{"cut", "{\n  \"title\":", "line 2, column 11: expected a JSON value; the body ends here", place{400, "/title", 2, 11}},
		{"a string without an end", "{\n  \"title\": \"T\n}", "line 2, column 14: a control character", place{400, "/title", 2, 14}},
		{"a quote is missing", "{\"title\": \"T, \\\"kind\\\": 1}", "line 1, column 11: the string that begins here does not end", place{400, "/title", 1, 11}},
		{"single quotes", "{'title': 1}", "line 1, column 2: expected the name of a field", place{400, "", 1, 2}},
		{"trailing data", "{\"title\": \"T\"}\n]", "line 2, column 1: there is more after the end", place{400, "", 2, 1}},
		{"trailing comma", "{\"title\": \"T\",\n}", "line 2, column 1: expected the name of a field", place{400, "", 2, 1}},
		{"twice", "{\"ünï\": 1,\n \"title\": \"T\", \"title\": \"U\"}", "line 2, column 16: the field is given twice", place{400, "/title", 2, 16}},
		{"columns count characters", "{\"title\": \"Größe 😀\" \"kind\"}", "line 1, column 21: expected a comma", place{400, "", 1, 21}},
		{"blanks", " \n ", "line 2, column 2: it is empty", place{400, "", 2, 2}},
		{"unknown field", "{\n \"title\": \"T\", \"kind\": \"support\",\n \"colour\": 1\n}", "", place{422, "/colour", 3, 2}},
		{"wrong type", "{\n \"title\": \"T\", \"kind\": \"support\",\n \"size\": \"x\"\n}", "", place{422, "/size", 3, 2}},
		{"wrong type in a list", "{\"title\": \"T\", \"kind\": \"support\", \"skills\": [\"a\",\n 7]}", "", place{422, "/skills/1", 2, 2}},
		{"unknown field inside", "{\"title\": \"T\", \"kind\": \"support\", \"baseline\": {\n\"x\": 1}}", "", place{422, "/baseline/x", 2, 1}},
		{"no integer", "{\"title\": \"T\", \"kind\": \"support\",\n\"baseline\": {\"people\": 1e300}}", "", place{422, "/baseline/people", 2, 14}},
		{"what a handler refuses", "{\"title\": \"T\",\n\n\"kind\": \"nokind\"}", "", place{422, "/kind", 3, 1}},
		{"a field is missing", "\n{\"kind\": \"support\"}", "", place{422, "/title", 2, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, doc, _ := b.call(t, "sam", "POST", "/v1/requests", c.body)
			f := doc["errors"].([]any)[0].(map[string]any)
			got := place{status: status, pointer: f["pointer"].(string)}
			got.line, _ = f["line"].(float64)
			got.column, _ = f["column"].(float64)
			require.Equal(t, c.want, got, doc)
			require.Contains(t, doc["detail"], c.detail)
		})
	}
}

func TestAnEmptyBodySaysSo(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "sam", "POST", "/v1/requests", "")
	require.Equal(t, 400, status)
	require.Equal(t, "the body is empty; send a JSON object", doc["detail"])
}
