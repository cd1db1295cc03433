package mailintake

import (
	"strings"

	"github.com/emersion/go-msgauth/authres"
)

// proved reports whether the relay says that a mail is of the domain of its sender: DMARC passed, or DKIM or SPF passed for exactly that domain. Of the Authentication-Results only the
// newest one of our relay counts: those below may have come with the mail.
func proved(results []string, authserv, sender string) bool {
	_, domain, _ := strings.Cut(sender, "@")
	for _, field := range results {
		field, whole := withoutComments(field)
		id, _, _ := strings.Cut(strings.TrimSpace(field), ";")
		if name, _, _ := strings.Cut(strings.TrimSpace(id), " "); !strings.EqualFold(name, authserv) {
			continue
		}
		if !whole {
			return false
		}
		_, found, err := authres.Parse(field)
		return err == nil && domain != "" && passes(found, domain)
	}
	return false
}

func passes(found []authres.Result, domain string) bool {
	failed, passed := false, false
	for _, f := range found {
		switch r := f.(type) {
		case *authres.DMARCResult:
			same := r.From == "" || sameDomain(r.From, domain)
			passed = passed || r.Value == authres.ResultPass && same
			failed = failed || r.Value == authres.ResultFail
		case *authres.DKIMResult:
			passed = passed || r.Value == authres.ResultPass && sameDomain(r.Domain, domain)
		case *authres.SPFResult:
			passed = passed || r.Value == authres.ResultPass && sameDomain(r.From, domain)
		}
	}
	return passed && !failed
}

// sameDomain compares the domain of an address, or a domain, with a domain.
func sameDomain(address, domain string) bool {
	if i := strings.LastIndex(address, "@"); i >= 0 {
		address = address[i+1:]
	}
	return address != "" && strings.EqualFold(strings.TrimSuffix(address, "."), domain)
}

// withoutComments is a header field without its comments and without what is in quotes: a sender chooses some of what stands there, such as the name before the @ of the envelope, and could
// write a result into it that the relay did not find. It reports whether every comment and quote ends.
func withoutComments(field string) (string, bool) {
	var b strings.Builder
	depth, quoted, escaped := 0, false, false
	for _, r := range field {
		switch {
		case escaped:
			escaped = false
		case r == '\\' && (quoted || depth > 0):
			escaped = true
		case r == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String(), depth == 0 && !quoted
}
