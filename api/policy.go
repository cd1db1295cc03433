package api

import (
	"context"

	"leanpmo/internal/policy"
)

type policyOutput struct {
	Body struct {
		Name    string          `json:"name" doc:"Version and digest, as every answer names it"`
		Version int             `json:"version"`
		Words   []string        `json:"words" doc:"The rules in plain words"`
		YAML    string          `json:"yaml" doc:"The document as it was written"`
		Data    policy.Document `json:"data" doc:"The document as data"`
	}
}

func (a *API) policy(context.Context, *struct{}) (*policyOutput, error) {
	out := &policyOutput{}
	b := &out.Body
	b.Name, b.Version, b.Words = a.Policy.Name(), a.Policy.Version(), a.Policy.Words()
	b.YAML, b.Data = string(a.Policy.Source()), a.Policy.Document()
	return out, nil
}
