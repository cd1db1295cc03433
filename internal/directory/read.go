package directory

import (
	_ "embed"
	"slices"
)

//go:embed local.yaml
var local []byte

// Local is the directory of the local stack. Its tokens are plain and public: for loopback only.
func Local() []byte { return slices.Clone(local) }

// Principal finds a person by id.
func (d *Directory) Principal(id string) (Principal, bool) {
	i, ok := d.byID[id]
	if !ok {
		return Principal{}, false
	}
	return d.principals[i], true
}

// Principals lists all people in the order of the file.
func (d *Directory) Principals() []Principal { return slices.Clone(d.principals) }

// Groups lists the groups in the order of the file.
func (d *Directory) Groups() []Group { return slices.Clone(d.groups) }

// HasGroup reports whether the group exists, members or not.
func (d *Directory) HasGroup(group string) bool {
	_, ok := d.byGroup[group]
	return ok
}

// Members lists who is in a group, sorted; none for an unknown group.
func (d *Directory) Members(group string) []string { return slices.Clone(d.byGroup[group]) }

// InGroup reports whether the person is in the group.
func (d *Directory) InGroup(id, group string) bool { return slices.Contains(d.byGroup[group], id) }

// HasRole reports whether the person has the role.
func (d *Directory) HasRole(id, role string) bool {
	p, ok := d.Principal(id)
	return ok && p.HasRole(role)
}

// HasRole reports whether the principal has the role.
func (p Principal) HasRole(role string) bool { return slices.Contains(p.Roles, role) }

// PlainTokens reports whether any token is written in plain: then only a loopback listener may use this directory.
func (d *Directory) PlainTokens() bool {
	return slices.ContainsFunc(d.principals, func(p Principal) bool { return p.Token != "" })
}
