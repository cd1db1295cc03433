package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/policy"
)

// versioned is the default policy with another version and, if about is not empty, other words.
func versioned(t *testing.T, version, about string) *policy.Policy {
	t.Helper()
	source := strings.Replace(string(policy.Default().Source()), "version: 1\n", "version: "+version+"\n", 1)
	if about != "" {
		source = strings.Replace(source, "about: Small things fast", "about: "+about, 1)
	}
	p, err := policy.Parse([]byte(source))
	require.NoError(t, err)
	return p
}

func stored(p *policy.Policy) *policy.Stored {
	return &policy.Stored{Version: p.Version(), Source: p.Source()}
}

func TestChooseThePolicyInForce(t *testing.T) {
	two, changed, three := versioned(t, "2", ""), versioned(t, "2", "Other rules"), versioned(t, "3", "Other rules")
	commented, err := policy.Parse(append([]byte("# A comment.\n"), two.Source()...))
	require.NoError(t, err)
	unreadable := &policy.Stored{Version: 2, Source: []byte("version: 2\nunknown_section: yes\n")}
	for name, c := range map[string]struct {
		given  *policy.Policy
		stored *policy.Stored
		want   *policy.Policy // nil: refused
		takes  bool
		says   string
	}{
		"first start without a file":               {nil, nil, policy.Default(), true, ""},
		"first start with a file":                  {two, nil, two, true, ""},
		"no file: the stored one stays":            {nil, stored(two), two, false, ""},
		"the same file":                            {two, stored(two), two, false, ""},
		"only a comment is new":                    {commented, stored(two), two, false, ""},
		"a higher version takes force":             {three, stored(two), three, true, ""},
		"an older file":                            {two, stored(three), nil, false, "its version is 2, and version 3 is in force"},
		"the built-in one as a file":               {policy.Default(), stored(three), nil, false, "its version is 1, and version 3 is in force"},
		"other rules under the same version":       {changed, stored(two), nil, false, "both have version 2, but the rules differ"},
		"the stored one is not accepted":           {nil, unreadable, nil, false, "does not accept policy 2"},
		"the stored one is not accepted, a new is": {three, unreadable, three, true, ""},
		"the stored one is not accepted, nor this": {two, unreadable, nil, false, "both have version 2"},
	} {
		t.Run(name, func(t *testing.T) {
			got, takes, err := policy.Choose(c.given, c.stored)
			if c.want == nil {
				require.ErrorContains(t, err, c.says)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.takes, takes)
			require.Equal(t, c.want.Digest(), got.Digest())
		})
	}
}
