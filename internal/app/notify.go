package app

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"leanpmo/api"
	"leanpmo/internal/directory"
	"leanpmo/internal/notify"
	"leanpmo/internal/outbound"
	"leanpmo/internal/sealed"
	"leanpmo/internal/version"
)

// startNotifier starts the notifications and returns a function that stops them. Errors after the start do not stop the worker.
func (p *dependencies) startNotifier(ctx context.Context, c Config, log *slog.Logger) (stop func(), err error) {
	sender, err := c.sender(p.directory)
	if err != nil {
		return nil, err
	}
	keys, err := c.secretsKeys()
	if err != nil {
		return nil, err
	}
	d := notify.Deps{Keys: keys, Store: p.store, Directory: p.directory, Sender: sender, Policy: p.policy, Link: c.address(), Log: log}
	mails, err := c.mailSender(p.directory, p.store)
	if err != nil {
		return nil, err
	}
	if mails != nil {
		d.Mail, d.MailsPerMinute = mails, c.MailsPerMinute
	}
	if c.NotifyFile != "" {
		if d.Journal, err = notify.OpenJournal(c.NotifyFile); err != nil {
			return nil, misconfigured([]error{fmt.Errorf("PMO_NOTIFY_FILE: %w", err)})
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		notify.New(d).Serve(ctx)
	}()
	return func() {
		cancel()
		<-ended
		if mails != nil {
			mails.Server.Close()
		}
		if d.Journal != nil {
			if err := d.Journal.Close(); err != nil {
				log.WarnContext(ctx, "close the file of notifications", "cause", err)
			}
		}
	}, nil
}

// secretsKeys are the keys that seal the addresses of chats people set.
func (c Config) secretsKeys() (sealed.Keys, error) {
	keys, err := sealed.ParseKeys(c.SecretsKey)
	if err != nil {
		return keys, misconfigured([]error{fmt.Errorf("PMO_SECRETS_KEY: %w", err)})
	}
	return keys, nil
}

// chats are what the addresses of chats are kept and judged with.
func (c Config) chats() (api.ChatSettings, error) {
	guard, err := c.guard()
	if err != nil {
		return api.ChatSettings{}, err
	}
	keys, err := c.secretsKeys()
	return api.ChatSettings{Keys: keys, Guard: guard}, err
}

// notifiable reports whether messages can be signed for every webhook of the directory.
func (c Config) notifiable(people *directory.Directory) error {
	_, err := c.sender(people)
	return err
}

// guard says which addresses are called: the same for webhooks, tools and adapters, apart from whose address it is.
func (c Config) guard() (outbound.Guard, error) { return guardOf(c.NotifyAllowCIDRs) }

func guardOf(cidrs string) (outbound.Guard, error) {
	guard, err := outbound.ParseGuard(cidrs)
	if err != nil {
		return guard, misconfigured([]error{fmt.Errorf("PMO_NOTIFY_ALLOW_CIDRS: %w", err)})
	}
	return guard, nil
}

// sender sends messages to the addresses of the directory. Without a secret it sends to chats alone.
func (c Config) sender(people *directory.Directory) (notify.Sender, error) {
	guard, err := c.guard()
	if err != nil {
		return nil, err
	}
	var secrets notify.Secrets
	if c.NotifySecret != "" {
		if secrets, err = notify.ParseSecrets(c.NotifySecret); err != nil {
			return nil, misconfigured([]error{fmt.Errorf("PMO_NOTIFY_SECRET: %w", err)})
		}
	}
	switch without := strings.Join(notify.Uncovered(people, secrets), ", "); {
	case without == "":
		return notify.NewWebhook(secrets, guard, "leanpmo/"+version.Number), nil
	case c.NotifySecret == "":
		return nil, misconfigured([]error{fmt.Errorf("PMO_NOTIFY_SECRET_FILE is missing: the directory names webhooks (%s)", without)})
	default:
		return nil, misconfigured([]error{fmt.Errorf("PMO_NOTIFY_SECRET has no secret for %s and none for all endpoints", without)})
	}
}
