package claims_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/claims"
	"leanpmo/internal/yamlstrict"
)

const whole = `
groups:
  - {id: architects, name: Architects}
  - {id: finance, name: Finance}
providers:
  - id: staff
    name: Staff account
    issuer: https://id.example.org/realms/work
    client_id: leanpmo
    client_secret_file: secrets/staff
    scopes: [openid, profile, email, groups]
    claims: {groups: groups, roles: realm_access.roles}
    groups: {it-architects: architects, /company/finance: finance}
    roles: {pmo-office: pmo}
    require: {claim: groups, values: [pmo-users]}
    email_domains: [Example.org]
    admit: everybody
  - {id: guests, name: Guests, issuer: "https://guests.example", client_id: x, link_by: preferred_username}
`

func TestSettingsAreRead(t *testing.T) {
	s, err := claims.Read([]byte(whole))
	require.NoError(t, err)
	require.Equal(t, claims.Names{Name: "name", Email: "email", Username: "preferred_username", Groups: "groups", Roles: "realm_access.roles"}, s.Providers[0].Names)
	require.Equal(t, "finance", s.Providers[0].Groups["/company/finance"])
	require.Equal(t, []string{"example.org"}, s.Providers[0].Domains)
	require.Equal(t, []string{"openid", "profile", "email"}, s.Providers[1].Scopes)
	require.Equal(t, claims.AdmitListed, s.Providers[1].Admit, "nobody is admitted whom no file names, unless it is said")
}

func TestEveryFaultOfSettingsIsNamed(t *testing.T) {
	_, err := claims.Read([]byte(`
groups: [{id: A, name: ""}, {id: finance, name: F}, {id: finance, name: F}]
providers:
  - {id: "a b", issuer: "http://id.example.org", scopes: [profile], admit: all, groups: {x: nobody}, roles: {y: king}, require: {claim: c}, email_domains: ["*"]}
  - {id: two, name: Two, issuer: "https://id.example.org", client_id: x}
  - {id: two, name: Two, issuer: "https://id.example.org", client_id: x}
`))
	var faults yamlstrict.Faults
	require.ErrorAs(t, err, &faults)
	var paths []string
	for _, f := range faults {
		paths = append(paths, f.Path)
	}
	require.ElementsMatch(t, []string{"groups[0].id", "groups[0].name", "groups[2].id", "providers[0].admit", "providers[0].claims.groups", "providers[0].claims.roles",
		"providers[0].client_id", "providers[0].email_domains[0]", "providers[0].groups.x", "providers[0].id", "providers[0].issuer", "providers[0].name", "providers[0].require",
		"providers[0].roles.y", "providers[0].scopes", "providers[2].id", "providers[2].issuer"}, paths)
	for src, want := range map[string]string{
		"providers: []":                         "lists none",
		"providers: [{id: a, secret: x}]":       "providers[0].secret",
		"":                                      "empty",
		"providers: [{id: a, claims: {sub: x}}": "line",
	} {
		_, err := claims.Read([]byte(src))
		require.ErrorContains(t, err, want, src)
	}
}

func TestGrants(t *testing.T) {
	s, err := claims.Read([]byte(whole))
	require.NoError(t, err)
	p := s.Providers[0]
	good := func() map[string]any {
		return map[string]any{"name": "Zoe", "email": "zoe@example.org", "email_verified": true, "preferred_username": "Zoe.A",
			"groups": []any{"pmo-users", "it-architects", "/company/finance", "it-architects"}, "realm_access": map[string]any{"roles": []any{"pmo-office", "x"}}}
	}
	require.Equal(t, claims.Grant{Name: "Zoe", Email: "zoe@example.org", Username: "zoe.a", Roles: []string{"requester", "pmo"}, Groups: []string{"architects", "finance"}, Unlisted: true}, p.Grant(good()))
	for name, change := range map[string]func(map[string]any){
		"no required group": func(c map[string]any) { c["groups"] = []any{"it-architects"} },
		"no groups":         func(c map[string]any) { delete(c, "groups") },
		"another type":      func(c map[string]any) { c["groups"] = map[string]any{"pmo-users": true} },
		"too many roles":    func(c map[string]any) { c["realm_access"] = map[string]any{"roles": make([]any, 1001)} },
		"no address":        func(c map[string]any) { delete(c, "email") },
		"not verified":      func(c map[string]any) { delete(c, "email_verified") },
		"a longer domain":   func(c map[string]any) { c["email"] = "zoe@evil-example.org" },
	} {
		c := good()
		change(c)
		require.NotEmpty(t, p.Grant(c).Refused, name)
	}
	c := good()
	c["realm_access.roles"] = "pmo-office-2"
	require.Equal(t, []string{"requester"}, p.Grant(c).Roles, "a claim of that very name comes first")
	c["preferred_username"] = "zoe <x>"
	require.Empty(t, p.Grant(c).Username, "what nobody could be mentioned by")
	require.Equal(t, "bo", s.Providers[1].Grant(map[string]any{"preferred_username": "bo"}).Link)
	require.False(t, s.Providers[1].Grant(map[string]any{}).Unlisted)
	require.Empty(t, p.Grant(good()).Link, "this provider is not trusted for names")
}

// Whatever a provider says, only mapped groups and roles come of it, and texts of bounded length.
func TestNoClaimGivesMoreThanTheSettings(t *testing.T) {
	s, err := claims.Read([]byte(whole))
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Just[any](nil), rapid.Just[any](7), rapid.Custom(func(t *rapid.T) any { return rapid.StringN(0, 300, -1).Draw(t, "text") }),
			rapid.Custom(func(t *rapid.T) any {
				var list []any
				for _, text := range rapid.SliceOfN(rapid.SampledFrom([]string{"it-architects", "pmo-office", "admin", "architects"}), 0, 4).Draw(t, "list") {
					list = append(list, text)
				}
				return list
			}))
		c := map[string]any{}
		for _, name := range []string{"name", "email", "preferred_username", "groups", "realm_access", "realm_access.roles", "email_verified"} {
			c[name] = value.Draw(t, name)
		}
		g := s.Providers[0].Grant(c)
		require.Subset(t, []string{"architects", "finance"}, g.Groups)
		require.Subset(t, []string{"requester", "pmo"}, g.Roles)
		require.LessOrEqual(t, len([]rune(g.Name)), 200)
		require.NotContains(t, g.Name, "\n")
		require.False(t, strings.ContainsAny(g.Username, " <>"))
	})
}

// The example that the operations manual has people copy is right.
func TestTheExampleIsRead(t *testing.T) {
	s, err := claims.Load("../../deploy/example/oidc.yaml")
	require.NoError(t, err)
	require.Len(t, s.Providers, 2)
	require.Equal(t, "/run/secrets/pmo_oidc_client_secret", s.Providers[0].SecretFile)
}
