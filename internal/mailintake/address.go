package mailintake

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"net/mail"
	"strings"
)

// Addresses are the address of the intake, and those that lead to one request for one person: pmo+R-42.TAG@example.org. The tag is signed, so that an address that nobody was given
// leads nowhere; it gives no right, which the sender needs besides.
type Addresses struct {
	Base   string                                    // such as pmo@example.org
	Secret func(ctx context.Context) ([]byte, error) // the same at all servers
}

// tagLength is how many of the base32 digits of the signature an address has: 100 bits, and a local part stays below the 64 characters that mail has.
const tagLength = 20

// CheckAddress says why a text cannot be the address of the intake.
func CheckAddress(text string) error {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || a.Name != "" || len(text) > 254 {
		return fmt.Errorf("%q is not an address like pmo@example.org", text)
	}
	if local, _, _ := strings.Cut(text, "@"); strings.Contains(local, "+") || len(local) > 24 || strings.ContainsAny(local, `" `) {
		return fmt.Errorf("%q has a part before the @ that is longer than 24 characters, or has a + or a quote", text)
	}
	return nil
}

// Domain is the part after the @.
func (a Addresses) Domain() string {
	_, domain, _ := strings.Cut(a.Base, "@")
	return domain
}

// Of is the address at which a person's mail becomes a comment on a request; ref is its number, such as R-42.
func (a Addresses) Of(ctx context.Context, person, ref string) (string, error) {
	tag, err := a.tag(ctx, person, ref)
	local, domain, _ := strings.Cut(a.Base, "@")
	return local + "+" + ref + "." + tag + "@" + domain, err
}

func (a Addresses) tag(ctx context.Context, person, ref string) (string, error) {
	secret, err := a.Secret(ctx)
	if err != nil {
		return "", fmt.Errorf("read the secret of addresses: %w", err)
	}
	h := hmac.New(sha256.New, secret)
	fmt.Fprintf(h, "mail address\n%d %s %s", len(person), person, strings.ToUpper(ref))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(h.Sum(nil)))[:tagLength], nil
}

// recipient is an address of ours, taken apart.
type recipient struct {
	plus bool   // it has a part after a +
	ref  string // of that part: the request
	tag  string
}

// read takes an address apart; false when it is none of ours. Programs on the way may have changed the case of letters.
func (a Addresses) read(address string) (recipient, bool) {
	local, domain, _ := strings.Cut(address, "@")
	base, ours, _ := strings.Cut(a.Base, "@")
	name, extra, plus := strings.Cut(local, "+")
	if !strings.EqualFold(domain, ours) || !strings.EqualFold(name, base) {
		return recipient{}, false
	}
	ref, tag, _ := strings.Cut(extra, ".")
	return recipient{plus: plus, ref: strings.ToUpper(ref), tag: strings.ToLower(tag)}, true
}

// leads reports whether the address was given to the person.
func (a Addresses) leads(ctx context.Context, r recipient, person string) (bool, error) {
	tag, err := a.tag(ctx, person, r.ref)
	return err == nil && hmac.Equal([]byte(r.tag), []byte(tag)), err
}
