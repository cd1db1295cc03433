// Package engine has the only Temporal client: it starts requests and prioritizations, sends commands, queries state and prepares a
// namespace. All other packages reach workflows through it.
package engine

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"go.temporal.io/sdk/converter"
	tlog "go.temporal.io/sdk/log"

	"leanpmo/internal/pmo"
)

// How long the API waits for a workflow. A later reply is not lost: repeating the same command returns it.
const (
	submitWithin   = 2 * time.Second
	describeWithin = time.Second
	commandWithin  = 8 * time.Second
	attemptWithin  = 3 * time.Second
	pingWithin     = 2 * time.Second
)

// Options configure the connection to Temporal. Empty values come from the environment and files of the SDK's envconfig
// (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_TLS…, TEMPORAL_API_KEY).
type Options struct {
	Address   string
	Namespace string
	Closed    ReadModel // for repeated submissions of requests that are closed; may be nil
	Log       *slog.Logger
	Metrics   *Metrics // what the SDK counts; nil: it does not
}

// ReadModel reads the receipt of a closed request from the read model. Any error means that there is none.
type ReadModel interface {
	ClosedReceipt(ctx context.Context, id string) (pmo.Receipt, error)
}

// Engine is a client of one namespace of one Temporal cluster.
type Engine struct {
	client    client.Client
	namespace string
	closed    ReadModel
	now       func() time.Time
}

// Dial prepares the client without connecting, so that the API starts and serves reads while Temporal is down.
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
	if o.Metrics != nil {
		options.MetricsHandler = o.Metrics.handler()
	}
	c, err := client.NewLazyClient(options)
	if err != nil {
		return nil, fmt.Errorf("prepare Temporal client: %w", err)
	}
	return &Engine{client: c, namespace: options.Namespace, closed: o.Closed, now: time.Now}, nil
}

// DataConverter converts messages to payloads and back. Client, workers and replay tests must use the same one, so it is made only here;
// encryption of payloads would be added here.
func DataConverter() converter.DataConverter { return converter.GetDefaultDataConverter() }

// Compression of the messages to Temporal: none. Messages are a few kB over a short network path, and the SDK's gzip costs 5 % of a
// worker's CPU time and some of the server's.
func Compression() client.GrpcCompression { return &client.GrpcCompressionNone{} }

// Close closes the connection.
func (e *Engine) Close() { e.client.Close() }

// Ping checks that Temporal replies.
func (e *Engine) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingWithin)
	defer cancel()
	if _, err := e.client.CheckHealth(ctx, &client.CheckHealthRequest{}); err != nil {
		return fmt.Errorf("reach Temporal: %w", err)
	}
	return nil
}
