package deploy

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/app"
	"leanpmo/internal/caught"
)

// TestEverySettingIsInTheTable holds docs/operations.md to the configuration: each variable that is read, its default, whether it
// may come from a file, and no other.
func TestEverySettingIsInTheTable(t *testing.T) {
	names, secrets := productSettings()
	rows := table(t, "settings")
	require.Equal(t, "`info`", rows[logLevel][3])
	delete(rows, logLevel)
	require.ElementsMatch(t, slices.Collect(maps.Keys(names)), slices.Collect(maps.Keys(rows)))
	fields := map[string]bool{}
	defaults, err := app.FromEnv(func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	for name, row := range rows {
		require.Len(t, row, 5, name)
		require.NotEmpty(t, row[1], "%s says nothing", name)
		field := fieldOf(t, name)
		require.False(t, fields[field], "two variables set %s", field)
		fields[field] = true
		value := reflect.ValueOf(defaults).FieldByName(field)
		if value.Kind() == reflect.Pointer { // the default depends on others, and is said in words
			require.True(t, value.IsNil(), "default of %s", name)
			require.NotEmpty(t, row[3], "default of %s", name)
		} else {
			require.Equal(t, fmt.Sprint(value), strings.Trim(row[3], "`"), "default of %s", name)
		}
		require.Equal(t, secrets[name], row[4] == "yes", "%s is a secret or is not", name)
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[app.Config]()) {
		if field.Type.Kind() != reflect.Chan && field.Type != reflect.TypeFor[*caught.Box]() { // given by the program, not by a variable
			require.True(t, fields[field.Name], "no variable sets %s", field.Name)
		}
	}
}

func TestEverySettingOfAnAdapterIsInTheTable(t *testing.T) {
	names, secrets := adapterSettings()
	rows := table(t, "adapter")
	require.ElementsMatch(t, slices.Collect(maps.Keys(names)), slices.Collect(maps.Keys(rows)))
	for name, row := range rows {
		require.Equal(t, secrets[name], row[2] == "yes", "%s is a secret or is not", name)
	}
}

// table is a marked table of docs/operations.md by its first column, without heading.
func table(t *testing.T, mark string) map[string][]string {
	t.Helper()
	_, rest, found := strings.Cut(read(t, "docs", "operations.md"), "<!-- "+mark+":begin -->\n")
	require.True(t, found)
	body, _, found := strings.Cut(rest, "<!-- "+mark+":end -->")
	require.True(t, found)
	rows := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(body), "\n")[2:] {
		cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|"), "|")
		for i, cell := range cells {
			cells[i] = strings.TrimSpace(cell)
		}
		name := strings.Trim(cells[0], "`")
		require.NotContains(t, rows, name)
		rows[name] = cells
	}
	return rows
}

// fieldOf finds which field of the configuration a variable sets, by setting it.
func fieldOf(t *testing.T, name string) string {
	t.Helper()
	before, err := app.FromEnv(func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	for _, value := range []string{"true", "7s", "7", "127.0.0.1:1", "http://127.0.0.1:1"} {
		after, err := app.FromEnv(func(asked string) (string, bool) { return value, asked == name })
		if err != nil {
			continue
		}
		for i := range reflect.TypeFor[app.Config]().NumField() {
			if !reflect.DeepEqual(reflect.ValueOf(before).Field(i).Interface(), reflect.ValueOf(after).Field(i).Interface()) {
				return reflect.TypeFor[app.Config]().Field(i).Name
			}
		}
	}
	require.FailNow(t, "a variable that sets nothing", name)
	return ""
}
