package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	uiserver "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"
)

// startUI runs the Temporal UI. It calls nobody but our Temporal.
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

// awaitHTTP waits until a page answers 200; it gives up when the server behind it ended.
func awaitHTTP(ctx context.Context, url string, ended <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		err := getOK(ctx, url)
		if err == nil {
			return nil
		}
		select {
		case cause := <-ended:
			return fmt.Errorf("wait for %s: server ended: %w", url, cause)
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w (last: %w)", url, ctx.Err(), err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func getOK(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("ask %s: %w", url, err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask %s: %w", url, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("ask %s: %s", url, response.Status)
	}
	return nil
}
