package directory

import (
	_ "embed"
	"slices"
	"sync"
	"sync/atomic"
)

//go:embed local.yaml
var local []byte

// Local is the directory of the local stack. Its tokens are plain and public: for loopback only.
func Local() []byte { return slices.Clone(local) }

// Directory finds people, groups and roles. It is safe for concurrent use. It changes when its file does; each call sees one whole
// state.
type Directory struct {
	now     atomic.Pointer[people]
	version atomic.Uint64
	mu      sync.Mutex // of a change
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
	d := &Directory{}
	d.now.Store(state)
	return d, nil
}

// Replace puts another directory in the place of this one.
func (d *Directory) Replace(by *Directory) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now.Store(by.now.Load())
	d.version.Add(1)
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
	var ids []string
	for _, p := range d.now.Load().principals {
		ids = append(ids, p.ID)
	}
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
	return slices.Contains(d.now.Load().byGroup[group], id)
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

// ByIdentity finds who somebody is that a provider signed in: the principal with this subject, else the one whose id is the name and who is
// listed without a subject.
func (d *Directory) ByIdentity(issuer, subject, name string) (Principal, bool) {
	return d.now.Load().byIdentity(issuer, subject, name)
}

// Webhooks lists, by path, every entry with an address.
func (d *Directory) Webhooks() []string { return d.now.Load().webhooks() }

// PlainTokens reports whether any token is written in plain: then only a loopback listener may use this directory.
func (d *Directory) PlainTokens() bool {
	return slices.ContainsFunc(d.now.Load().principals, func(p Principal) bool { return p.Token != "" })
}
