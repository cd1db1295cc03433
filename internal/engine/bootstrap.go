package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/protobuf/types/known/durationpb"

	"leanpmo/internal/contract"
)

// usableWithin is the longest wait until a new namespace or search attribute can be used: server caches refresh every 2 to 60 s.
const usableWithin = 90 * time.Second

// refreshedWithin is how long after a change every part of the server knows a namespace's attributes: each reads namespaces again every two
// seconds, and none says when it has. A workflow task that sets an attribute earlier fails.
const refreshedWithin = 2500 * time.Millisecond

// Portfolio is the schedule of one portfolio.
type Portfolio struct {
	ID      string
	Every   time.Duration // how often its backlog is ranked
	Catchup time.Duration // how late a missed prioritization is still started; 0: one interval
}

// Bootstrap creates the namespace, its search attributes and one prioritization schedule for each portfolio. It is idempotent, and may
// run while the product is in use.
func (e *Engine) Bootstrap(ctx context.Context, retention time.Duration, portfolios []Portfolio) error {
	if err := e.ensureNamespace(ctx, retention); err != nil {
		return err
	}
	if err := e.ensureAttributes(ctx); err != nil {
		return err
	}
	return e.KeepSchedules(ctx, portfolios)
}

func (e *Engine) ensureNamespace(ctx context.Context, retention time.Duration) error {
	_, err := e.client.WorkflowService().RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace: e.namespace, WorkflowExecutionRetentionPeriod: durationpb.New(retention),
		Description: "Lean PMO: one workflow a request",
	})
	var exists *serviceerror.NamespaceAlreadyExists
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("register namespace %s: %w", e.namespace, err)
	}
	return waitUntil(ctx, "namespace "+e.namespace, func(ctx context.Context) error {
		return e.count(ctx, "")
	})
}

// ensureAttributes adds all missing attributes in one call: each call updates the namespace, and such updates are rate limited.
func (e *Engine) ensureAttributes(ctx context.Context) error {
	wanted := map[string]enumspb.IndexedValueType{}
	for _, key := range contract.Attributes() {
		wanted[key.GetName()] = key.GetValueType()
	}
	known, err := e.attributes(ctx)
	if err != nil {
		return err
	}
	missing := map[string]enumspb.IndexedValueType{}
	for name, kind := range wanted {
		if have, ok := known[name]; !ok {
			missing[name] = kind
		} else if have != kind {
			return fmt.Errorf("search attribute %s is a %s in namespace %s, this product needs a %s", name, have, e.namespace, kind)
		}
	}
	if len(missing) > 0 {
		_, err := e.client.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
			Namespace: e.namespace, SearchAttributes: missing,
		})
		if err != nil {
			return fmt.Errorf("add search attributes: %w", err)
		}
	}
	if err := e.attributesUsable(ctx); err != nil || len(missing) == 0 {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(refreshedWithin):
		return nil
	}
}

func (e *Engine) attributes(ctx context.Context) (map[string]enumspb.IndexedValueType, error) {
	list, err := e.client.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: e.namespace})
	if err != nil {
		return nil, fmt.Errorf("list search attributes: %w", err)
	}
	return list.GetCustomAttributes(), nil
}

// attributesUsable waits until every attribute can be queried: a start that uses an attribute earlier would fail.
func (e *Engine) attributesUsable(ctx context.Context) error {
	return waitUntil(ctx, "search attributes", e.queryAttributes)
}

func (e *Engine) queryAttributes(ctx context.Context) error {
	var all []string
	for _, key := range contract.Attributes() {
		all = append(all, key.GetName()+" IS NULL")
	}
	return e.count(ctx, strings.Join(all, " AND "))
}

// RequireAttributes adds the search attributes that the namespace lacks, such as those of a later release. A worker needs them all: the
// server refuses the tasks of a workflow that sets another one. Where this worker may not add them, the error names them.
func (e *Engine) RequireAttributes(ctx context.Context) error {
	if e.queryAttributes(ctx) == nil {
		return nil
	}
	err := e.ensureAttributes(ctx)
	if err == nil {
		return nil
	}
	known, unread := e.attributes(ctx)
	if unread != nil {
		return err
	}
	var missing []string
	for _, key := range contract.Attributes() {
		if _, ok := known[key.GetName()]; !ok {
			missing = append(missing, key.GetName())
		}
	}
	if len(missing) == 0 {
		return err
	}
	return fmt.Errorf("namespace %s lacks the search attributes %s, and this process may not add them; run pmo bootstrap: %w", e.namespace, strings.Join(missing, ", "), err)
}

func (e *Engine) count(ctx context.Context, query string) error {
	_, err := e.client.WorkflowService().CountWorkflowExecutions(ctx, &workflowservice.CountWorkflowExecutionsRequest{
		Namespace: e.namespace, Query: query,
	})
	return err
}

// waitUntil repeats until f succeeds. The pause also keeps within the visibility store's ten queries a second.
func waitUntil(ctx context.Context, what string, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, usableWithin)
	defer cancel()
	for {
		err := f(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until %s can be used: %w", what, err)
		case <-time.After(250 * time.Millisecond):
		}
	}
}
