package app

import (
	"fmt"
	"log/slog"
	"net"

	"leanpmo/activities"
	"leanpmo/api"
	"leanpmo/internal/delivery"
	"leanpmo/internal/delivery/native"
	"leanpmo/internal/store"
)

// minSecret is the shortest token or secret accepted: shorter ones can be guessed.
const minSecret = 24

// delivery returns the client of the delivery API, or nil when none is configured: then no work items are opened.
func (c Config) delivery() (activities.Delivery, error) {
	if c.DeliveryURL == "" && c.DeliveryToken == "" {
		return nil, nil
	}
	if len(c.DeliveryToken) < minSecret {
		return nil, errShortToken
	}
	base := c.DeliveryURL
	if base == "" {
		base = "http://" + c.HTTPAddr + delivery.Prefix
	}
	guard, err := c.guard()
	if err != nil {
		return nil, err
	}
	client, err := delivery.NewClient(base, c.DeliveryToken, guard)
	if err != nil {
		return nil, misconfigured([]error{fmt.Errorf("PMO_DELIVERY_URL %w", err)})
	}
	return client, nil
}

var errShortToken = misconfigured([]error{fmt.Errorf("PMO_DELIVERY_TOKEN needs at least %d characters", minSecret)})

// serveDelivery adds our own delivery API, for teams without a tool, and the webhook for the reports of tools.
func (c Config) serveDelivery(deps *api.Deps, s *store.Store, log *slog.Logger) error {
	if c.WebhookSecret != "" {
		secret, err := delivery.NewSecret(c.WebhookSecret)
		if err != nil {
			return misconfigured([]error{fmt.Errorf("PMO_WEBHOOK_SECRET: %w", err)})
		}
		deps.Webhooks = secret
	}
	if c.DeliveryToken == "" {
		return nil
	}
	if len(c.DeliveryToken) < minSecret {
		return errShortToken
	}
	handler, err := delivery.NewHandler(native.New(s), c.DeliveryToken, log)
	if err != nil {
		return err
	}
	deps.Delivery = handler
	return nil
}

// address is where links lead people: PMO_PUBLIC_URL, or what the listening address says; empty when that means every interface.
func (c Config) address() string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	host, _, err := net.SplitHostPort(c.HTTPAddr)
	if ip := net.ParseIP(host); err != nil || host == "" || ip != nil && ip.IsUnspecified() {
		return ""
	}
	return "http://" + c.HTTPAddr
}
