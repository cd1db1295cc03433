package access_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
)

// candidates are people in every position to a request of sam's that lea submitted and that asks ana and bo.
var candidates = []struct {
	name      string
	candidate access.Candidate
}{
	{"asked", access.Candidate{Actor: access.Actor{ID: "ana"}}},
	{"asked, names themselves", access.Candidate{Actor: access.Actor{ID: "ana"}, For: "ana"}},
	{"not asked", access.Candidate{Actor: access.Actor{ID: "cy"}}},
	{"unknown", access.Candidate{}},
	{"requester", access.Candidate{Actor: access.Actor{ID: "sam"}}},
	{"submitter", access.Candidate{Actor: access.Actor{ID: "lea"}}},
	{"delegate of one", access.Candidate{Actor: access.Actor{ID: "kim"}, ActsFor: []string{"ana"}}},
	{"delegate of both", access.Candidate{Actor: access.Actor{ID: "kim"}, ActsFor: []string{"ana", "bo"}}},
	{"delegate of both, names one", access.Candidate{Actor: access.Actor{ID: "kim"}, ActsFor: []string{"ana", "bo"}, For: "bo"}},
	{"names who is not asked", access.Candidate{Actor: access.Actor{ID: "kim"}, ActsFor: []string{"cy"}, For: "cy"}},
	{"names who did not name them", access.Candidate{Actor: access.Actor{ID: "kim"}, For: "ana"}},
	{"asked and delegate", access.Candidate{Actor: access.Actor{ID: "bo"}, ActsFor: []string{"ana"}}},
	{"asked, delegate of requester", access.Candidate{Actor: access.Actor{ID: "ana"}, ActsFor: []string{"sam"}}},
	{"asked, delegate of submitter", access.Candidate{Actor: access.Actor{ID: "ana"}, ActsFor: []string{"lea"}}},
	{"requester, delegate of asked", access.Candidate{Actor: access.Actor{ID: "sam"}, ActsFor: []string{"ana"}}},
	{"asked service", access.Candidate{Actor: access.Actor{ID: "ana", Service: true}}},
	{"asked agent", access.Candidate{Actor: access.Actor{ID: "ana", Agent: true, Granted: true}}},
	{"asked administrator", access.Candidate{Actor: access.Actor{ID: "ana", Roles: []string{"admin"}}}},
}

// TestEligible holds every candidate and kind of question against a file people can review: the seat, or the cause.
func TestEligible(t *testing.T) {
	var text strings.Builder
	text.WriteString("# Who may answer a question that asks ana and bo, about a request of sam's that lea submitted: the seat, or why not.\n")
	for _, c := range candidates {
		groups := map[string][]string{}
		var order []string
		for _, kind := range pmo.Kinds() {
			e := access.Eligible(c.candidate, access.Seats{Kind: kind, Asked: []string{"ana", "bo"}, Requester: "sam", SubmittedBy: "lea"})
			require.Equal(t, e.Allowed, e.Cause == "" && e.Reason == "" && e.Kind == "" && e.Seat != "")
			result := "seat of " + e.Seat
			if !e.Allowed {
				result = fmt.Sprintf("%s (%s)", e.Kind, e.Cause)
			}
			if groups[result] == nil {
				order = append(order, result)
			}
			groups[result] = append(groups[result], string(kind))
		}
		for _, result := range order {
			kinds := strings.Join(groups[result], ", ")
			if len(groups[result]) == len(pmo.Kinds()) {
				kinds = "every kind"
			}
			fmt.Fprintf(&text, "%-30s %-30s %s\n", c.name, result, kinds)
		}
	}
	path := filepath.Join("testdata", "eligible.golden")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o644))
	}
	golden, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(golden), text.String(), "the rule changed; review it and run with -update")
}

// TestEligibleInvariants are what no change of the rule may break, over every combination of three people.
func TestEligibleInvariants(t *testing.T) {
	people := []string{"ana", "sam", "lea", ""}
	lists := [][]string{nil, {"ana"}, {"sam"}, {"lea"}, {"ana", "sam"}}
	for _, kind := range pmo.Kinds() {
		for _, id := range people[:3] {
			for _, named := range people {
				for _, actsFor := range lists {
					for _, seats := range lists {
						c := access.Candidate{Actor: access.Actor{ID: id}, ActsFor: actsFor, For: named}
						e := access.Eligible(c, access.Seats{Kind: kind, Asked: seats, Requester: "sam", SubmittedBy: "lea"})
						if !e.Allowed {
							continue
						}
						where := fmt.Sprintf("%s: %+v in %v gets %s", kind, c, seats, e.Seat)
						require.Contains(t, seats, e.Seat, where)
						require.True(t, e.Seat == id || slices.Contains(actsFor, e.Seat), where)
						if kind.Judges() {
							require.NotContains(t, []string{"sam", "lea"}, id, where)
						}
					}
				}
			}
		}
	}
}
