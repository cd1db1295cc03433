package directory_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
)

func TestWhoIsWhoInTheFile(t *testing.T) {
	d, err := directory.Parse([]byte(`
principals:
  - {id: sam, name: Sam, roles: [requester], oidc: [{issuer: "https://a.example", subject: s1}, {issuer: "https://b.example", subject: s1}]}
  - {id: bo, name: Bo, roles: [pmo], oidc: [{issuer: "https://a.example"}]}
  - {id: ada, name: Ada, roles: [admin], token: t}
`))
	require.NoError(t, err)
	for _, c := range []struct{ issuer, subject, want string }{
		{"https://a.example", "s1", "sam"}, {"https://b.example", "s1", "sam"}, {"https://a.example", "s2", ""}, {"https://a.example", "S1", ""},
		{"https://a.example", "", ""}, {"", "s1", ""},
	} {
		p, known := d.BySubject(c.issuer, c.subject)
		require.Equal(t, c.want, p.ID, c)
		require.Equal(t, c.want != "", known, c)
	}
	for _, c := range []struct{ issuer, name, want string }{
		{"https://a.example", "bo", "bo"}, {"https://b.example", "bo", ""}, {"https://a.example", "ada", ""}, {"https://a.example", "sam", ""},
		{"", "bo", ""}, {"https://a.example", "", ""},
	} {
		p, _ := d.ByLink(c.issuer, c.name)
		require.Equal(t, c.want, p.ID, c)
	}
	_, known := d.ByToken("")
	require.False(t, known, "whoever has no token has none")
}

func TestIdentityFaults(t *testing.T) {
	for src, want := range map[string]string{
		`oidc: [{issuer: id, subject: s}]`:                                     "principals[0].oidc[0].issuer",
		`oidc: [{issuer: "https://a.example", subject: x}]`:                    `principals[1].oidc[0]: is also an identity of "sam"`,
		`oidc: [{issuer: "https://b.example"}, {issuer: "https://b.example"}]`: `principals[0].oidc[1]: is also an identity of "sam"`,
		`oidc: [{issuer: "https://a.example", sub: x}]`:                        "unknown field",
		`oidc: [{issuer: "https://b.example", subject: x}], id: oidc-x`:        "begins with oidc-",
		`oidc: []`: "has neither token nor token_sha256 nor oidc",
	} {
		id := "id: sam, "
		if strings.Contains(src, "id: oidc-") {
			id = ""
		}
		_, err := directory.Parse([]byte(`
principals:
  - {` + id + `name: Sam, roles: [requester], ` + src + `}
  - {id: ana, name: Ana, roles: [requester], oidc: [{issuer: "https://a.example", subject: x}]}
`))
		require.ErrorContains(t, err, want, src)
	}
}
