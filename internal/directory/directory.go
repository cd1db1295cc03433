// Package directory holds the people who may sign in, with their groups, roles and tokens. They come from one YAML file, which is read again
// when it changes, and from the claims of OpenID providers as of each person's last sign-in, which the database keeps.
package directory

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"slices"

	"leanpmo/internal/access"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/yamlstrict"
)

// Principal is a person who may sign in.
type Principal struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Email       string     `json:"email,omitempty"`
	Roles       []string   `json:"roles"`
	Groups      []string   `json:"-"`              // sorted; written as the members of groups
	Token       string     `json:"-" yaml:"token"` // plain: only while listening on loopback
	TokenSHA256 string     `json:"-" yaml:"token_sha256"`
	Notify      Notify     `json:"-" yaml:"notify"`       // where notifications are sent
	OIDC        []Identity `json:"-" yaml:"oidc"`         // who they are to OpenID providers
	Service     bool       `json:"-" yaml:"service"`      // not a person: it acts by tokens, and judges only where the policy says so
	Desk        string     `json:"-" yaml:"desk"`         // of a service: the group whose members act for it, as delegates do
	Kind        string     `json:"-" yaml:"kind"`         // KindAgent, or empty
	Responsible string     `json:"-" yaml:"responsible"`  // of an agent: the person who answers for it, or the group whose members do
	Granted     bool       `json:"-" yaml:"confidential"` // of an agent: it may read confidential requests, as far as its roles and relations go
	Username    string     `json:"-"`                     // of claims: what others may mention them by
	Claims      bool       `json:"-"`                     // not of the file: name, address, roles and groups are of the claims of their last sign-in
}

// Actor is the principal as the rules of access know them.
func (p Principal) Actor() access.Actor {
	return access.Actor{ID: p.ID, Roles: p.Roles, Service: p.Service, Agent: p.Agent(), Granted: p.Granted}
}

// String is the id: a principal in a log line or an error must not reveal a token.
func (p Principal) String() string { return p.ID }

// GoString is String.
func (p Principal) GoString() string { return p.ID }

// Group is a list of people that a policy can name.
type Group struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Members []string `json:"members"`
	Notify  Notify   `json:"-" yaml:"notify"` // for members without an address of their own
	Claims  bool     `json:"-"`               // not of the file: its members come from claims, as they sign in
}

// people is one state of the directory. It never changes.
type people struct {
	principals []Principal
	byID       map[string]int
	groups     []Group
	byGroup    map[string][]string
	hashes     [][sha256.Size]byte // by position of principals; those who came by claims are last and have none
	subjects   map[Identity]int    // of a file: positions of principals
	byUsername map[string]string   // of those who came by claims; empty when several have it
	names      map[string]string   // also of people who are blocked or refused
	stored     int64               // version of the database's people; notStored before they were read
}

type document struct {
	Principals []Principal `json:"principals"`
	Groups     []Group     `json:"groups"`
}

// readDocument reads the file's text.
func readDocument(src []byte) (document, error) {
	var doc document
	if faults := yamlstrict.Decode(src, &doc); len(faults) > 0 {
		return document{}, faults
	}
	return doc, nil
}

// build makes a state of a file, or returns all its faults as yamlstrict.Faults. A fault never repeats a token.
func build(doc document) (*people, error) {
	var faults yamlstrict.Faults
	d := &people{principals: doc.Principals, groups: doc.Groups, byID: map[string]int{}, byGroup: map[string][]string{}}
	d.readPrincipals(&faults)
	d.readGroups(&faults)
	d.readDesks(&faults)
	d.readAgents(&faults)
	d.readIdentities(&faults)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	for i := range d.principals {
		slices.Sort(d.principals[i].Groups)
	}
	return d, nil
}

func (d *people) readPrincipals(faults *yamlstrict.Faults) {
	if len(d.principals) == 0 {
		faults.Add("principals", "lists nobody")
	}
	tokens := map[[sha256.Size]byte]string{}
	for i, p := range d.principals {
		path := fmt.Sprintf("principals[%d]", i)
		checkID(faults, path, p.ID)
		checkOwnID(faults, path, p)
		if _, twice := d.byID[p.ID]; twice {
			faults.Add(path+".id", "%q is listed twice", p.ID)
		}
		d.byID[p.ID] = i
		if !cleantext.Shows(p.Name) {
			faults.Add(path+".name", "is missing")
		}
		checkRoles(faults, path, p.Roles)
		if p.Service && len(p.OIDC) > 0 {
			faults.Add(path+".oidc", "a service does not sign in")
		}
		p.Notify.check(faults, path)
		hash, ok := readToken(faults, path, p)
		if other, twice := tokens[hash]; ok && twice {
			faults.Add(path, "has the same token as %q", other)
		}
		tokens[hash] = p.ID
		d.hashes = append(d.hashes, hash)
	}
}

func (d *people) readGroups(faults *yamlstrict.Faults) {
	for i, g := range d.groups {
		path := fmt.Sprintf("groups[%d]", i)
		checkID(faults, path, g.ID)
		g.Notify.check(faults, path)
		if _, twice := d.byGroup[g.ID]; twice {
			faults.Add(path+".id", "%q is listed twice", g.ID)
		}
		for j, member := range g.Members {
			k, known := d.byID[member]
			switch {
			case !known:
				faults.Add(fmt.Sprintf("%s.members[%d]", path, j), "%q is not a principal", member)
			case slices.Contains(g.Members[:j], member):
				faults.Add(fmt.Sprintf("%s.members[%d]", path, j), "%q is listed twice", member)
			default:
				d.principals[k].Groups = append(d.principals[k].Groups, g.ID)
			}
		}
		d.byGroup[g.ID] = slices.Sorted(slices.Values(g.Members))
	}
}

func checkID(faults *yamlstrict.Faults, path, id string) {
	if !ValidID(id) {
		faults.Add(path+".id", "%q is not an id: lower-case letters, digits, dots, hyphens and underscores, 64 at most", id)
	}
}

// ValidID keeps ids to what fits into workflow search attributes, question ids and addresses without escaping.
func ValidID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for i, r := range id {
		letter := r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
		if !letter && (i == 0 || r != '.' && r != '-' && r != '_') {
			return false
		}
	}
	return true
}

func checkRoles(faults *yamlstrict.Faults, path string, roles []string) {
	if len(roles) == 0 {
		faults.Add(path+".roles", "at least one role is needed")
	}
	for i, role := range roles {
		if !slices.Contains(access.Roles(), access.Role(role)) {
			faults.Add(fmt.Sprintf("%s.roles[%d]", path, i), "%q is not one of %v", role, access.Roles())
		}
	}
}

func readToken(faults *yamlstrict.Faults, path string, p Principal) (hash [sha256.Size]byte, ok bool) {
	switch {
	case p.Token == "" && p.TokenSHA256 == "":
		if len(p.OIDC) == 0 && p.Person() { // administrators make the tokens of services and agents
			faults.Add(path, "has neither token nor token_sha256 nor oidc")
		}
		return hash, false
	case p.Token != "" && p.TokenSHA256 != "":
		faults.Add(path, "has both token and token_sha256")
		return hash, false
	case p.Token != "":
		return sha256.Sum256([]byte(p.Token)), true
	}
	raw, err := hex.DecodeString(p.TokenSHA256)
	if err != nil || len(raw) != sha256.Size {
		faults.Add(path+".token_sha256", "is not the SHA-256 of a token in 64 hexadecimal digits")
		return hash, false
	}
	copy(hash[:], raw)
	return hash, true
}

// byToken finds the owner of a token. Every hash is compared, in constant time, so that timing reveals nothing.
func (d *people) byToken(token string) (Principal, bool) {
	hash := sha256.Sum256([]byte(token))
	found := -1
	for i := range d.hashes {
		if subtle.ConstantTimeCompare(hash[:], d.hashes[i][:]) == 1 {
			found = i
		}
	}
	if found < 0 || token == "" {
		return Principal{}, false
	}
	return d.principals[found], true
}
