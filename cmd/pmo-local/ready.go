package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/goccy/go-yaml"

	"leanpmo/cmd/pmo-local/options"
	"leanpmo/internal/app"
)

// printAddresses prints the addresses of all parts, the product's first: with a demo to add, people may already look at it.
func (s *stack) printAddresses() error {
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	if s.Product() {
		fmt.Fprintf(table, "Lean PMO\t%s\n", s.url())
		if s.SignsIn() {
			fmt.Fprintf(table, "Sign-in\t%s asks who you want to be\n", s.issuer())
		}
		if s.Directory == "" {
			fmt.Fprintf(table, "Mails\t%s/mails shows what people would get\n", s.url())
		}
		fmt.Fprintf(table, "API description\t%s/openapi.json\n", s.url())
	}
	if s.Runs(options.UI) {
		fmt.Fprintf(table, "Temporal UI\thttp://%s\n", s.UI)
	}
	if s.Runs(options.Temporal) {
		fmt.Fprintf(table, "Temporal\t%s, namespace %s, log %s\n", s.Temporal, s.Namespace, s.temporalLog())
	}
	if cluster := s.cluster.Load(); cluster != nil {
		fmt.Fprintf(table, "Postgres\t%s, address with password in %s, data in %s\n", cluster.Address(), s.dsnFile(), cluster.Dir())
	}
	if s.Product() {
		fmt.Fprintf(table, "Policy\t%s\n", s.policy)
	}
	if s.Product() && s.Directory == "" {
		s.printTokens(table)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the addresses: %w", err)
	}
	return nil
}

// printReady says that all that was asked for stands, and writes the ready file.
func (s *stack) printReady() error {
	if _, err := fmt.Fprintf(s.out, "ready in %.1f s; Ctrl-C ends everything\n", time.Since(s.begun).Seconds()); err != nil {
		return fmt.Errorf("print that it is ready: %w", err)
	}
	return s.writeReadyFile()
}

// principal holds the printed fields of a person in the local directory.
type principal struct {
	ID    string   `yaml:"id"`
	Name  string   `yaml:"name"`
	Roles []string `yaml:"roles"`
	Token string   `yaml:"token"`
}

func (s *stack) printTokens(table *tabwriter.Writer) {
	var directory struct {
		Principals []principal `yaml:"principals"`
	}
	if err := yaml.Unmarshal(app.LocalDirectory(), &directory); err != nil {
		fmt.Fprintf(s.errOut, "the local tokens are in %s\n", s.directory)
		return
	}
	fmt.Fprintf(table, "Local tokens\t(for this machine only)\n")
	for _, p := range directory.Principals {
		if p.Token == "" { // a service
			continue
		}
		fmt.Fprintf(table, "  %s\t%s, %s\n", p.Token, p.Name, strings.Join(p.Roles, " and "))
	}
}

// ready is the content of the ready file. Fields of parts that do not run are left out.
type ready struct {
	PID         int    `json:"pid"`
	HTTP        string `json:"http,omitempty"`
	Temporal    string `json:"temporal,omitempty"`
	Namespace   string `json:"namespace,omitempty"`
	UI          string `json:"ui,omitempty"`
	SignIn      string `json:"sign_in,omitempty"`
	Postgres    string `json:"postgres,omitempty"`
	PostgresPID int    `json:"postgres_pid,omitempty"`
	DSNFile     string `json:"dsn_file,omitempty"`
	Directory   string `json:"directory,omitempty"`
	Data        string `json:"data"`
}

func (s *stack) writeReadyFile() error {
	if s.ReadyFile == "" {
		return nil
	}
	r := ready{PID: os.Getpid(), Data: s.Data, Namespace: s.Namespace, Directory: s.directory}
	if s.Product() {
		r.HTTP = s.url()
	}
	if s.SignsIn() {
		r.SignIn = s.issuer()
	}
	if s.Runs(options.Temporal) {
		r.Temporal = s.Temporal
	}
	if s.Runs(options.UI) {
		r.UI = "http://" + s.UI
	}
	if cluster := s.cluster.Load(); cluster != nil {
		r.Postgres, r.PostgresPID, r.DSNFile = cluster.Address(), cluster.PID(), s.dsnFile()
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write ready file: %w", err)
	}
	path, err := filepath.Abs(s.ReadyFile)
	if err != nil {
		return fmt.Errorf("write ready file: %w", err)
	}
	s.ready = true
	return writeSecret(path, string(text)+"\n")
}
