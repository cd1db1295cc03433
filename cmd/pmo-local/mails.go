package main

import (
	"context"

	"leanpmo/internal/app"
	"leanpmo/internal/caught"
	"leanpmo/internal/mailcatcher"
)

// catchMails lets the local people's mails go to a mail server of this process, which keeps them for the page /mails. A directory of one's own has
// the mail server that the environment names, if any.
func (s *stack) catchMails(ctx context.Context, config *app.Config) error {
	if s.Directory != "" {
		return nil
	}
	config.Mails = &caught.Box{}
	catcher, err := mailcatcher.Start(ctx, config.Mails)
	if err != nil {
		return err
	}
	s.started(catcher.Close)
	config.SMTPAddress, config.SMTPUser, config.SMTPPassword, config.SMTPTLS = catcher.Address, "", "", false
	config.MailFrom, config.MailsPerMinute = "Lean PMO <pmo@example.test>", 0
	return nil
}
