package app

import (
	"errors"
	"fmt"
	netmail "net/mail"

	"leanpmo/internal/directory"
	"leanpmo/internal/mail"
)

// defaultMailsPerMinute is what most mail servers take from one sender.
const defaultMailsPerMinute = 300

// mailSender sends mails; nil without a mail server.
func (c Config) mailSender(people *directory.Directory) (*mail.Sender, error) {
	if c.SMTPAddress == "" {
		return nil, nil
	}
	var faults []error
	fault := func(name string, err error) { faults = append(faults, fmt.Errorf("%s %w", name, err)) }
	from, err := netmail.ParseAddress(c.MailFrom)
	if err != nil {
		fault("PMO_MAIL_FROM", errors.New("is not an address like Lean PMO <pmo@example.org>"))
	}
	if (c.SMTPUser == "") != (c.SMTPPassword == "") {
		fault("PMO_SMTP_USER", errors.New("and PMO_SMTP_PASSWORD_FILE belong together: set both or none"))
	}
	server, err := mail.NewServer(mail.Settings{Address: c.SMTPAddress, User: c.SMTPUser, Password: c.SMTPPassword, TLS: c.SMTPTLS})
	if err != nil {
		fault("PMO_SMTP_ADDRESS", err)
	}
	if len(faults) > 0 {
		return nil, misconfigured(faults)
	}
	return &mail.Sender{Server: server, From: from, People: people}, nil
}
