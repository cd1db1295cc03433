package directory

import (
	"slices"
)

// Claimed is a person as an OpenID provider described them when they last signed in.
type Claimed struct {
	ID      string
	Name    string
	Email   string
	Roles   []string
	Groups  []string
	Issuer  string
	Subject string
}

// Claims are all people known from providers, and the groups that exist through them alone. The file wins: a group it names has the members
// it lists, and a person it names the roles it gives them.
type Claims struct {
	People []Claimed
	Groups []string
}

func (d *people) addClaims(claims Claims) {
	var groups []string // those that claims may fill
	for _, id := range claims.Groups {
		if _, named := d.byGroup[id]; named {
			continue
		}
		groups = append(groups, id)
		d.groups = append(d.groups, Group{ID: id, Name: id})
		d.byGroup[id] = nil
	}
	for _, c := range claims.People {
		i, named := d.byID[c.ID]
		switch {
		case !named:
			i = d.addClaimed(c)
		case !d.principals[i].hasIdentity(Identity{Issuer: c.Issuer, Subject: c.Subject}) && !d.principals[i].hasIdentity(Identity{Issuer: c.Issuer}):
			continue // somebody else, whose id the file has given to another meanwhile
		}
		for _, id := range c.Groups {
			if slices.Contains(groups, id) && !slices.Contains(d.byGroup[id], c.ID) {
				d.byGroup[id] = append(d.byGroup[id], c.ID)
				d.principals[i].Groups = append(d.principals[i].Groups, id)
			}
		}
	}
	for i, g := range d.groups {
		if slices.Contains(groups, g.ID) {
			slices.Sort(d.byGroup[g.ID])
			d.groups[i].Members = d.byGroup[g.ID]
		}
	}
}

// addClaimed adds somebody the file does not name.
func (d *people) addClaimed(c Claimed) int {
	i := len(d.principals)
	d.byID[c.ID] = i
	d.principals = append(d.principals, Principal{ID: c.ID, Name: c.Name, Email: c.Email, Roles: slices.Clone(c.Roles), Claimed: true,
		OIDC: []Identity{{Issuer: c.Issuer, Subject: c.Subject}}})
	d.hashes = append(d.hashes, [32]byte{})
	return i
}

// FromClaims reports whether a group exists through claims alone: who is in it is known when people have signed in.
func (d *Directory) FromClaims(group string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Contains(d.claims.Groups, group) && !slices.ContainsFunc(d.file.Groups, func(g Group) bool { return g.ID == group })
}
