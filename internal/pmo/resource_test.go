package pmo_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestWhatThereIsOfAResource(t *testing.T) {
	r := pmo.Resource{Amounts: []pmo.ResourceAmount{{From: "2027-03-01", Until: "2027-03-10", Amount: 3}, {From: "2027-03-12", Amount: 5}}}
	require.Zero(t, r.On("2027-02-28"))
	require.InDelta(t, 3, r.On("2027-03-10"), 0)
	require.InDelta(t, 5, r.On("2030-01-01"), 0)
	require.Zero(t, r.Least("2027-03-08", "2027-03-14"), "one day of the week is in no period")
	require.InDelta(t, 3, r.Least("2027-03-01", "2027-03-07"), 0)
}

func TestResourceFaults(t *testing.T) {
	for field, amounts := range map[string][]pmo.ResourceAmount{
		"/amounts/0/from":   {{Until: "2027-03-10", Amount: 1}},
		"/amounts/0/until":  {{From: "2027-03-10", Until: "2027-03-09", Amount: 1}},
		"/amounts/0/amount": {{From: "2027-03-10", Amount: -1}},
		"/amounts/1/from":   {{From: "2027-03-10", Amount: 1}, {From: "2027-03-01", Until: "2027-03-10", Amount: 1}},
		"/amounts/1/amount": {{From: "2027-03-10", Until: "2027-03-10", Amount: 1}, {From: "2027-03-11", Amount: math.NaN()}},
	} {
		faults := pmo.Resource{ID: "x", Name: "X", Amounts: amounts}.Faults()
		require.Len(t, faults, 1, field)
		require.Contains(t, faults, field)
	}
	for field, r := range map[string]pmo.Resource{"/name": {ID: "x", Name: "a\nb"}, "/unit": {ID: "x", Name: "X", Unit: strings.Repeat("u", 41)}, "/id": {ID: "Not An ID", Name: "X"},
		"/amounts": {ID: "x", Name: "X", Amounts: make([]pmo.ResourceAmount, pmo.MostAmounts+1)}} {
		require.Contains(t, r.Faults(), field)
		require.Len(t, r.Faults(), 1)
	}
	require.Equal(t, "is empty", pmo.Resource{ID: "x", Name: " "}.Faults()["/name"])
	require.Empty(t, pmo.Resource{ID: "staging", Name: "Staging", Amounts: []pmo.ResourceAmount{{From: "2027-03-01", Until: "2027-03-10", Amount: 0}, {From: "2027-03-11", Amount: 1}}}.Faults())
}

func TestNeedsOfResources(t *testing.T) {
	require.Equal(t, map[string]float64{"staging": 1, "licences": 2.5}, pmo.ResourceNeeds([]string{"Staging", " licences : 2.5", "x:0", ":1"}))
	require.Nil(t, pmo.ResourceNeeds(nil))
	words := []string{"staging:2", "staging", "x:-1", "x:NaN", "licences:Inf", "ok"}
	for i, wrong := range []bool{false, true, true, true, true, false} {
		require.Equal(t, wrong, pmo.ResourceFault(words, i) != "", words[i])
	}
}

func TestAnAmountIsReadAsItIsWritten(t *testing.T) {
	for _, a := range []pmo.ResourceAmount{{From: "2027-03-01", Until: "2027-03-10", Amount: 2.5}, {From: "2027-03-01", Amount: 3}} {
		read, ok := pmo.ReadAmount(a.Words())
		require.True(t, ok)
		require.Equal(t, a, read)
	}
	for _, word := range []string{"", "2027-03-01: 2", "2027-03-01..2027-03-10", "2027-03-01..: many"} {
		_, ok := pmo.ReadAmount(word)
		require.False(t, ok, word)
	}
}
