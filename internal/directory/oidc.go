package directory

import (
	"fmt"
	"net/url"
	"slices"

	"leanpmo/internal/yamlstrict"
)

// Identity is who a principal is to an OpenID provider. Without a subject, the provider's claim that the setting PMO_OIDC_CLAIM names must
// be the principal's id: names can be given to somebody else, subjects cannot.
type Identity struct {
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
}

func (d *people) readIdentities(faults *yamlstrict.Faults) {
	owners := map[Identity]string{}
	for i, p := range d.principals {
		for j, identity := range p.OIDC {
			path := fmt.Sprintf("principals[%d].oidc[%d]", i, j)
			if u, err := url.Parse(identity.Issuer); err != nil || u.Host == "" {
				faults.Add(path+".issuer", "is not the address of a provider")
			}
			other, twice := owners[identity]
			if twice && (identity.Subject != "" || other == p.ID) {
				faults.Add(path, "is also an identity of %q", other)
			}
			owners[identity] = p.ID
		}
	}
}

// byIdentity finds who somebody is that a provider signed in: the principal with this subject, else the one whose id is the name and who is
// listed without a subject.
func (d *people) byIdentity(issuer, subject, name string) (Principal, bool) {
	if issuer == "" || subject == "" {
		return Principal{}, false
	}
	for _, p := range d.principals {
		if p.hasIdentity(Identity{Issuer: issuer, Subject: subject}) {
			return p, true
		}
	}
	p, known := d.principal(name)
	if !known || !p.hasIdentity(Identity{Issuer: issuer}) {
		return Principal{}, false
	}
	return p, true
}

func (p Principal) hasIdentity(wanted Identity) bool { return slices.Contains(p.OIDC, wanted) }
