package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/problem"
	"leanpmo/internal/supply"
	"leanpmo/internal/wire"
)

func TestSupplyIsImportedFromFiles(t *testing.T) {
	f := &fake{answers: map[string]any{"POST /v1/teams/import": wire.SupplyImported{Rows: 3, LeftOut: 2, Dry: true, Teams: []wire.SupplyChange{{Team: "falcon", Changes: []string{"member bo"}}, {Team: "otter"}}}}}
	got := run(t, f, "teams", "import", "../../../examples/supply.csv", "--dry", "--new-skills")
	require.NoError(t, got.err)
	require.Equal(t, "falcon  member bo\notter  is so already\n3 rows were read. 2 events were left out: over, cancelled, later than a year, or shorter than half a working day. Nothing was changed.\n", got.out)
	var sent wire.ImportSupply
	require.NoError(t, json.Unmarshal([]byte(f.lastBody()), &sent))
	rows, faults := supply.ReadCSV(sent.File)
	require.Empty(t, faults, "the example can be read")
	require.NotEmpty(t, rows)
	require.True(t, sent.Dry && sent.NewSkills && sent.Format == "csv")

	file := filepath.Join(t.TempDir(), "theo.ics")
	require.NoError(t, os.WriteFile(file, []byte("BEGIN:VCALENDAR"), 0o600))
	require.NoError(t, run(t, f, "absences", "import", file, "--team", "falcon", "--who", "theo", "--amount", "1.5").err)
	sent = wire.ImportSupply{}
	require.NoError(t, json.Unmarshal([]byte(f.lastBody()), &sent))
	require.Equal(t, wire.ImportSupply{Format: "ics", File: "BEGIN:VCALENDAR", Team: "falcon", Who: "theo", Amount: 1.5}, sent)
	require.ErrorContains(t, run(t, f, "absences", "import", file).err, "--team")
	require.NoError(t, os.WriteFile(file, []byte(strings.Repeat("x", supply.MaxFile+1)), 0o600))
	require.ErrorContains(t, run(t, f, "absences", "import", file, "--team", "falcon").err, "larger than 256 kB")
	f.answers["POST /v1/teams/import"] = problem.InvalidField("/file/3/share", "line 3: share is negative")
	require.ErrorContains(t, run(t, f, "teams", "import", "../../../examples/supply.csv").err, "line 3: share is negative")
}

func TestResourcesAreImportedFromAFile(t *testing.T) {
	f := &fake{answers: map[string]any{"POST /v1/resources/import": wire.ResourcesImported{Rows: 4, Dry: true, Resources: []wire.ResourceDifference{{Resource: "licences", Changes: []string{"period 2027-07-01..: 8"}}, {Resource: "staging"}}}}}
	got := run(t, f, "resources", "import", "../../../examples/resources.csv", "--dry", "--portfolio", "digital")
	require.NoError(t, got.err)
	require.Equal(t, "licences  period 2027-07-01..: 8\nstaging  is so already\n4 rows were read. Nothing was changed.\n", got.out)
	var sent wire.ImportResources
	require.NoError(t, json.Unmarshal([]byte(f.lastBody()), &sent))
	rows, faults := supply.ReadResources(sent.File)
	require.Empty(t, faults, "the example can be read")
	changes, faults := supply.ResourceChanges(rows, nil, sent.Portfolio)
	require.Empty(t, faults)
	for _, c := range changes {
		require.Empty(t, c.Then.Faults(), c.Then.ID)
	}
	require.True(t, sent.Dry)
	f.answers["POST /v1/resources/import"] = problem.InvalidField("/file/3/amount", "line 3: amount is less on 2027-03-01 than requests hold then: R-1")
	require.ErrorContains(t, run(t, f, "resources", "import", "../../../examples/resources.csv").err, "line 3: amount is less")
}
