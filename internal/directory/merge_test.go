package directory_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/directory"
)

const issuer = "https://a.example"

// both is a directory of a file and claims: zoe is nobody's, sam is listed by subject, bo by link.
func both(t require.TestingT) *directory.Directory {
	d, err := directory.Parse([]byte(`
principals:
  - {id: sam, name: Sam, email: sam@example.org, roles: [requester], oidc: [{issuer: "https://a.example", subject: s-sam}]}
  - {id: bo, name: Bo, roles: [pmo], oidc: [{issuer: "https://a.example"}]}
  - {id: ada, name: Ada, roles: [admin], token: secret}
groups:
  - {id: approvers, name: Approvers, members: [bo, ada]}
`))
	require.NoError(t, err)
	d.FillGroups([]directory.Group{{ID: "architects", Name: "Architects"}, {ID: "approvers", Name: "Not these"}})
	return d
}

// TestTheFileAndClaimsAreMerged is the table of the rule: who somebody is, and whose word counts.
func TestTheFileAndClaimsAreMerged(t *testing.T) {
	zoe := directory.PrincipalID(issuer, "s-zoe")
	row := func(change func(*directory.Claimed)) directory.Claimed {
		c := directory.Claimed{Issuer: issuer, Subject: "s-zoe", State: directory.SignInAdmitted, Name: "Zoe", Email: "zoe@example.org", Username: "zoe",
			Roles: []string{"requester", "approver"}, Groups: []string{"approvers", "architects"}}
		change(&c)
		return c
	}
	for name, c := range map[string]struct {
		claimed            []directory.Claimed
		blocked            []string
		people             []string // besides those of the file
		without            []string // of the file
		architects, judges []string
	}{
		"nobody signed in": {judges: []string{"ada", "bo"}},
		"somebody new": {claimed: []directory.Claimed{row(func(*directory.Claimed) {})}, people: []string{zoe}, architects: []string{zoe},
			judges: []string{"ada", "bo"}}, // the file names the group: it wins
		"somebody of the file, by subject": {claimed: []directory.Claimed{row(func(c *directory.Claimed) { c.Subject, c.State = "s-sam", directory.SignInListed })},
			architects: []string{"sam"}, judges: []string{"ada", "bo"}},
		"somebody who was admitted, and whom the file lists today": {claimed: []directory.Claimed{row(func(c *directory.Claimed) { c.Subject = "s-sam" })},
			architects: []string{"sam"}, judges: []string{"ada", "bo"}},
		"somebody of the file, by link": {claimed: []directory.Claimed{row(func(c *directory.Claimed) { c.State, c.Link = directory.SignInLinked, "bo" })},
			architects: []string{"bo"}, judges: []string{"ada", "bo"}},
		"a link to somebody who is not listed with the issuer": {claimed: []directory.Claimed{row(func(c *directory.Claimed) { c.State, c.Link = directory.SignInLinked, "ada" })},
			judges: []string{"ada", "bo"}},
		"somebody whom the file listed, and does not any more": {claimed: []directory.Claimed{row(func(c *directory.Claimed) { c.State = directory.SignInListed })},
			judges: []string{"ada", "bo"}},
		"refused": {claimed: []directory.Claimed{row(func(c *directory.Claimed) { c.State = directory.SignInRefused })}, judges: []string{"ada", "bo"}},
		"refused, of the file": {claimed: []directory.Claimed{row(func(c *directory.Claimed) { c.Subject, c.State = "s-sam", directory.SignInRefused })},
			judges: []string{"ada", "bo"}},
		"blocked":              {claimed: []directory.Claimed{row(func(*directory.Claimed) {})}, blocked: []string{zoe}, judges: []string{"ada", "bo"}},
		"blocked, of the file": {blocked: []string{"bo"}, without: []string{"bo"}, judges: []string{"ada"}},
		"two issuers": {claimed: []directory.Claimed{row(func(*directory.Claimed) {}), row(func(c *directory.Claimed) { c.Issuer = "https://b.example" })},
			people:     []string{zoe, directory.PrincipalID("https://b.example", "s-zoe")},
			architects: slices.Sorted(slices.Values([]string{zoe, directory.PrincipalID("https://b.example", "s-zoe")})), judges: []string{"ada", "bo"}},
	} {
		d := both(t)
		d.Take(directory.Stored{Version: 1, Claimed: c.claimed, Blocked: c.blocked})
		want := slices.DeleteFunc([]string{"sam", "bo", "ada"}, func(id string) bool { return slices.Contains(c.without, id) })
		require.ElementsMatch(t, append(want, c.people...), d.IDs(), name)
		require.Equal(t, c.architects, slices.Clip(d.Members("architects")), name)
		require.Equal(t, c.judges, d.Members("approvers"), name)
		for _, g := range d.Groups() {
			for _, member := range g.Members {
				p, known := d.Principal(member)
				require.True(t, known && slices.Contains(p.Groups, g.ID) && d.InGroup(member, g.ID), name)
			}
		}
	}
}

// What the file says of a person stays; others are as their claims say, and may be mentioned by a user name that nobody else has.
func TestWhatIsShownOfPeopleFromClaims(t *testing.T) {
	d := both(t)
	d.Take(directory.Stored{Version: 1, Claimed: []directory.Claimed{
		{Issuer: issuer, Subject: "s-sam", State: directory.SignInListed, Name: "Somebody", Email: "x@example.org", Roles: []string{"admin"}},
		{Issuer: issuer, Subject: "1", State: directory.SignInAdmitted, Name: "Zoe", Email: "zoe@example.org", Username: "zoe", Roles: []string{"requester"}},
		{Issuer: issuer, Subject: "2", State: directory.SignInAdmitted, Username: "bo", Roles: []string{"requester"}},
		{Issuer: issuer, Subject: "3", State: directory.SignInAdmitted, Username: "lee", Name: "Lee", Roles: []string{"requester"}},
		{Issuer: "https://b.example", Subject: "3", State: directory.SignInAdmitted, Username: "lee", Name: "Lee", Roles: []string{"requester"}},
		{Issuer: issuer, Subject: "4", State: directory.SignInRefused, Name: "Gone"},
	}})
	sam, _ := d.Principal("sam")
	require.Equal(t, []string{"Sam", "sam@example.org", "requester"}, []string{sam.Name, sam.Email, sam.Roles[0]})
	zoe, known := d.Mentioned("zoe")
	require.True(t, known && zoe.Claims && zoe.ID == directory.PrincipalID(issuer, "1") && zoe.Email == "zoe@example.org")
	bo, _ := d.Mentioned("bo")
	require.Equal(t, "bo", bo.ID, "an id comes before a user name")
	_, known = d.Mentioned("lee")
	require.False(t, known, "two have it")
	second, _ := d.Principal(directory.PrincipalID(issuer, "2"))
	require.Equal(t, "bo", second.Name, "without a name")
	name, known := d.Name(directory.PrincipalID(issuer, "4"))
	require.True(t, known && name == "Gone")
	_, known = d.ByToken("secret")
	require.True(t, known)
}

func TestOnlyNewerPeopleAreTaken(t *testing.T) {
	d := both(t)
	_, stored := d.Known()
	require.Negative(t, stored, "not read yet")
	d.Take(directory.Stored{Version: 2, Blocked: []string{"sam"}})
	version := d.Version()
	d.Take(directory.Stored{Version: 1})
	require.Equal(t, version, d.Version())
	_, known := d.Principal("sam")
	require.False(t, known)
	ids, stored := d.Known()
	require.Equal(t, []string{"bo", "ada"}, ids)
	require.EqualValues(t, 2, stored)
	_, known = d.AsListed().Principal("sam")
	require.True(t, known, "the file alone")
	next := both(t)
	d.Replace(next)
	_, known = d.Principal("sam")
	require.False(t, known, "a new file unblocks nobody")
	require.True(t, d.FromClaims("architects"))
	require.False(t, d.FromClaims("approvers"), "the file names it")
}

// Ids of people from claims are valid, equal for the same identity alone, and no file has one that is somebody else's.
func TestIdsOfPeopleFromClaims(t *testing.T) {
	require.Equal(t, "oidc-", directory.PrincipalID(issuer, "x")[:5])
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z /:1]{0,8}`)
		a, b := [2]string{text.Draw(t, "issuer"), text.Draw(t, "subject")}, [2]string{text.Draw(t, "other issuer"), text.Draw(t, "other subject")}
		idA, idB := directory.PrincipalID(a[0], a[1]), directory.PrincipalID(b[0], b[1])
		require.Equal(t, a == b, idA == idB)
		require.True(t, directory.ValidID(idA))
	})
	own := directory.PrincipalID(issuer, "s-zoe")
	entry := func(id string) string {
		return fmt.Sprintf("principals:\n  - {id: %s, name: Zoe, roles: [pmo], oidc: [{issuer: %q, subject: s-zoe}]}\n", id, issuer)
	}
	_, err := directory.Parse([]byte(entry(own)))
	require.NoError(t, err, "who has it keeps it when the file lists them")
	_, err = directory.Parse([]byte(entry(strings.Replace(own, own[5:8], "aaa", 1))))
	require.ErrorContains(t, err, "begins with oidc-")
}
