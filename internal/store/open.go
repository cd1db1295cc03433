package store

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Every wait is limited: a lock times out before its statement, and a statement before the caller.
const (
	connectTimeout   = 3 * time.Second
	statementTimeout = 5 * time.Second
	lockTimeout      = 2 * time.Second
	idleInTxTimeout  = 15 * time.Second
	bulkTimeout      = 60 * time.Second // one statement of a prioritization of the whole backlog
	callTimeout      = 8 * time.Second  // for a connection that stopped responding: the timeouts of the server cannot be received over it
	defaultMaxConns  = 16
	defaultAppName   = "leanpmo"
)

// Options of a Store; zero values are the defaults.
type Options struct {
	MaxConns int32  // maximum of connections, 16 by default
	AppName  string // shown in pg_stat_activity
}

// Store is the pmo database. It is safe for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	similar similarIndex
}

// Open makes a store for the database of dsn. It does not connect: while Postgres is down it succeeds, and calls return ErrUnavailable.
func Open(ctx context.Context, dsn string, o Options) (*Store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	config.MaxConns = cmp.Or(o.MaxConns, defaultMaxConns)
	config.MinConns = 0
	config.MaxConnLifetimeJitter = 10 * time.Minute
	config.PingTimeout = time.Second
	config.AfterConnect = timesInUTC
	limit(config.ConnConfig, cmp.Or(o.AppName, defaultAppName))
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return &Store{pool: pool}, nil
}

// limit sets the session's limits and settings as startup parameters, so that every connection has them.
func limit(c *pgx.ConnConfig, app string) {
	c.ConnectTimeout = connectTimeout
	for name, value := range map[string]string{
		"application_name":                    app,
		"timezone":                            "UTC",
		"statement_timeout":                   millis(statementTimeout),
		"lock_timeout":                        millis(lockTimeout),
		"idle_in_transaction_session_timeout": millis(idleInTxTimeout),
		// Every statement is short: just-in-time compilation (250 ms) costs more than it saves, and index reads are cheap.
		"jit":              "off",
		"random_page_cost": "1.1",
	} {
		c.RuntimeParams[name] = value
	}
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// timesInUTC returns times in UTC independent of the process's time zone, because they are compared and shown.
func timesInUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

// Close closes the connections.
func (s *Store) Close() { s.pool.Close() }

// Ping checks that the database replies.
func (s *Store) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	return fault("ping", s.pool.Ping(ctx))
}
