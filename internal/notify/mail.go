package notify

import (
	"strings"

	"golang.org/x/time/rate"
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
