package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"

	"leanpmo/internal/app"
	"leanpmo/internal/devprovider"
)

const signInClient = "pmo-local"

// issuer is the address of the provider that signs the local people in.
func (s *stack) issuer() string { return "http://" + s.SignIn }

// startSignIn runs the provider, and lets the product sign people in with it as with any other one. Its key and the client's secret are made here
// and live as long as this process.
func (s *stack) startSignIn(ctx context.Context, config *app.Config) error {
	if !s.SignsIn() {
		return nil
	}
	config.PublicURL = s.url()
	config.OIDCIssuer, config.OIDCClientID, config.OIDCClientSecret = s.issuer(), signInClient, rand.Text()
	provider, err := devprovider.New(devprovider.Options{
		Issuer: s.issuer(), ClientID: config.OIDCClientID, ClientSecret: config.OIDCClientSecret,
		Redirects: []string{app.SignInCallback(config.PublicURL)}, SignedOut: []string{app.SignInPage(config.PublicURL)}, People: s.people,
	})
	if err != nil {
		return fmt.Errorf("prepare the sign-in of the local people: %w", err)
	}
	s.launch("sign-in", provider.Serve)
	return awaitHTTP(ctx, s.issuer()+"/", s.failed)
}

// people are those of the directory file as it is now whom the provider may sign in.
func (s *stack) people() ([]devprovider.Person, error) {
	src, err := os.ReadFile(s.directory)
	if err != nil {
		return nil, fmt.Errorf("read the directory: %w", err)
	}
	return devprovider.FromDirectory(src, s.issuer())
}
