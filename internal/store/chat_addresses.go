package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ChatAddress is a chat that somebody set the address of. The address is sealed; lists leave it out.
type ChatAddress struct {
	Endpoint string
	Format   string
	Sealed   []byte
	SetAt    time.Time
	SetBy    string
}

// SetChatAddress sets the address of an endpoint's chat in place of the one before, and enables the endpoint: a new address may take what the old one refused. The office
// ledger says who did it, and nothing of the address.
func (s *Store) SetChatAddress(ctx context.Context, c ChatAddress) error {
	return s.changeTx(ctx, "set a chat address", func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, "set a chat address", `
INSERT INTO chat_address (endpoint, format, sealed, set_at, set_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (endpoint) DO UPDATE SET format = excluded.format, sealed = excluded.sealed, set_at = excluded.set_at, set_by = excluded.set_by`,
			c.Endpoint, c.Format, c.Sealed, c.SetAt, c.SetBy); err != nil {
			return err
		}
		if _, err := write(ctx, tx, "set a chat address", `DELETE FROM notify_endpoint WHERE id = $1`, c.Endpoint); err != nil {
			return err
		}
		if err := raiseChats(ctx, tx); err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: c.SetAt, Actor: c.SetBy, Object: OfficeChannel, ID: c.Endpoint, Event: "address_set", Body: map[string]any{"format": c.Format}})
	})
}

// RemoveChatAddress removes the address of an endpoint's chat; ErrNotFound when there is none.
func (s *Store) RemoveChatAddress(ctx context.Context, endpoint, actor string, at time.Time) error {
	return s.changeTx(ctx, "remove a chat address", func(tx pgx.Tx) error {
		n, err := write(ctx, tx, "remove a chat address", `DELETE FROM chat_address WHERE endpoint = $1`, endpoint)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("chat address: %w", ErrNotFound)
		}
		if err := raiseChats(ctx, tx); err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: at, Actor: actor, Object: OfficeChannel, ID: endpoint, Event: "address_removed", Body: struct{}{}})
	})
}

func raiseChats(ctx context.Context, tx pgx.Tx) error {
	_, err := write(ctx, tx, "raise the version of chat addresses", `UPDATE chat_address_version SET version = version + 1`)
	return err
}

// ChatAddresses lists the chats that somebody set, without their addresses: of one endpoint, or of all that are no person's when it is empty.
func (s *Store) ChatAddresses(ctx context.Context, endpoint string) ([]ChatAddress, error) {
	return many(ctx, s.pool, "list chat addresses", pgx.RowToStructByPos[ChatAddress], `
SELECT endpoint, format, NULL::bytea, set_at, set_by FROM chat_address
WHERE CASE WHEN $1 = '' THEN endpoint NOT LIKE 'person:%' ELSE endpoint = $1 END ORDER BY endpoint LIMIT 1000`, endpoint)
}

// ChatVersion is raised with every change of a chat's address.
func (s *Store) ChatVersion(ctx context.Context) (int64, error) {
	return one(ctx, s.pool, "read the version of chat addresses", pgx.RowTo[int64], `SELECT version FROM chat_address_version`)
}

// SealedChats reads every chat with its sealed address, for whoever sends.
func (s *Store) SealedChats(ctx context.Context) ([]ChatAddress, error) {
	return many(ctx, s.pool, "read chat addresses", pgx.RowToStructByPos[ChatAddress], `SELECT endpoint, format, sealed, set_at, set_by FROM chat_address`)
}

// EventTest is the event of a message that only tries whether an endpoint's address works.
const EventTest = "test"

// testPause is how long after one test of an endpoint another may follow.
const testPause = 30 * time.Second

// QueueTest queues a message that tries an endpoint's address; ErrConflict while one is not sent yet, or was sent just now.
func (s *Store) QueueTest(ctx context.Context, n Notification, actor string) error {
	return s.changeTx(ctx, "queue a test", func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, "queue a test", `SELECT FROM notify_state FOR UPDATE`); err != nil { // two tests at once are one after the other
			return err
		}
		added, err := write(ctx, tx, "queue a test", `
INSERT INTO notification (id, request_id, endpoint, event, at, body, state, next_at)
SELECT $1, $2, $3, $4, $5, $6, 'pending', $5
WHERE NOT EXISTS (SELECT FROM notification WHERE endpoint = $3 AND event = $4 AND (state IN ('queued', 'pending') OR at > $7))`,
			n.ID, n.Request, n.Endpoint, EventTest, n.At, n.Body, n.At.Add(-testPause))
		if err != nil {
			return err
		}
		if added == 0 {
			return fmt.Errorf("test of an endpoint: %w", ErrConflict)
		}
		return logChange(ctx, tx, change{At: n.At, Actor: actor, Object: OfficeChannel, ID: n.Endpoint, Event: "tested", Body: struct{}{}})
	})
}
