package mail

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"leanpmo/internal/notify"
)

// reasonSlow is the reason when the time of an attempt is over.
const reasonSlow = "the mail server did not answer in time"

// failureOf says how to go on after an attempt. Its reason holds what the server answered as a number: its words often repeat the address.
func failureOf(err error) error {
	if err == nil {
		return nil
	}
	var sent *gomail.SendError
	if errors.As(err, &sent) && sent.ErrorCode() >= 400 {
		return answered(sent)
	}
	return &notify.Failure{Reason: reasonOf(err)}
}

// answered is the failure of a mail that the server refused.
func answered(e *gomail.SendError) *notify.Failure {
	code := e.ErrorCode()
	switch {
	case code < 500:
		return &notify.Failure{Reason: fmt.Sprintf("the mail server answered %d", code)}
	case e.Reason == gomail.ErrSMTPMailFrom: // it refuses us, whatever the mail; who runs the product can change that
		return &notify.Failure{Reason: fmt.Sprintf("the mail server refused the sender: %d", code)}
	}
	return &notify.Failure{Reason: fmt.Sprintf("refused by the mail server: %d", code), Final: true, Gone: bounced(e)}
}

// unknownMailbox are the answers that say that there is no such mailbox (RFC 5321, 4.2.3), where no enhanced code says more.
var unknownMailbox = []int{550, 551, 553}

// bounced reports whether the server refused the address, and so refuses every mail to it (RFC 3463: 5.1.x about the address, 5.2.1 about the
// mailbox). A refusal by its rules (5.7.x) is about this mail or its sender.
func bounced(e *gomail.SendError) bool {
	if e.Reason != gomail.ErrSMTPRcptTo {
		return false
	}
	if enhanced := e.EnhancedStatusCode(); enhanced != "" {
		return strings.HasPrefix(enhanced, "5.1.") || enhanced == "5.2.1"
	}
	return slices.Contains(unknownMailbox, e.ErrorCode())
}

// reasonOf describes a failed conversation without addresses.
func reasonOf(err error) string {
	var answer *textproto.Error
	var certificate *tls.CertificateVerificationError
	var network net.Error
	switch {
	case errors.As(err, &answer) && strings.Contains(err.Error(), "AUTH"):
		return fmt.Sprintf("the mail server refused the sign-in: %d", answer.Code)
	case errors.As(err, &answer):
		return fmt.Sprintf("the mail server answered %d", answer.Code)
	case errors.As(err, &certificate):
		return "the certificate of the mail server is not valid"
	case errors.As(err, &network) && network.Timeout():
		return reasonSlow
	case strings.Contains(err.Error(), "STARTTLS"):
		return "the mail server offers no TLS"
	case strings.Contains(err.Error(), "AUTH"):
		return "the mail server offers no sign-in that can be used"
	}
	return "the connection to the mail server failed"
}
