package cli

import (
	"slices"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

// TestAGroupAloneShowsWhatItIsAbout: where a group has a show or a list without an argument, the group alone is the same, with the same flags; all others
// list their commands.
func TestAGroupAloneShowsWhatItIsAbout(t *testing.T) {
	root := &cobra.Command{Use: "pmo"}
	Register(root, Kit{})
	var alone, help []string
	for _, cmd := range root.Commands() {
		if !cmd.HasSubCommands() || cmd.Flags().Lookup("output") == nil {
			if cmd.HasSubCommands() {
				help = append(help, cmd.Name())
			}
			continue
		}
		for _, sub := range cmd.Commands() {
			if showsAlone(sub) {
				alone = append(alone, cmd.Name()+" "+sub.Name())
				require.Contains(t, cmd.Long, "Alone it does what pmo "+cmd.Name()+" "+sub.Name()+" does.")
				sub.Flags().VisitAll(func(f *pflag.Flag) { require.Same(t, f, cmd.Flags().Lookup(f.Name), f.Name) })
			}
		}
	}
	slices.Sort(alone)
	slices.Sort(help)
	require.Equal(t, []string{"audit list", "chat show", "delegation show", "import list", "notifications show", "points list", "policy show"}, alone)
	require.Equal(t, []string{"absences", "report", "scoring"}, help)

	f := &fake{answers: map[string]any{"GET /v1/me/notifications": map[string]any{"version": 3, "time_zone": "Europe/Berlin"}, "GET /v1/policy": map[string]any{"name": "Default", "yaml": "version: 1\n", "words": []string{"A rule."}}}}
	for _, group := range []string{"notifications", "policy"} {
		got := run(t, f, group)
		require.NoError(t, got.err)
		require.Equal(t, run(t, f, group, "show").out, got.out)
		require.Equal(t, run(t, f, group, "show", "-o", "json").out, run(t, f, group, "-o", "json").out)
	}
	require.Equal(t, "version: 1\n", run(t, f, "policy", "--yaml").out)
	got := run(t, f, "notifications", "shwo")
	require.Equal(t, ExitUsage, got.code)
	require.ErrorContains(t, got.err, "did you mean show?")
}
