package client

import (
	"context"
	"net/http"
	"net/url"

	"leanpmo/internal/wire"
)

// chatPath is the path of the caller's own chat, or of that of a group or portfolio.
func chatPath(endpoint string) string {
	if endpoint == "" {
		return "/v1/me/chat"
	}
	return "/v1/chats/" + url.PathEscape(endpoint)
}

// OwnChat reads in which chat the caller is told.
func (c *Client) OwnChat(ctx context.Context) (*Answer[wire.OwnChat], error) {
	return do[wire.OwnChat](ctx, c, get(chatPath(""), nil))
}

// Chats reads the chats of groups and portfolios.
func (c *Client) Chats(ctx context.Context) (*Answer[wire.Chats], error) {
	return do[wire.Chats](ctx, c, get("/v1/chats", nil))
}

// SetChat sets the address of a chat: of a group or portfolio, or the caller's own where endpoint is empty.
func (c *Client) SetChat(ctx context.Context, endpoint string, form wire.SetChat) error {
	return c.ofChat(ctx, http.MethodPut, chatPath(endpoint), form)
}

// RemoveChat removes the address of a chat.
func (c *Client) RemoveChat(ctx context.Context, endpoint string) error {
	return c.ofChat(ctx, http.MethodDelete, chatPath(endpoint), nil)
}

// TestChat sends a test to a chat.
func (c *Client) TestChat(ctx context.Context, endpoint string) error {
	return c.ofChat(ctx, http.MethodPost, chatPath(endpoint)+"/test", nil)
}

func (c *Client) ofChat(ctx context.Context, method, path string, body any) error {
	_, err := do[struct{}](ctx, c, call{method: method, path: path, body: body, repeatable: method == http.MethodPut})
	return err
}
