package directory

import "net/mail"

// longestMail is the longest e-mail address of a path of SMTP.
const longestMail = 254

// MailAddress is where mails for the person go; empty when the directory has no address that can be used. Nobody has proven to us that an
// address of claims is theirs.
func (p Principal) MailAddress() string {
	if !p.Person() || p.Claims || len(p.Email) > longestMail {
		return ""
	}
	if a, err := mail.ParseAddress(p.Email); err != nil || a.Address != p.Email {
		return ""
	}
	return p.Email
}
