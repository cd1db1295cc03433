package directory

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

//go:embed local.yaml
var local []byte

// Local is the directory of the local stack. Its tokens are plain and public: for loopback only.
func Local() []byte { return slices.Clone(local) }

// Directory finds people, groups and roles. It is safe for concurrent use. It changes when its file does, and when the people or blocks of
// the database do; each call sees one whole state.
type Directory struct {
	now     atomic.Pointer[people]
	version atomic.Uint64

	mu     sync.Mutex // of a change, and of what the state is merged of
	listed *people
	filled []Group
	stored Stored
}

// Parse reads a directory, or returns all its faults as yamlstrict.Faults. A fault never repeats a token.
func Parse(src []byte) (*Directory, error) {
	doc, err := readDocument(src)
	if err != nil {
		return nil, err
	}
	state, err := build(doc)
	if err != nil {
		return nil, err
	}
	d := &Directory{listed: state, stored: Stored{Version: notStored}}
	d.merge()
	return d, nil
}

func (d *Directory) merge() { d.now.Store(merge(d.listed, d.filled, d.stored)) }

// Replace puts the file of another directory in the place of this one's.
func (d *Directory) Replace(by *Directory) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.listed = by.listed
	d.merge()
	d.version.Add(1)
}

// FillGroups says which groups claims fill, unless the file names them. It returns those that the file names.
func (d *Directory) FillGroups(groups []Group) (named []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.filled = groups
	d.merge()
	for _, g := range groups {
		if _, ok := d.listed.byGroup[g.ID]; ok {
			named = append(named, g.ID)
		}
	}
	return named
}

// Filled are the groups that claims fill.
func (d *Directory) Filled() []Group {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.filled)
}

// Take takes the people and blocks of the database, unless it has newer ones.
func (d *Directory) Take(s Stored) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s.Version <= d.stored.Version {
		return
	}
	d.stored = s
	d.merge()
	d.version.Add(1)
}

// AsListed is the directory of the file alone, by which a policy is judged: a person who is blocked later must not make it invalid.
func (d *Directory) AsListed() *Directory {
	d.mu.Lock()
	defer d.mu.Unlock()
	alone := &Directory{listed: d.listed, filled: d.filled, stored: Stored{Version: notStored}}
	alone.merge()
	return alone
}

// Known lists the ids of all people, and which version of the database's people they are of; it is negative before they were read.
func (d *Directory) Known() (ids []string, stored int64) {
	now := d.now.Load()
	for _, p := range now.principals {
		ids = append(ids, p.ID)
	}
	return ids, now.stored
}

// Name is what somebody is called, also when they are blocked or may not sign in any more.
func (d *Directory) Name(id string) (string, bool) {
	name, known := d.now.Load().names[id]
	return name, known
}

// Mentioned finds whom a text means by a name: the person of that id, else the only one with that user name.
func (d *Directory) Mentioned(name string) (Principal, bool) {
	now := d.now.Load()
	if p, known := now.principal(name); known {
		return p, true
	}
	return now.principal(now.byUsername[name])
}

// Version changes whenever anything in the directory does.
func (d *Directory) Version() uint64 { return d.version.Load() }

// Principal finds a person by id.
func (d *Directory) Principal(id string) (Principal, bool) { return d.now.Load().principal(id) }

func (d *people) principal(id string) (Principal, bool) {
	i, ok := d.byID[id]
	if !ok {
		return Principal{}, false
	}
	return d.principals[i], true
}

// Principals lists all people in the order of the file.
func (d *Directory) Principals() []Principal { return slices.Clone(d.now.Load().principals) }

// IDs lists the ids of all people.
func (d *Directory) IDs() []string {
	ids, _ := d.Known()
	return ids
}

// Groups lists the groups in the order of the file.
func (d *Directory) Groups() []Group { return slices.Clone(d.now.Load().groups) }

// Group finds a group by id.
func (d *Directory) Group(id string) (Group, bool) { return d.now.Load().group(id) }

// GroupsOf lists the groups of a person, in the order of the file.
func (d *Directory) GroupsOf(id string) []Group { return d.now.Load().groupsOf(id) }

// HasGroup reports whether the group exists, members or not.
func (d *Directory) HasGroup(group string) bool {
	_, ok := d.now.Load().byGroup[group]
	return ok
}

// Members lists who is in a group, sorted; none for an unknown group.
func (d *Directory) Members(group string) []string { return slices.Clone(d.now.Load().byGroup[group]) }

// InGroup reports whether the person is in the group.
func (d *Directory) InGroup(id, group string) bool {
	_, in := slices.BinarySearch(d.now.Load().byGroup[group], id)
	return in
}

// FromClaims reports whether claims fill the group, so that its members come as they sign in.
func (d *Directory) FromClaims(group string) bool {
	g, ok := d.Group(group)
	return ok && g.Claims
}

// HasRole reports whether the person has the role.
func (d *Directory) HasRole(id, role string) bool {
	p, ok := d.Principal(id)
	return ok && p.HasRole(role)
}

// HasRole reports whether the principal has the role.
func (p Principal) HasRole(role string) bool { return slices.Contains(p.Roles, role) }

// ByToken finds the owner of a token of the file.
func (d *Directory) ByToken(token string) (Principal, bool) { return d.now.Load().byToken(token) }

// BySubject finds the person of the file with an identity.
func (d *Directory) BySubject(issuer, subject string) (Principal, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.listed.bySubject(issuer, subject)
}

// ByEmail finds the person of the file with an e-mail address, whatever the case of its letters; false when nobody or several have it, and for services and agents. An address of claims
// does not count: nobody has proven it to us, and who claims another's would get what that one writes.
func (d *Directory) ByEmail(address string) (Principal, bool) {
	var found []Principal
	for _, p := range d.now.Load().principals {
		if !p.Claims && address != "" && strings.EqualFold(p.Email, address) {
			found = append(found, p)
		}
	}
	if len(found) != 1 || !found[0].Person() {
		return Principal{}, false
	}
	return found[0], true
}

// WhoIs is the id of who an account is today; empty when it is nobody's.
func (d *Directory) WhoIs(c Claimed) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if id := d.listed.ownerOf(c); id != "" || c.State != SignInAdmitted {
		return id
	}
	return PrincipalID(c.Issuer, c.Subject)
}

// ByLink finds the person of the file whom a claim of the provider may name: listed with the issuer, and without a subject.
func (d *Directory) ByLink(issuer, id string) (Principal, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.listed.byLink(issuer, id)
}

// Webhooks lists, by path, every entry with an address.
func (d *Directory) Webhooks() []string { return d.now.Load().webhooks() }

// PlainTokens reports whether any token is written in plain: then only a loopback listener may use this directory.
func (d *Directory) PlainTokens() bool {
	return slices.ContainsFunc(d.now.Load().principals, func(p Principal) bool { return p.Token != "" })
}
