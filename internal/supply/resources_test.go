package supply_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/supply"
)

var shared = []pmo.Resource{{ID: "licences", Name: "Licences", Portfolio: "digital", Revision: 3, Amounts: []pmo.ResourceAmount{{From: "2027-01-01", Amount: 5}, {From: "2026-01-01", Until: "2026-12-31", Amount: 4}}}}

func resourceFaults(t *testing.T, file string) (all []string) {
	t.Helper()
	rows, faults := supply.ReadResources(file)
	changes, more := supply.ResourceChanges(rows, shared, "digital")
	for _, f := range append(faults, more...) {
		all = append(all, fmt.Sprintf("%d %s", f.Line, f.Field))
	}
	for _, c := range changes {
		for pointer := range c.Then.Faults() {
			line, field := c.LineOf(pointer)
			all = append(all, fmt.Sprintf("%d %s", line, field))
		}
	}
	return all
}

func TestRowsOfResources(t *testing.T) {
	rows, faults := supply.ReadResources("\ufeffresource;name;unit;from;until;amount\nlab;Lab;rooms;2027-01-01;;1,5\nlicences;;;2027-01-01;2027-06-30;5\nlicences;;;2027-07-01;;8\n")
	require.Empty(t, faults)
	changes, faults := supply.ResourceChanges(rows, shared, "digital")
	require.Empty(t, faults)
	require.Len(t, changes, 2)
	require.Nil(t, changes[0].Before)
	require.Equal(t, pmo.Resource{ID: "lab", Name: "Lab", Unit: "rooms", Portfolio: "digital", Amounts: []pmo.ResourceAmount{{From: "2027-01-01", Amount: 1.5}}}, changes[0].Then)
	require.Equal(t, []string{"new resource of digital", "name Lab", "unit rooms", "period 2027-01-01..: 1.5"}, changes[0].Says)
	require.Equal(t, []string{"period 2027-01-01..2027-06-30: 5 instead of 2027-01-01..: 5", "period 2027-07-01..: 8"}, changes[1].Says)
	require.Equal(t, []pmo.ResourceAmount{{From: "2026-01-01", Until: "2026-12-31", Amount: 4}, {From: "2027-01-01", Until: "2027-06-30", Amount: 5}, {From: "2027-07-01", Amount: 8}}, changes[1].Then.Amounts)
	require.Equal(t, 3, changes[1].Then.Revision)
	for day, want := range map[pmo.Date]string{"2027-03-01": "3 amount", "2027-08-01": "4 amount"} {
		line, field := changes[1].LineOn(day)
		require.Equal(t, want, fmt.Sprintf("%d %s", line, field))
	}
	again, faults := supply.ResourceChanges(rows, []pmo.Resource{changes[0].Then, changes[1].Then}, "digital")
	require.Empty(t, faults)
	require.Empty(t, append(again[0].Says, again[1].Says...), "it is so already")
}

// TestADayOfNoPeriodIsTheEndOfTheOneBefore: a period that is made shorter leaves nothing after it.
func TestADayOfNoPeriodIsTheEndOfTheOneBefore(t *testing.T) {
	rows, _ := supply.ReadResources("resource,name,from,until,amount\nlicences,Seats,,,\nlicences,,2027-01-01,2027-03-31,5\n")
	changes, _ := supply.ResourceChanges(rows, shared, "digital")
	line, field := changes[0].LineOn("2027-04-01")
	require.Equal(t, "3 until", fmt.Sprintf("%d %s", line, field))
}

func TestRowsOfResourcesThatAreWrong(t *testing.T) {
	const head = "resource,name,unit,portfolio,from,until,amount\n"
	for file, want := range map[string][]string{
		"": {"1 file"}, head: {"1 file"}, "resource,colour\nlab,red\n": {"1 file"}, "resource,resource\nlab,lab\n": {"1 file"}, "name\nLab\n": {"1 file"},
		head + ",Lab,,,2027-01-01,,1\n":                                         {"2 resource", "2 resource"},
		head + "Lab 1,Lab,,,2027-01-01,,1\n":                                    {"2 resource"},
		head + "lab,,,,2027-01-01,,1\n":                                         {"2 name"},
		head + "licences,,,,,,\n":                                               {"2 from"},
		head + "licences,,,,2027-01-01,,-1\n":                                   {"2 amount", "2 amount"},
		head + "licences,,,,2027-01-01,,=1+1\n":                                 {"2 amount"},
		head + "licences,,,,2027-01-01,,Inf\n":                                  {"2 amount", "2 amount"},
		head + "licences,,,,2027-01-01,,1000001\n":                              {"2 amount"},
		head + "licences,,,,2027-01-01,,\n":                                     {"2 amount"},
		head + "licences,,,,,,3\n":                                              {"2 from"},
		head + "licences,,,,,2027-01-01,\n":                                     {"2 from"},
		head + "licences,,,,soon,,3\n":                                          {"2 from"},
		head + "licences,,,,2027-01-01,2026-01-01,3\n":                          {"2 until"},
		head + "licences,,,,2027-07-01,,3\n":                                    {"2 from"},
		head + "licences,Seats,,,,,\nlicences,,,,2027-02-01,,3\n":               {"3 from"},
		head + "licences,,,,2027-01-01,,3\nlicences,,,,2027-01-01,,4\n":         {"3 from"},
		head + "licences,=cmd(),,,,,\n":                                         {"2 name"},
		head + "licences,,@x,,,,\n":                                             {"2 unit"},
		head + "licences,,,other,,,\n":                                          {"2 portfolio"},
		head + "lab,Lab,,,2027-01-01,2027-01-31,3\nlab,,,other,2027-02-01,,3\n": {"3 portfolio"},
		head + "licences,\"Seats,,,,,\n":                                        {"2 file"},
		head + strings.Repeat("licences,Seats,,,,,\n", supply.MaxRows+1):        {fmt.Sprintf("%d file", supply.MaxRows+2)},
	} {
		require.Equal(t, want, resourceFaults(t, file), file[:min(len(file), 120)])
	}
	var many strings.Builder
	many.WriteString(head)
	for i := range pmo.MostAmounts {
		day := pmo.Date("2027-02-01").Plus(i)
		fmt.Fprintf(&many, "licences,,,,%s,%s,1\n", day, day)
	}
	require.Equal(t, []string{"2 from"}, resourceFaults(t, many.String()), "too many periods")
}
