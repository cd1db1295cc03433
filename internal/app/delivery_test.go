package app

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/api"
)

const goodToken = "a-token-of-at-least-24-characters"

func TestDeliveryConfig(t *testing.T) {
	for name, c := range map[string]struct {
		Config
		on   bool
		want string
	}{
		"nothing":       {Config{}, false, ""},
		"our own":       {Config{HTTPAddr: "127.0.0.1:8080", DeliveryToken: goodToken}, true, ""},
		"another":       {Config{DeliveryURL: "https://adapter.example/delivery/v1", DeliveryToken: goodToken}, true, ""},
		"no token":      {Config{DeliveryURL: "https://adapter.example"}, false, "PMO_DELIVERY_TOKEN"},
		"short token":   {Config{DeliveryToken: "short"}, false, "PMO_DELIVERY_TOKEN"},
		"no address":    {Config{DeliveryURL: "adapter.example", DeliveryToken: goodToken}, false, "PMO_DELIVERY_URL"},
		"with password": {Config{DeliveryURL: "https://a:b@adapter.example", DeliveryToken: goodToken}, false, "PMO_DELIVERY_URL"},
	} {
		t.Run(name, func(t *testing.T) {
			tool, err := c.Config.delivery()
			require.Equal(t, c.on, tool != nil)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, ErrConfig)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "a:b")
		})
	}
}

func TestServeDelivery(t *testing.T) {
	discard := slog.New(slog.DiscardHandler)
	var deps api.Deps
	require.NoError(t, Config{}.serveDelivery(&deps, nil, discard))
	require.Nil(t, deps.Delivery)
	require.Nil(t, deps.Webhooks)
	require.NoError(t, Config{DeliveryToken: goodToken, WebhookSecret: goodToken}.serveDelivery(&deps, nil, discard))
	require.NotNil(t, deps.Delivery)
	require.NotNil(t, deps.Webhooks)
	require.ErrorIs(t, Config{DeliveryToken: "short"}.serveDelivery(&deps, nil, discard), ErrConfig)
	require.ErrorIs(t, Config{WebhookSecret: "short"}.serveDelivery(&deps, nil, discard), ErrConfig)
}

func TestPublicURL(t *testing.T) {
	for addr, want := range map[string]string{"127.0.0.1:8080": "http://127.0.0.1:8080", "pmo.example:80": "http://pmo.example:80", "0.0.0.0:8080": "", ":8080": "", "[::]:80": "", "x": ""} {
		require.Equal(t, want, Config{HTTPAddr: addr}.address(), addr)
	}
	require.Equal(t, "https://pmo.example.org", Config{HTTPAddr: "0.0.0.0:8080", PublicURL: "https://pmo.example.org"}.address())
}

func TestAdapterFromEnv(t *testing.T) {
	_, err := AdapterFromEnv(vars(map[string]string{"PMO_SERVER_URL": "https://pmo.example"}), "github", "127.0.0.1:0")
	require.ErrorIs(t, err, ErrConfig)
	for _, name := range []string{"PMO_DELIVERY_TOKEN", "PMO_TOOL_TOKEN", "PMO_WEBHOOK_SECRET", "PMO_TOOL_WEBHOOK_SECRET"} {
		require.ErrorContains(t, err, name)
	}
	c, err := AdapterFromEnv(vars(map[string]string{"PMO_DELIVERY_TOKEN": goodToken, "PMO_TOOL_TOKEN": "t", "PMO_TOOL_PROJECT": "acme/delivery",
		"PMO_SERVER_URL": "https://pmo.example", "PMO_WEBHOOK_SECRET": goodToken, "PMO_TOOL_WEBHOOK_SECRET": goodToken}), "github", "127.0.0.1:0")
	require.NoError(t, err)
	h, err := c.handler(slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	for path, want := range map[string]int{"/livez": 204, "/delivery/openapi.json": 200, "/delivery/v1/work-items/1": 401, "/hooks/gitlab": 404} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
		require.Equal(t, want, rec.Code, path)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/hooks/github", nil))
	require.Equal(t, http.StatusUnauthorized, rec.Code)
	require.ErrorIs(t, ServeAdapter(t.Context(), AdapterConfig{Tool: "trello", Token: goodToken}, slog.New(slog.DiscardHandler)), ErrConfig)
}
