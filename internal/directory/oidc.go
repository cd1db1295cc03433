package directory

import (
	"fmt"
	"net/url"
	"slices"

	"leanpmo/internal/yamlstrict"
)

// Identity is who a principal is to an OpenID provider. Without a subject, the claim that the provider is trusted for must be the
// principal's id at the first sign-in; the subject of that sign-in is theirs from then on.
type Identity struct {
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
}

func (d *people) readIdentities(faults *yamlstrict.Faults) {
	d.subjects = map[Identity]int{}
	for i, p := range d.principals {
		for j, identity := range p.OIDC {
			path := fmt.Sprintf("principals[%d].oidc[%d]", i, j)
			if u, err := url.Parse(identity.Issuer); err != nil || u.Host == "" {
				faults.Add(path+".issuer", "is not the address of a provider")
			}
			other, twice := d.subjects[identity]
			switch {
			case identity.Subject == "" && slices.Contains(p.OIDC[:j], identity):
				faults.Add(path, "is also an identity of %q", p.ID)
			case identity.Subject == "":
			case twice:
				faults.Add(path, "is also an identity of %q", d.principals[other].ID)
			default:
				d.subjects[identity] = i
			}
		}
	}
}

// bySubject finds the person of the file with an identity.
func (d *people) bySubject(issuer, subject string) (Principal, bool) {
	i, known := d.subjects[Identity{Issuer: issuer, Subject: subject}]
	if !known || issuer == "" || subject == "" {
		return Principal{}, false
	}
	return d.principals[i], true
}

// byLink finds the person of the file whom a claim may name: listed with the issuer, and without a subject.
func (d *people) byLink(issuer, id string) (Principal, bool) {
	p, known := d.principal(id)
	if !known || !slices.Contains(p.OIDC, Identity{Issuer: issuer}) {
		return Principal{}, false
	}
	return p, true
}
