package audit_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/audit"
)

// stored is a line with its text.
type stored struct {
	chain, text string
	line        int64
	hash        [sha256.Size]byte
}

// chains writes lines of each chain, the chains in order.
func chains(lengths ...int) (all []stored) {
	for i, n := range lengths {
		before := ""
		for line := range n {
			s := stored{chain: fmt.Sprintf("chain-%d", i), text: fmt.Sprintf("text %d", line), line: int64(line + 1)}
			s.hash = audit.Hash(before, s.text)
			before = fmt.Sprintf("%x", s.hash)
			all = append(all, s)
		}
	}
	return all
}

// verify verifies lines, with the heads of others if there are any, and returns the heads it found.
func verify(t *testing.T, lines []stored, kept string) (*audit.Verifier, string) {
	t.Helper()
	var from *audit.Kept
	if kept != "" {
		var err error
		from, err = audit.ReadKept(strings.NewReader(kept))
		require.NoError(t, err)
	}
	var out bytes.Buffer
	require.NoError(t, audit.WriteTitle(&out))
	v := audit.NewVerifier(from, func(h audit.Head) error { return h.Write(&out) })
	for _, s := range lines {
		require.NoError(t, v.Add(audit.Line{Chain: s.chain, Line: s.line, Stored: s.hash[:], Hash: func(before string) [32]byte { return audit.Hash(before, s.text) }}))
	}
	require.NoError(t, v.End())
	return v, out.String()
}

func TestEachManipulationOfAChainIsFound(t *testing.T) {
	whole := chains(3, 5, 2)
	v, heads := verify(t, whole, "")
	require.Nil(t, v.First)
	require.EqualValues(t, 10, v.Lines)
	require.EqualValues(t, 3, v.Chains)
	v, again := verify(t, whole, heads)
	require.Nil(t, v.First, "nothing changed since the heads were kept")
	require.Equal(t, heads, again)
	grown := chains(4, 5, 9, 1)
	v, _ = verify(t, grown, heads)
	require.Nil(t, v.First, "lines were added since the heads were kept")

	for name, c := range map[string]struct {
		change func([]stored) []stored
		want   string
		kept   bool // it is found by the kept heads alone
	}{
		"changed":        {func(l []stored) []stored { l[4].text = "texT 1"; return l }, "chain-1 line 2: it is not what was written", false},
		"deleted":        {func(l []stored) []stored { return slices.Delete(l, 4, 5) }, "chain-1 line 3: line 2 before it is missing", false},
		"two deleted":    {func(l []stored) []stored { return slices.Delete(l, 4, 6) }, "chain-1 line 4: lines 2 to 3 before it are missing", false},
		"first deleted":  {func(l []stored) []stored { return slices.Delete(l, 0, 1) }, "chain-0 line 2: line 1 before it is missing", false},
		"inserted":       {func(l []stored) []stored { return slices.Insert(l, 4, l[4]) }, "chain-1 line 2: there are two lines", false},
		"swapped":        {func(l []stored) []stored { l[4].text, l[5].text = l[5].text, l[4].text; return l }, "chain-1 line 2: it is not what was written", false},
		"renumbered":     {func(l []stored) []stored { l[4].hash, l[5].hash = l[5].hash, l[4].hash; return l }, "chain-1 line 2: it is not what was written", false},
		"last deleted":   {func(l []stored) []stored { return slices.Delete(l, 7, 8) }, "chain-1 line 5: the newest lines are missing: the kept head is line 5", true},
		"chain deleted":  {func(l []stored) []stored { return slices.Delete(l, 3, 8) }, "chain-1 line 1: all lines are missing", true},
		"the last chain": {func(l []stored) []stored { return l[:8] }, "chain-2 line 1: all lines are missing", true},
		"written anew": {func(l []stored) []stored {
			l[1].text = "another"
			l[1].hash = audit.Hash(fmt.Sprintf("%x", l[0].hash), l[1].text)
			l[2].hash = audit.Hash(fmt.Sprintf("%x", l[1].hash), l[2].text)
			return l
		}, "chain-0 line 3: the chain was written anew", true},
	} {
		t.Run(name, func(t *testing.T) {
			changed := c.change(slices.Clone(whole))
			v, found := verify(t, changed, heads)
			require.NotNil(t, v.First)
			require.Contains(t, v.First.String(), c.want)
			require.EqualValues(t, 1, v.Broken, "the break is counted once, and other chains are verified")
			require.NotContains(t, found, v.First.Chain+" "+fmt.Sprint(v.First.Line), "a chain with a break has no head to keep")
			v, _ = verify(t, changed, "")
			require.Equal(t, c.kept, v.First == nil)
		})
	}
}

// A field cannot move a part of itself into the next one.
func TestFieldsHaveTheirLength(t *testing.T) {
	require.NotEqual(t, audit.Hash("ab", "c"), audit.Hash("a", "bc"))
	require.NotEqual(t, audit.Hash("a", ""), audit.Hash("a"))
	require.Equal(t, sha256.Sum256([]byte("3:a,b,2:ü,0:,")), audit.Hash("a,b", "ü", ""))
}

func TestAFileThatHoldsNoHeadsIsRefused(t *testing.T) {
	_, err := audit.ReadKept(strings.NewReader("x\n"))
	require.ErrorContains(t, err, "not a file of heads")
	hash := strings.Repeat("00", 32)
	for _, lines := range []string{"a 1\n", "a 0 " + hash, "a x " + hash, "a 1 00", "b 1 " + hash + "\na 1 " + hash} {
		kept, err := audit.ReadKept(strings.NewReader("leanpmo audit heads 1\n" + lines))
		require.NoError(t, err)
		for err == nil {
			var h audit.Head
			if h, err = kept.Next(); err == nil && h.Chain == "" {
				t.Fatalf("%q was taken", lines)
			}
		}
		require.ErrorContains(t, err, "of the kept heads")
	}
}
