// Package engine is the only holder of the Temporal client: it starts requests and runs, delivers commands, asks for state and
// prepares a namespace. Everybody else reaches workflows through it.
package engine

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	tlog "go.temporal.io/sdk/log"

	"leanpmo/internal/pmo"
)

// How long the API waits for a workflow. An answer that comes later is not lost: the same command finds it.
const (
	submitWithin   = 2 * time.Second
	describeWithin = time.Second
	snapshotWithin = time.Second
	commandWithin  = 8 * time.Second
	attemptWithin  = 3 * time.Second
	pingWithin     = 2 * time.Second
)

// Options say which Temporal to talk to. What is empty comes from the environment and files of the SDK's envconfig
// (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_TLS…, TEMPORAL_API_KEY).
type Options struct {
	Address   string
	Namespace string
	Closed    ReadModel // answers repeated submissions of requests that ended; may be nil
	Log       *slog.Logger
}

// ReadModel tells the receipt of a request that has ended, from the read model. It fails with any error if it cannot.
type ReadModel interface {
	ClosedReceipt(ctx context.Context, id string) (pmo.Receipt, error)
}

// Engine talks to one namespace of one Temporal cluster.
type Engine struct {
	client    client.Client
	namespace string
	closed    ReadModel
	now       func() time.Time
}

// Dial prepares the connection without making it, so that the API starts, and answers reads, while Temporal is away.
func Dial(o Options) (*Engine, error) {
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return nil, fmt.Errorf("load Temporal connection options: %w", err)
	}
	if o.Address != "" {
		options.HostPort = o.Address
	}
	if o.Namespace != "" {
		options.Namespace = o.Namespace
	}
	if options.Namespace == "" {
		options.Namespace = client.DefaultNamespace
	}
	options.DataConverter = DataConverter()
	options.ConnectionOptions.GrpcCompression = Compression()
	if o.Log != nil {
		options.Logger = tlog.NewStructuredLogger(o.Log)
	}
	c, err := client.NewLazyClient(options)
	if err != nil {
		return nil, fmt.Errorf("prepare Temporal client: %w", err)
	}
	return &Engine{client: c, namespace: options.Namespace, closed: o.Closed, now: time.Now}, nil
}

// Compression of what goes to Temporal: none. Messages are a few kB over a short way, and the SDK's gzip takes a twentieth of a worker's
// time and some of the server's.
func Compression() client.GrpcCompression { return &client.GrpcCompressionNone{} }

// Close gives the connection back.
func (e *Engine) Close() { e.client.Close() }

// Ping tells whether Temporal answers.
func (e *Engine) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingWithin)
	defer cancel()
	if _, err := e.client.CheckHealth(ctx, &client.CheckHealthRequest{}); err != nil {
		return fmt.Errorf("reach Temporal: %w", err)
	}
	return nil
}
