package notify

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/time/rate"

	"leanpmo/internal/store"
)

// isMail reports whether an endpoint is reached by mail.
func isMail(endpoint string) bool { return strings.HasPrefix(endpoint, KindMail+":") }

// senderTo is what sends to an address.
func (d *Dispatcher) senderTo(to Address) Sender {
	if to.Mail != "" {
		return d.Mail
	}
	return d.Sender
}

// mailRate allows so many mails a minute, evenly: a second's worth at once.
func mailRate(perMinute int) *rate.Limiter {
	if perMinute < 1 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	return rate.NewLimiter(rate.Limit(float64(perMinute)/60), (perMinute+59)/60)
}

// allowed reports whether the rate allows a message now. A mail beyond it stays pending, which is no failed attempt.
func (d *Dispatcher) allowed(endpoint string) bool {
	return !isMail(endpoint) || d.mailRate.AllowN(d.Now(), 1)
}

// withoutUnsubscribed leaves out the mails of kinds that their recipients have unsubscribed from. What asks for an answer is sent whatever they
// chose.
func (d *Dispatcher) withoutUnsubscribed(ctx context.Context, all []*told) ([]*told, error) {
	var people []string
	for _, t := range all {
		if isMail(t.Endpoint) {
			people = append(people, t.to...)
		}
	}
	if len(people) == 0 {
		return all, nil
	}
	off, err := d.Store.Unsubscribed(ctx, people)
	if err != nil || len(off) == 0 {
		return all, err
	}
	return slices.DeleteFunc(all, func(t *told) bool {
		kind := t.mailKind()
		return isMail(t.Endpoint) && kind != MailAsked && slices.ContainsFunc(off, func(l store.MailLink) bool {
			return slices.Contains(t.to, l.Person) && l.Kind == string(kind)
		})
	}), nil
}

// mailKind is the kind of the mail about a moment.
func (t *told) mailKind() MailKind {
	main := t.main()
	if asksForAnswer(main.Event) {
		return MailAsked
	}
	return mailKindOf(main.Entry.Event)
}
