package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/metrics"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/temporal"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"leanpmo/internal/localstack"
)

// startTemporal updates Temporal's schema to this server's version and runs all its services in this process.
func (s *stack) startTemporal(ctx context.Context) error {
	logger, err := s.temporalLogger()
	if err != nil {
		return err
	}
	stores, err := temporalStores(s.dsn)
	if err != nil {
		return err
	}
	if err := updateSchema(stores, logger); err != nil {
		return err
	}
	listen, err := s.temporalAddresses()
	if err != nil {
		return err
	}
	server, err := newTemporalServer(serverConfig(listen, stores), s.dynamicConfig(), listen, logger)
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return fmt.Errorf("start Temporal; its log is %s: %w", s.temporalLog(), err)
	}
	s.started(func() error {
		if err := server.Stop(); err != nil {
			return fmt.Errorf("stop Temporal: %w", err)
		}
		return nil
	})
	return awaitTemporal(ctx, s.Temporal)
}

func (s *stack) temporalLog() string { return filepath.Join(s.Data, "temporal.log") }

// temporalLogger writes warnings and errors to a file, to keep the terminal for our own messages.
func (s *stack) temporalLogger() (log.Logger, error) {
	file, err := localstack.OpenRotatingLog(s.temporalLog())
	if err != nil {
		return nil, err
	}
	// Never closed: the server's goroutines still log for a short time after Stop.
	encoder := zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig())
	return log.NewZapLogger(zap.New(zapcore.NewCore(encoder, file, zap.WarnLevel), zap.ErrorOutput(file))), nil
}

// addresses is where the services listen: the frontend as configured, the others on free loopback ports.
type addresses struct {
	frontend net.TCPAddr
	http     int
	internal map[primitives.ServiceName]int
}

func (s *stack) temporalAddresses() (addresses, error) {
	frontend, err := net.ResolveTCPAddr("tcp", s.Temporal)
	if err != nil {
		return addresses{}, fmt.Errorf("read --temporal: %w", err)
	}
	ports, err := localstack.FreePorts(4)
	if err != nil {
		return addresses{}, err
	}
	return addresses{frontend: *frontend, http: ports[0], internal: map[primitives.ServiceName]int{
		primitives.HistoryService:  ports[1],
		primitives.MatchingService: ports[2],
		primitives.WorkerService:   ports[3],
	}}, nil
}

// hosts lists the addresses of the services. Without it they would find each other through a table whose port column
// cannot hold ports above 32767.
func (a addresses) hosts() map[primitives.ServiceName]static.Hosts {
	hosts := map[primitives.ServiceName]static.Hosts{
		primitives.FrontendService: static.SingleLocalHost(a.frontend.String()),
	}
	for service, port := range a.internal {
		hosts[service] = static.SingleLocalHost(localstack.Loopback(port))
	}
	return hosts
}

func newTemporalServer(cfg *config.Config, settings dynamicconfig.Client, listen addresses, logger log.Logger) (temporal.Server, error) {
	authorizer, err := authorization.GetAuthorizerFromConfig(&cfg.Global.Authorization)
	if err != nil {
		return nil, fmt.Errorf("configure Temporal's authorizer: %w", err)
	}
	claims, err := authorization.GetClaimMapperFromConfig(&cfg.Global.Authorization, logger)
	if err != nil {
		return nil, fmt.Errorf("configure Temporal's claim mapper: %w", err)
	}
	server, err := temporal.NewServer(
		temporal.WithConfig(cfg),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(listen.hosts()),
		temporal.WithLogger(logger),
		temporal.WithAuthorizer(authorizer),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper { return claims }),
		temporal.WithDynamicConfigClient(settings),
		temporal.WithCustomMetricsHandler(metrics.NoopMetricsHandler),
	)
	if err != nil {
		return nil, fmt.Errorf("configure Temporal: %w", err)
	}
	return server, nil
}

// awaitTemporal waits until the frontend serves, which is shortly after Start has returned.
func awaitTemporal(ctx context.Context, address string) error {
	lazy, err := client.NewLazyClient(client.Options{HostPort: address, Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	if err != nil {
		return fmt.Errorf("make a Temporal client: %w", err)
	}
	defer lazy.Close()
	return await(ctx, "Temporal", nil, func(ctx context.Context) error {
		_, err := lazy.CheckHealth(ctx, &client.CheckHealthRequest{})
		return err
	})
}
