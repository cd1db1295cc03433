package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"leanpmo/internal/contract"
	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/testkit"
)

// entryPoint is a way into the product: its HTTP API, or the engine behind it.
type entryPoint interface {
	submit(c pmo.Content) (id string, err error)
	decide(id, as, question, verdict string) error
	report(id, as string, r pmo.Report) error
	prioritize() error
}

// people call the HTTP API with their tokens.
type people struct {
	url    string
	client *http.Client
	late   atomic.Int64 // submissions answered 202: durable, and no worker had looked at them within the API's patience
}

// newPeople keeps its connections: a client that opened one a call would be measured, not the product.
func newPeople(url string) *people {
	return &people{url: url, client: &http.Client{Timeout: testkit.Patience, Transport: &http.Transport{MaxIdleConns: 200, MaxIdleConnsPerHost: 200}}}
}

func (p *people) submit(c pmo.Content) (string, error) {
	var answer struct{ ID string }
	err := p.call("sam", http.MethodPost, "/v1/requests", c, &answer)
	return answer.ID, err
}

func (p *people) decide(id, as, question, verdict string) error {
	return p.call(as, http.MethodPost, "/v1/requests/"+id+"/decisions", map[string]string{"decision": question, "verdict": verdict}, nil)
}

func (p *people) report(id, as string, r pmo.Report) error {
	body := map[string]any{"note": r.Note, "done": r.Done}
	if r.Percent != nil {
		body["percent"] = *r.Percent
	}
	return p.call(as, http.MethodPost, "/v1/requests/"+id+"/progress", body, nil)
}

func (p *people) prioritize() error {
	return p.call("petra", http.MethodPost, "/v1/prioritizations", map[string]string{"portfolio": portfolio, "reason": "measured"}, nil)
}

func (p *people) read(id string) error {
	return p.call("rita", http.MethodGet, "/v1/requests/"+id, nil, nil)
}

// list reads a page of fifty of one stage and kind.
func (p *people) list() error {
	return p.call("rita", http.MethodGet, "/v1/requests?stage=review&kind=enhancement&limit=50", nil, nil)
}

func (p *people) call(as, method, path string, body, answer any) error {
	var content io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, p.url+path, content)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer dev-"+as)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", uuid.NewString())
	}
	res, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		return err
	case res.StatusCode/100 != 2:
		return fmt.Errorf("%s %s as %s: %s: %s", method, path, as, res.Status, text)
	case res.StatusCode == http.StatusAccepted:
		p.late.Add(1)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}

// machinery gives the same commands to the engine directly.
type machinery struct{ engine *engine.Engine }

func (m machinery) submit(c pmo.Content) (string, error) {
	done, err := m.engine.Submit(context.Background(), pmo.Submission{Content: c, Requester: "sam", SubmittedBy: "sam", At: time.Now().UTC()}, uuid.NewString())
	return done.ID, err
}

func (m machinery) decide(id, as, question, verdict string) error {
	return m.send(id, as, contract.UpdateDecide, &pmo.Decide{Question: question, Verdict: verdict})
}

func (m machinery) report(id, as string, r pmo.Report) error {
	return m.send(id, as, contract.UpdateProgress, &r)
}

func (m machinery) send(id, as, name string, command pmo.Command) error {
	_, err := m.engine.Update(context.Background(), id, name, command, pmo.By{Actor: as, Via: "api"}, uuid.NewString())
	return err
}

func (m machinery) prioritize() error {
	ctx := context.Background()
	run, err := m.engine.PrioritizeNow(ctx, contract.PrioritizationInput{Portfolio: portfolio, Cause: "now", Actor: "petra", Reason: "measured"}, uuid.NewString())
	if err == nil {
		_, _, err = m.engine.PrioritizationResult(ctx, run, testkit.Patience)
	}
	return err
}
