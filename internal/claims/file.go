// Package claims says which OpenID providers sign people in, and what follows from the claims of one: whether somebody is admitted, with
// which name, roles and groups. The rules come from one YAML file and are pure.
package claims

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"leanpmo/internal/access"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/directory"
	"leanpmo/internal/yamlstrict"
)

// Settings are the providers that sign people in, and the groups that claims fill.
type Settings struct {
	Groups    []Group    `json:"groups"`
	Providers []Provider `json:"providers"`
}

// Group is a group whose members come from claims. The directory file wins for groups it names.
type Group struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Provider is one OpenID provider.
type Provider struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"` // on the button
	Issuer     string            `json:"issuer"`
	ClientID   string            `json:"client_id"`
	SecretFile string            `json:"client_secret_file"` // relative to the settings; empty: a public client, protected by PKCE alone
	Scopes     []string          `json:"scopes"`
	Names      Names             `json:"claims"`
	Groups     map[string]string `json:"groups"` // value of the claim to our group
	Roles      map[string]string `json:"roles"`  // value of the claim to our role
	Require    *Require          `json:"require"`
	Domains    []string          `json:"email_domains"` // of a verified address
	Admit      string            `json:"admit"`
	LinkBy     string            `json:"link_by"` // claim that is the id of people whom the directory file lists with this issuer and no subject
}

// Names are the claims to read. A name with dots may lead into a claim: realm_access.roles.
type Names struct {
	Name     string `json:"name"`
	Email    string `json:"email"`
	Username string `json:"username"`
	Groups   string `json:"groups"`
	Roles    string `json:"roles"`
}

// Require is a claim that must have one of the values.
type Require struct {
	Claim  string   `json:"claim"`
	Values []string `json:"values"`
}

// Whom a provider admits.
const (
	AdmitListed    = "listed"    // people of the directory file alone
	AdmitEverybody = "everybody" // also others, as requesters, with the roles and groups of their claims
)

// Most of what a file may hold, and the longest texts of a claim.
const (
	mostProviders = 20
	mostMapped    = 1000
	longestValue  = 256
)

// Read reads settings, or returns all their faults as yamlstrict.Faults.
func Read(src []byte) (Settings, error) {
	var s Settings
	if faults := yamlstrict.Decode(src, &s); len(faults) > 0 {
		return Settings{}, faults
	}
	for i := range s.Providers {
		s.Providers[i].complete()
	}
	return s, s.check()
}

// Load reads a file of settings. Paths of secrets in it are relative to its folder.
func Load(path string) (Settings, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return Settings{}, err
	}
	s, err := Read(src)
	if err != nil {
		return Settings{}, fmt.Errorf("%s: %w", path, err)
	}
	for i := range s.Providers {
		if file := &s.Providers[i].SecretFile; *file != "" && !filepath.IsAbs(*file) {
			*file = filepath.Join(filepath.Dir(path), *file)
		}
	}
	return s, nil
}

// Single are the settings of one provider that the environment names: it signs in people of the directory file alone.
func Single(issuer, clientID, linkBy string) Settings {
	p := Provider{ID: "oidc", Issuer: issuer, ClientID: clientID, LinkBy: linkBy}
	p.complete()
	return Settings{Providers: []Provider{p}}
}

// complete sets what a provider does not say.
func (p *Provider) complete() {
	if len(p.Scopes) == 0 {
		p.Scopes = []string{"openid", "profile", "email"}
	}
	if p.Admit == "" {
		p.Admit = AdmitListed
	}
	for claim, usual := range map[*string]string{&p.Names.Name: "name", &p.Names.Email: "email", &p.Names.Username: "preferred_username"} {
		if *claim == "" {
			*claim = usual
		}
	}
	for i := range p.Domains {
		p.Domains[i] = strings.ToLower(p.Domains[i])
	}
}

func (s Settings) check() error {
	var faults yamlstrict.Faults
	declared := map[string]bool{}
	for i, g := range s.Groups {
		path := fmt.Sprintf("groups[%d]", i)
		checkID(&faults, path+".id", g.ID)
		if declared[g.ID] {
			faults.Add(path+".id", "%q is listed twice", g.ID)
		}
		if !cleantext.Shows(g.Name) {
			faults.Add(path+".name", "is missing")
		}
		declared[g.ID] = true
	}
	switch n := len(s.Providers); {
	case n == 0:
		faults.Add("providers", "lists none")
	case n > mostProviders:
		faults.Add("providers", "lists %d; %d at most", n, mostProviders)
	}
	for i, p := range s.Providers {
		path := fmt.Sprintf("providers[%d]", i)
		p.check(&faults, path)
		for _, other := range s.Providers[:i] {
			if other.ID == p.ID {
				faults.Add(path+".id", "%q is listed twice", p.ID)
			}
			if other.Issuer == p.Issuer {
				faults.Add(path+".issuer", "is the issuer of %q too", other.ID)
			}
		}
		for value, group := range p.Groups {
			if !declared[group] {
				faults.Add(join(path+".groups", value), "%q is not among the groups of this file", group)
			}
		}
	}
	slices.SortStableFunc(faults, func(a, b yamlstrict.Fault) int { return strings.Compare(a.Path, b.Path) }) // maps have no order
	return faults.Err()
}

func (p Provider) check(faults *yamlstrict.Faults, path string) {
	checkID(faults, path+".id", p.ID)
	if !cleantext.Shows(p.Name) {
		faults.Add(path+".name", "is missing: what people read on the button")
	}
	if !SafeAddress(p.Issuer) {
		faults.Add(path+".issuer", "is not an address like https://id.example.org; http is for loopback only")
	}
	if p.ClientID == "" {
		faults.Add(path+".client_id", "is missing: what the provider calls this product")
	}
	if !slices.Contains(p.Scopes, "openid") {
		faults.Add(path+".scopes", "must hold openid")
	}
	if p.Admit != AdmitListed && p.Admit != AdmitEverybody {
		faults.Add(path+".admit", "%q is neither %s nor %s", p.Admit, AdmitListed, AdmitEverybody)
	}
	p.checkMapping(faults, path)
	if r := p.Require; r != nil && (r.Claim == "" || len(r.Values) == 0) {
		faults.Add(path+".require", "needs claim and values")
	}
	for i, domain := range p.Domains {
		if domain == "" || strings.ContainsAny(domain, "@ /*") {
			faults.Add(fmt.Sprintf("%s.email_domains[%d]", path, i), "is not a domain like example.org")
		}
	}
}

func (p Provider) checkMapping(faults *yamlstrict.Faults, path string) {
	for name, m := range map[string]struct {
		claim  string
		mapped map[string]string
	}{"groups": {p.Names.Groups, p.Groups}, "roles": {p.Names.Roles, p.Roles}} {
		if len(m.mapped) > 0 && m.claim == "" {
			faults.Add(path+".claims."+name, "is missing: the claim that %s.%s maps", path, name)
		}
		if len(m.mapped) > mostMapped {
			faults.Add(path+"."+name, "maps %d values; %d at most", len(m.mapped), mostMapped)
		}
	}
	for value, role := range p.Roles {
		if !slices.Contains(access.Roles(), access.Role(role)) {
			faults.Add(join(path+".roles", value), "%q is not one of %v", role, access.Roles())
		}
	}
}

func checkID(faults *yamlstrict.Faults, path, id string) {
	if !directory.ValidID(id) {
		faults.Add(path, "%q is not an id: lower-case letters, digits, dots, hyphens and underscores, 64 at most", id)
	}
}

func join(path, key string) string { return path + "." + cleantext.Short(key) }

// SafeAddress reports whether nobody between can change what an address answers: https, or http on loopback.
func SafeAddress(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && Loopback(u.Hostname())
}

// Loopback reports whether a host is this machine.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
