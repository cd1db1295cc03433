package directory_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
)

const wholeFile = `principals:
  - {id: ana, name: Ana, roles: [approver, requester], token: ana-token, email: ana@example.org, notify: {webhook: "https://a.example/"}, oidc: [{issuer: "https://id.example", subject: s1}]}
  - {id: bo, name: Bo, roles: [approver], token: bo-token, email: bo@example.org}
groups:
  - {id: board, name: Board, members: [ana, bo], notify: {webhook: "https://g.example/"}}
  - {id: legal, name: Legal, members: [bo]}
`

// TestAFileThatIsReadAgainIsTheWhole: what a changed file no longer has is gone, and nothing else is; nothing of the file before lives on beside
// it. A file that lacks what it needs changes nothing.
func TestAFileThatIsReadAgainIsTheWhole(t *testing.T) {
	left := map[string]string{`ana, bo]`: `bo]`} // of a part that is not removed as a whole
	for part, taken := range map[string]bool{
		`, email: ana@example.org`: true, `, notify: {webhook: "https://a.example/"}`: true, `, oidc: [{issuer: "https://id.example", subject: s1}]`: true,
		`, requester`: true, `, notify: {webhook: "https://g.example/"}`: true, `ana, bo]`: true, "  - {id: legal, name: Legal, members: [bo]}\n": true,
		` name: Ana,`: false, ` roles: [approver],`: false, ` name: Board,`: true,
	} {
		t.Run(part, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "directory.yaml")
			require.NoError(t, os.WriteFile(path, []byte(wholeFile), 0o600))
			file, err := directory.Open(path)
			require.NoError(t, err)
			without := strings.Replace(wholeFile, part, left[part], 1)
			require.NotEqual(t, wholeFile, without)
			require.NoError(t, os.WriteFile(path, []byte(without), 0o600))
			file.Look(t.Context(), true)
			want := without
			if !taken {
				want = wholeFile
				require.ErrorContains(t, file.Fault(), strings.TrimSuffix(strings.Fields(part)[0], ":"), "it names what is missing")
			}
			alone, err := directory.Parse([]byte(want))
			require.NoError(t, err)
			require.Equal(t, alone.Principals(), file.Directory.Principals())
			require.Equal(t, alone.Groups(), file.Directory.Groups())
			require.Equal(t, alone.Webhooks(), file.Directory.Webhooks())
		})
	}
}
