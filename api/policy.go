package api

import (
	"context"

	"leanpmo/internal/wire"
)

type policyOutput struct {
	Body wire.Policy
}

func (a *API) policy(context.Context, *struct{}) (*policyOutput, error) {
	p := a.Policy.Now()
	return &policyOutput{Body: wire.Policy{Name: p.Name(), Version: p.Version(), Words: p.Words(), Rules: p.Rules(), YAML: string(p.Source()), Data: p.Document()}}, nil
}
