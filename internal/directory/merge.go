package directory

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/yamlstrict"
)

// SignInState is what a sign-in led to.
type SignInState string

// The states.
const (
	SignInListed   SignInState = "listed"   // a person of the file, by issuer and subject
	SignInLinked   SignInState = "linked"   // a person of the file, by the claim that the provider is trusted for
	SignInAdmitted SignInState = "admitted" // a person of their own
	SignInRefused  SignInState = "refused"  // nobody: the claims grant nothing any more
)

// Claimed is somebody whom a provider signed in, as of the last time.
type Claimed struct {
	Issuer   string
	Subject  string
	State    SignInState
	Link     string // the person of the file, with SignInLinked
	Name     string // as everything below, of the claims
	Email    string
	Username string
	Roles    []string
	Groups   []string
}

// SignIn is what one sign-in led to, as it is stored.
type SignIn struct {
	Claimed
	Principal string // who it was
	Provider  string // id
	Cause     string // why refused
	At        time.Time
}

// Why a sign-in is not stored.
var (
	ErrBlocked   = errors.New("the person is blocked")
	ErrLinkTaken = errors.New("the name belongs to another account of the provider")
)

// Stored are the people and blocks that the database has. Their version changes when they do.
type Stored struct {
	Version int64
	Claimed []Claimed
	Blocked []string // ids
}

// notStored is the version before the database was read.
const notStored = -1

// idPrefix begins the ids of people who come from claims, and no other.
const idPrefix = "oidc-"

// PrincipalID is the id of somebody who comes from claims: the same on every server and for ever, another one for another issuer or
// subject, and it says nothing about them.
func PrincipalID(issuer, subject string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", len(issuer), issuer, subject))
	return idPrefix + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:])[:26])
}

// checkOwnID keeps the ids of people who come from claims to them.
func checkOwnID(faults *yamlstrict.Faults, path string, p Principal) {
	if strings.HasPrefix(p.ID, idPrefix) && !slices.ContainsFunc(p.OIDC, func(i Identity) bool { return i.Subject != "" && PrincipalID(i.Issuer, i.Subject) == p.ID }) {
		faults.Add(path+".id", "begins with %s, as the ids of people who come from claims; only who has such an id keeps it here, listed with issuer and subject", idPrefix)
	}
}

// merge makes one state of the file's people, of those who came by claims and of the blocks:
//
//   - Somebody who signed in is the person of the file with their issuer and subject. Else, who was linked by a trusted claim is that person,
//     as long as the file lists them with the issuer and without a subject. Else, who was admitted is a person of their own.
//   - A person of the file has name, e-mail address, roles, tokens and addresses of the file; another one has those of their claims.
//   - A group that the file names has the members that the file says. One that only claims fill has those whose claims say so.
//   - Who is blocked is nobody, wherever they come from. So is who was refused at their last sign-in, unless the file lists them.
func merge(listed *people, filled []Group, stored Stored) *people {
	m := &people{byID: map[string]int{}, byGroup: map[string][]string{}, byUsername: map[string]string{}, names: map[string]string{}, stored: stored.Version}
	blocked := map[string]bool{}
	for _, id := range stored.Blocked {
		blocked[id] = true
	}
	for i, p := range listed.principals {
		m.names[p.ID] = p.Name
		if blocked[p.ID] {
			continue
		}
		p.Groups = slices.Clone(p.Groups)
		m.add(p)
		m.hashes = append(m.hashes, listed.hashes[i])
	}
	members := map[string][]string{}
	var admitted []Principal
	for _, c := range stored.Claimed {
		id := listed.ownerOf(c)
		if id == "" && (c.State == SignInAdmitted || c.State == SignInRefused) {
			p := c.principal()
			m.names[p.ID] = p.Name
			if c.State == SignInAdmitted && !blocked[p.ID] {
				id = p.ID
				admitted = append(admitted, p)
			}
		}
		if id == "" || blocked[id] || c.State == SignInRefused {
			continue
		}
		for _, group := range c.Groups {
			members[group] = append(members[group], id)
		}
	}
	slices.SortFunc(admitted, func(a, b Principal) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	for _, p := range admitted {
		m.add(p)
		m.claimUsername(p)
	}
	m.mergeGroups(listed, filled, members, blocked)
	return m
}

func (d *people) add(p Principal) {
	d.byID[p.ID] = len(d.principals)
	d.principals = append(d.principals, p)
}

// claimUsername lets a person be named by a user name that nobody else has, as id or as user name.
func (d *people) claimUsername(p Principal) {
	if p.Username == "" {
		return
	}
	if _, taken := d.byUsername[p.Username]; taken {
		d.byUsername[p.Username] = ""
		return
	}
	d.byUsername[p.Username] = p.ID
}

func (d *people) mergeGroups(listed *people, filled []Group, members map[string][]string, blocked map[string]bool) {
	for _, g := range listed.groups {
		g.Members = slices.DeleteFunc(slices.Clone(g.Members), func(id string) bool { return blocked[id] })
		d.groups = append(d.groups, g)
		d.byGroup[g.ID] = slices.Sorted(slices.Values(g.Members))
	}
	for _, g := range filled {
		if _, named := listed.byGroup[g.ID]; named {
			continue
		}
		g.Members = slices.Compact(slices.Sorted(slices.Values(members[g.ID])))
		g.Claims = true
		d.groups = append(d.groups, g)
		d.byGroup[g.ID] = g.Members
		for _, id := range g.Members {
			p := &d.principals[d.byID[id]]
			p.Groups = append(p.Groups, g.ID)
			slices.Sort(p.Groups)
		}
	}
}

// ownerOf is the id of the person of the file who signed in; empty when the file does not list them.
func (d *people) ownerOf(c Claimed) string {
	if p, known := d.bySubject(c.Issuer, c.Subject); known {
		return p.ID
	}
	if c.State == SignInLinked {
		if p, known := d.byLink(c.Issuer, c.Link); known {
			return p.ID
		}
	}
	return ""
}

// principal is a person of their own.
func (c Claimed) principal() Principal {
	p := Principal{ID: PrincipalID(c.Issuer, c.Subject), Name: c.Name, Email: c.Email, Username: c.Username, Roles: c.Roles, Claims: true}
	p.Name = cmp.Or(p.Name, c.Username, p.ID)
	return p
}
