package main

import (
	"context"
	"fmt"
	"net"

	uiserver "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"
)

// startUI runs the Temporal UI. It makes no calls except to the local Temporal server.
func (s *stack) startUI(ctx context.Context) error {
	address, err := net.ResolveTCPAddr("tcp", s.UI)
	if err != nil {
		return fmt.Errorf("read --ui: %w", err)
	}
	server := uiserver.NewServer(uioptions.WithConfigProvider(&uiconfig.Config{
		Host: address.IP.String(), Port: address.Port,
		TemporalGRPCAddress: s.Temporal,
		EnableUI:            true,
		DefaultNamespace:    s.Namespace,
		DisableNewsFetch:    true,
		NotifyOnNewVersion:  false,
		HideLogs:            true,
		CORS:                uiconfig.CORS{CookieInsecure: true}, // plain http on loopback
	}))
	ended := make(chan error, 1)
	go func() { ended <- server.Start() }()
	s.started(func() error { server.Stop(); return <-ended })
	return awaitHTTP(ctx, "http://"+s.UI+"/healthz", ended)
}
