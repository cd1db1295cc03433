package pmo_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestPatchMatchesContent: Apply goes by the name of the field, so every field of one is a field of the other.
func TestPatchMatchesContent(t *testing.T) {
	patch, content := reflect.TypeFor[pmo.Patch](), reflect.TypeFor[pmo.Content]()
	name := func(f reflect.StructField) string { return strings.Split(f.Tag.Get("json"), ",")[0] }
	require.Equal(t, content.NumField()+1, patch.NumField(), "and how they are merged")
	for i := range content.NumField() {
		field := patch.Field(i)
		own, ok := content.FieldByName(field.Name)
		require.True(t, ok, field.Name)
		require.Equal(t, name(own), name(field))
		require.Equal(t, reflect.PointerTo(own.Type), field.Type, field.Name)
		require.Contains(t, field.Tag.Get("json"), "omitempty", field.Name)
	}
}

func TestPatchApply(t *testing.T) {
	title, size, none := "Fleet", 2.0, []string{}
	content := pmo.Content{Title: "Vehicle booking", Size: 2, Themes: []string{"green"}}
	changed, fields := pmo.Patch{Title: &title, Size: &size, Themes: &none}.Apply(content)
	require.Equal(t, []string{"title", "themes"}, fields, "what is the same is no change")
	require.Equal(t, pmo.Content{Title: "Fleet", Size: 2, Themes: none}, changed)
	require.Equal(t, []string{"green"}, content.Themes, "the content given is left alone")
	require.True(t, pmo.Patch{}.Empty())
	require.Equal(t, []string{"title", "size"}, pmo.Patch{Title: &title, Size: &size}.Fields())
	require.Equal(t, []string{"title"}, pmo.Material(fields, []string{"size", "title"}))
}

func TestMissingInputs(t *testing.T) {
	zero := 0.0
	require.Equal(t, []string{"business_value", "time_criticality", "risk_reduction", "job_size"}, pmo.Inputs{}.Missing(pmo.ScoreInputs()))
	require.Equal(t, []string{"business_value", "risk_reduction", "job_size"}, pmo.Inputs{TimeCriticality: &zero}.Missing(pmo.ScoreInputs()), "zero is an answer")
	require.Equal(t, []string{"reach", "moscow"}, pmo.Inputs{Impact: &zero}.Missing([]string{"moscow", "impact", "reach"}), "what another model needs")
	require.Equal(t, []string{"business_value", "time_criticality", "risk_reduction", "job_size", "cost_of_delay", "duration", "reach", "impact", "confidence", "effort", "ease", "moscow"},
		pmo.InputNames())
}

func TestBaseline(t *testing.T) {
	require.False(t, pmo.Baseline{}.Known())
	b := pmo.Baseline{VolumePerMonth: 120, MinutesEach: 30}
	require.True(t, b.Known())
	require.InDelta(t, 60, b.HoursPerMonth(), 1e-9)
}

func TestDate(t *testing.T) {
	for text, valid := range map[pmo.Date]bool{"": true, "2027-03-31": true, "2028-02-29": true, "2027-02-29": false, "31.3.2027": false, "2027-3-1": false} {
		require.Equal(t, valid, text.Valid(), "%q", text)
	}
	require.Equal(t, time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC), pmo.Date("2027-03-31").EndUTC())
	require.Zero(t, pmo.Date("").EndUTC())
}

func TestReceiptFitsInTwoKilobytes(t *testing.T) {
	r := submitted()
	long := func(n int) []string {
		var people []string
		for i := range n {
			people = append(people, fmt.Sprintf("%s-%02d", strings.Repeat("principal", 12), i))
		}
		return people
	}
	for i := range 12 {
		r.OpenQuestion(pmo.QuestionSpec{Kind: pmo.KindReview, Group: fmt.Sprintf("group-with-a-long-name-%d", i)}, terms(start, long(9)...), start)
	}
	c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: long(1)[0]}}, Question: r.OpenQuestions()[0].ID, Verdict: pmo.VerdictApprove}
	receipt := r.WithOpenQuestions(r.ApplyDecide(c, start))
	data, err := json.Marshal(receipt)
	require.NoError(t, err)
	require.LessOrEqual(t, len(data), 2048)
	require.True(t, receipt.Truncated)
	require.NotEmpty(t, receipt.Open)

	small := submitted()
	small.OpenQuestion(pmo.QuestionSpec{Kind: pmo.KindReview}, terms(start, "ana", "bo"), start)
	shown := small.WithOpenQuestions(pmo.Receipt{})
	require.False(t, shown.Truncated)
	require.Equal(t, []string{"ana", "bo"}, shown.Open[0].Waiting)
}

func TestKeys(t *testing.T) {
	r := submitted()
	by := func(i int) pmo.By { return pmo.By{Actor: "ana", Key: fmt.Sprint("k", i), Digest: "d"} }
	for i := range 600 {
		r.CacheReceipt("Decide", by(i), pmo.Receipt{Result: fmt.Sprint(i), Open: []pmo.OpenItem{{ID: "x"}}})
	}
	r.CacheReceipt("Decide", pmo.By{Actor: "ana"}, pmo.Receipt{})
	require.Len(t, r.Keys, 500)
	_, known, refusal := r.CachedReceipt("Decide", by(99))
	require.False(t, known, "the oldest are forgotten")
	require.Nil(t, refusal)
	answer, known, refusal := r.CachedReceipt("Decide", by(599))
	require.True(t, known)
	require.Nil(t, refusal)
	require.Equal(t, pmo.Receipt{Result: "599", Replayed: true}, answer)
	other := by(599)
	other.Digest = "another body"
	_, known, refusal = r.CachedReceipt("Decide", other)
	require.False(t, known)
	require.Equal(t, pmo.RefusedKeyReused, kind(refusal))
	_, known, _ = r.CachedReceipt("Decide", pmo.By{})
	require.False(t, known, "no key is no key")
}

func TestSnapshotSharesNothing(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
	r.CacheReceipt("Decide", pmo.By{Key: "k"}, pmo.Receipt{})
	copied := r.Snapshot()
	require.Empty(t, copied.Ledger)
	require.Empty(t, copied.Keys)
	require.NotEmpty(t, r.Ledger)
	require.NotEmpty(t, r.Keys)
	r.ApplyDecide(vote("ana", pmo.VerdictApprove), start)
	q.People[0], r.Rounds[pmo.KindReview] = "nobody", 7
	require.Equal(t, "ana", copied.Questions[0].People[0])
	require.Empty(t, copied.Questions[0].Answers)
	require.Equal(t, 1, copied.Rounds[pmo.KindReview])
}

func TestWrittenForgetsWhatIsOnFile(t *testing.T) {
	r := submitted()
	all := r.UnprojectedEntries()
	require.Len(t, all, 2)
	r.MarkProjected(1, start)
	require.Equal(t, all[1:], r.UnprojectedEntries())
	r.MarkProjected(99, start)
	require.Empty(t, r.UnprojectedEntries())
}

func TestRefusalIsAnError(t *testing.T) {
	require.EqualError(t, &pmo.Refusal{Kind: pmo.RefusedClosed, Detail: "it is over"}, "closed: it is over")
}
