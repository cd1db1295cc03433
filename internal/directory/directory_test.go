package directory_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/yamlstrict"
)

func TestLocal(t *testing.T) {
	d, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	for _, id := range []string{"sam", "rita", "ana", "bo", "petra", "theo", "lena", "kai", "ada"} {
		p, ok := d.ByToken("dev-" + id)
		require.True(t, ok, id)
		require.Equal(t, id, p.ID)
	}
	require.Equal(t, []string{"ana", "bo"}, d.Members("approvers"))
	require.Equal(t, []string{"kai", "lena", "theo"}, d.Members("delivery-leads"))
	require.True(t, d.InGroup("petra", "pmo"))
	require.False(t, d.InGroup("petra", "approvers"))
	require.True(t, d.HasRole("petra", "pmo"))
	require.False(t, d.HasRole("nobody", "pmo"))
	require.True(t, d.PlainTokens())
	for _, g := range d.Groups() {
		require.NotEmpty(t, d.Members(g.ID), g.ID)
	}
	bo, _ := d.Principal("bo")
	require.Equal(t, []string{"approvers", "finance"}, bo.Groups)
}

func TestByToken(t *testing.T) {
	sum := sha256.Sum256([]byte("secret"))
	d, err := directory.Parse([]byte("principals:\n  - {id: sam, name: Sam, roles: [requester], token_sha256: " + hex.EncodeToString(sum[:]) + "}\n"))
	require.NoError(t, err)
	p, ok := d.ByToken("secret")
	require.True(t, ok)
	require.Equal(t, "sam", p.ID)
	for _, token := range []string{"", "Secret", "secret ", hex.EncodeToString(sum[:])} {
		_, ok := d.ByToken(token)
		require.False(t, ok, token)
	}
	require.False(t, d.PlainTokens())
}

// A principal in an answer or a log line must not contain the token.
func TestTokensStayInside(t *testing.T) {
	d, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	p, _ := d.Principal("sam")
	text, err := json.Marshal(p)
	require.NoError(t, err)
	all := string(text) + fmt.Sprintf("%v %+v %#v %s", p, p, p, p)
	require.NotContains(t, all, "dev-sam")
}

func TestParseNamesEveryFault(t *testing.T) {
	_, err := directory.Parse([]byte(`
principals:
  - {id: Sam, name: "", roles: [], token: a}
  - {id: rita, name: "\u200b", roles: [queen], token: a}
  - {id: rita, name: Rita, roles: [requester]}
  - {id: bo, name: Bo, roles: [pmo], token: b, token_sha256: c}
  - {id: ana, name: Ana, roles: [pmo], token_sha256: c}
groups:
  - {id: pmo, name: PMO, members: [ana, ana, zoe]}
  - {id: pmo, name: PMO, members: []}
  - {id: "a b", name: PMO, members: []}
`))
	var faults yamlstrict.Faults
	require.ErrorAs(t, err, &faults)
	var paths []string
	for _, f := range faults {
		paths = append(paths, f.Path)
	}
	require.Equal(t, []string{
		"principals[0].id", "principals[0].name", "principals[0].roles", "principals[1].name", "principals[1].roles[0]", "principals[1]",
		"principals[2].id", "principals[2]", "principals[3]", "principals[4].token_sha256",
		"groups[0].members[1]", "groups[0].members[2]", "groups[1].id", "groups[2].id",
	}, paths)
}

func TestParseShape(t *testing.T) {
	for src, want := range map[string]string{
		"": "empty",
		"principals: [{id: sam, name: Sam, role: pmo, token: t}]": "principals[0].role: line 1: unknown field",
		"principals: {id: sam}":                                   "principals: line 1: wants a list",
		"principals: []":                                          "principals: lists nobody",
		"principals: [{id: sam, name: Sam, roles: [pmo], token: t, Claimed: true}]": "unknown field",
		"principals: [{id: sam, name: Sam, roles: [pmo], token: t, claimed: true}]": "unknown field",
		"principals: [\n": "line",
	} {
		_, err := directory.Parse([]byte(src))
		require.ErrorContains(t, err, want, src)
	}
}

// The README says of every local token which roles it has.
func TestTheReadmeNamesTheRolesOfLocalTokens(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	d, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	for _, p := range d.Principals() {
		if p.Service { // it has no token
			continue
		}
		row := regexp.MustCompile("(?m)^\\|[^|]*`dev-" + p.ID + "`[^|]*\\| ([^|]*) \\|").FindStringSubmatch(string(text))
		require.NotNil(t, row, p.ID)
		require.Equal(t, strings.Join(p.Roles, ", "), row[1], p.ID)
	}
}

// A service cannot answer what it is asked: the members of its desk do.
func TestDesk(t *testing.T) {
	d, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"public-form": {"rita"}}, d.Desks())
	require.Equal(t, []string{"rita"}, d.Desk("public-form"))
	require.Nil(t, d.Desk("rita"))
	require.Equal(t, []string{"public-form"}, d.AtDeskOf("rita"))
	require.Nil(t, d.AtDeskOf("sam"))

	for fault, change := range map[string][2]string{
		`principals[10].desk: "reception" is not a group`:                             {"desk: front-desk", "desk: reception"},
		"principals[0].desk: belongs to a person, who names a delegate instead":       {"token: dev-sam", "token: dev-sam, desk: front-desk"},
		"principals[10].desk: has a service as a member: people answer for a service": {"members: [rita]", "members: [rita, public-form]"},
	} {
		_, err := directory.Parse([]byte(strings.Replace(string(directory.Local()), change[0], change[1], 1)))
		require.ErrorContains(t, err, fault)
	}
}

// TestByEmail: one person has the address, whatever the case; several people, agents and nobody are no person.
func TestByEmail(t *testing.T) {
	d, err := directory.Parse([]byte(`
principals:
  - {id: sam, name: Sam, email: Sam@Example.org, roles: [requester], token: a}
  - {id: one, name: One, email: both@example.org, roles: [requester], token: b}
  - {id: two, name: Two, email: Both@example.org, roles: [requester], token: c}
  - {id: bot, name: Bot, email: bot@example.org, roles: [requester], kind: agent, responsible: sam, token: d}
  - {id: ana, name: Ana, roles: [approver], token: e}
`))
	require.NoError(t, err)
	for address, id := range map[string]string{"sam@example.org": "sam", "SAM@EXAMPLE.ORG": "sam", "both@example.org": "", "bot@example.org": "", "none@example.org": "", "": ""} {
		p, known := d.ByEmail(address)
		require.Equal(t, id != "", known, address)
		require.Equal(t, id, p.ID, address)
	}

	d.Take(directory.Stored{Version: 1, Claimed: []directory.Claimed{{Issuer: "https://id.example.org", Subject: "eve", State: directory.SignInAdmitted, Email: "sam@example.org", Roles: []string{"requester"}},
		{Issuer: "https://id.example.org", Subject: "max", State: directory.SignInAdmitted, Email: "ceo@example.org", Roles: []string{"requester"}}}})
	require.Len(t, d.Principals(), 7)
	p, known := d.ByEmail("sam@example.org")
	require.True(t, known, "who claims the address takes it from nobody")
	require.Equal(t, "sam", p.ID)
	_, known = d.ByEmail("ceo@example.org")
	require.False(t, known, "a claim proves no address")
}
