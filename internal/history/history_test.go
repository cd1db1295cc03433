package history_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/history"
)

var now = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func read(t *testing.T, text string, options ...func(*history.Options)) history.Report {
	t.Helper()
	o := history.Options{Now: now}
	for _, set := range options {
		set(&o)
	}
	r, err := history.Read(strings.NewReader(text), o)
	require.NoError(t, err)
	return r
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func TestPlainCSV(t *testing.T) {
	r := read(t, "id,created,started,finished\n2,2026-01-03,,2026-02-01\n1,2026-01-01,2026-01-05,2026-01-09T15:00:00Z\n3,2026-01-01,,\n")
	require.Equal(t, []history.Item{
		{ID: "1", Created: day(2026, 1, 1), Started: day(2026, 1, 5), Finished: time.Date(2026, 1, 9, 15, 0, 0, 0, time.UTC)},
		{ID: "2", Created: day(2026, 1, 3), Finished: day(2026, 2, 1)},
	}, r.Items)
	require.Equal(t, 3, r.Rows)
	require.Equal(t, 1, r.Unfinished)
	require.Empty(t, r.Faults)
	require.Equal(t, "ISO", r.Dates)
}

func TestSemicolonsByteOrderMarkAndUSDates(t *testing.T) {
	r := read(t, "\ufeffClosed Date;Activated Date;ID;Story Points\r\n5/31/2023 8:04:10 AM;5/15/2023 10:29:09 AM;136197;5\r\n1/4/2023 2:51:06 PM;1/3/2023 1:53:09 PM;137006;2\r\n")
	require.Equal(t, "month/day/year", r.Dates)
	require.Equal(t, []string{"Story Points"}, r.Ignored)
	require.Equal(t, map[string]string{"id": "ID", "started": "Activated Date", "finished": "Closed Date"}, r.Columns)
	require.Equal(t, history.Item{ID: "136197", Started: time.Date(2023, 5, 15, 10, 29, 9, 0, time.UTC), Finished: time.Date(2023, 5, 31, 8, 4, 10, 0, time.UTC)}, r.Items[1])
}

func TestEuropeanDatesInAZone(t *testing.T) {
	zurich, err := time.LoadLocation("Europe/Zurich")
	require.NoError(t, err)
	r := read(t, "ID,Work Item Type,Activated Date,Closed Date\n\"2502\",\"User Story\",\"7.6.2025 14:59:28\",\"7.6.2025 16:49:19\"\n", func(o *history.Options) { o.Location = zurich })
	require.Equal(t, "day/month/year", r.Dates)
	require.Equal(t, "User Story", r.Items[0].Kind)
	require.Equal(t, time.Date(2025, 6, 7, 14, 49, 19, 0, time.UTC), r.Items[0].Finished)
}

func TestDatesThatCouldBeEitherAreRefusedUnlessSaid(t *testing.T) {
	const text = "id,finished\n1,5/6/2026\n"
	_, err := history.Read(strings.NewReader(text), history.Options{Now: now})
	require.ErrorContains(t, err, "could be month/day/year or day/month/year")
	require.Equal(t, day(2026, 5, 6), read(t, text, func(o *history.Options) { o.Dates = history.DatesUS }).Items[0].Finished)
	require.Equal(t, day(2026, 6, 5), read(t, text, func(o *history.Options) { o.Dates = history.DatesEuropean }).Items[0].Finished)
	_, err = history.Read(strings.NewReader("id,finished\n1,31/1/2026\n2,1/31/2026\n"), history.Options{Now: now})
	require.ErrorContains(t, err, "some dates are month/day/year and others")
	_, err = history.Read(strings.NewReader("id,finished\n1,31/1/2026\n"), history.Options{Now: now, Dates: history.DatesUS})
	require.ErrorContains(t, err, "not in the order")
}

func TestABadRowIsNamedAndTheRestIsTaken(t *testing.T) {
	r := read(t, "key,created,finished\nA-1,2026-01-01,2026-01-02\nA-2,soon,2026-01-02\n,2026-01-01,2026-01-02\nA-4,2026-01-01,2027-01-02\nA-5,0226-01-01,2026-01-02\nA-6,2026-01-03,2026-01-02\n\nA-1,2026-01-01,2026-01-05\n")
	var faults []string
	for _, f := range r.Faults {
		faults = append(faults, f.String())
	}
	require.Equal(t, []string{`line 3, created: "soon" is no date that is known`, "line 4, key: is empty", "line 5, finished: lies in the future", "line 6, created: is before 1980"}, faults)
	require.Len(t, r.Items, 2)
	require.Equal(t, 1, r.Repeated, "the last of a repeated id counts")
	require.Equal(t, 1, r.Reordered)
	require.Equal(t, day(2026, 1, 2), r.Items[0].Created, "a beginning after the end is the end")
	require.Equal(t, day(2026, 1, 5), r.Items[1].Finished)
}

func TestRowsWithoutIDGetTheSameOnesAgain(t *testing.T) {
	const text = "started,completed,type\n2026-01-01,2026-01-09,Story\n2026-01-01,2026-01-09,Story\n2026-01-02,2026-01-09,Defect\n"
	a, b := read(t, text), read(t, text+"2026-01-03,2026-01-10,Story\n")
	require.Len(t, a.Items, 3)
	require.NotEqual(t, a.Items[0].ID, a.Items[1].ID)
	require.Subset(t, b.Items, a.Items)
}

func TestColumnsCanBeNamed(t *testing.T) {
	r := read(t, "wann fertig,nummer\n2026-01-02,7\n", func(o *history.Options) { o.Columns = map[string]string{"finished": "wann fertig", "id": "nummer"} })
	require.Equal(t, "7", r.Items[0].ID)
	for text, want := range map[string]string{
		"":                            "the file is empty",
		"wann,nummer\n2026-01-02,7\n": "no column says when an item was finished; the file has wann, nummer",
		"id,finished\n\xff,2026\n":    "no UTF-8",
		"id,\"finished\n":             "line 1",
	} {
		_, err := history.Read(strings.NewReader(text), history.Options{Now: now})
		require.ErrorContains(t, err, want)
	}
	_, err := history.Read(strings.NewReader("id,finished\n"), history.Options{Columns: map[string]string{"end": "x"}})
	require.ErrorContains(t, err, `"end" is no field`)
	_, err = history.Read(strings.NewReader("id,finished\n"), history.Options{Columns: map[string]string{"finished": "x"}})
	require.ErrorContains(t, err, `there is no column "x"`)
}

func TestChangesOfStatus(t *testing.T) {
	const head = "issue_key,issue_type_name,issue_created_date,status_from_category_name,status_to_category_name,status_change_date\n"
	r := read(t, head+
		"P-1,Bug,2026-06-01T15:49:02Z,To Do,In Progress,2026-06-01T22:51:25Z\n"+
		"P-1,Bug,2026-06-01T15:49:02Z,Done,In Progress,2026-06-06T00:00:00Z\n"+
		"P-1,Bug,2026-06-01T15:49:02Z,In Progress,Done,2026-06-05T00:00:00Z\n"+
		"P-1,Bug,2026-06-01T15:49:02Z,In Progress,Done,2026-06-07T00:00:00Z\n"+
		"P-2,Bug,2026-06-01T15:49:02Z,To Do,Done,2026-06-05T00:00:00Z\n"+
		"P-2,Bug,2026-06-01T15:49:02Z,Done,To Do,2026-06-06T00:00:00Z\n"+
		"P-3,Bug,2026-06-01T15:49:02Z,To Do,Done,\n"+
		"P-4,Bug,2026-06-01T15:49:02Z,,,\n")
	require.Equal(t, []history.Item{{ID: "P-1", Kind: "Bug", Created: time.Date(2026, 6, 1, 15, 49, 2, 0, time.UTC),
		Started: time.Date(2026, 6, 1, 22, 51, 25, 0, time.UTC), Finished: day(2026, 6, 7)}}, r.Items, "reopened and done again; P-2 was reopened and is not done")
	require.Equal(t, 2, r.Unfinished, "P-2, and P-4, which has not changed yet")
	require.Equal(t, "line 8, status_change_date: is empty", r.Faults[0].String())
}

// TestRealExports reads what people really export.
func TestRealExports(t *testing.T) {
	const outside = "../../../shared/data/history"
	if _, err := os.Stat(outside); err != nil {
		t.Skip("left out: there is no outside data beside this clone:", err)
	}
	for file, want := range map[string]struct {
		items int
		dates string
	}{
		"ado/flowmetrics_examplefile.csv":  {261, "month/day/year"},
		"ado/lighthouse_adodata.csv":       {88, "day/month/year"},
		"jira_project1/jira.csv":           {1696, "ISO"},
		"jira_changelog/changelog.csv":     {113, "ISO"},
		"magennis/dashboard_example_5.csv": {228, "ISO"},
	} {
		f, err := os.Open(filepath.Join(outside, file))
		require.NoError(t, err)
		r, err := history.Read(f, history.Options{Now: now})
		require.NoError(t, err, file)
		require.NoError(t, f.Close())
		require.Zero(t, r.FaultCount, "%s: %v", file, r.Faults)
		require.Len(t, r.Items, want.items, file)
		require.Equal(t, want.dates, r.Dates, file)
	}
}
