package tools

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"leanpmo/internal/delivery"
)

// azureWebhook is a service hook of Azure DevOps about a changed work item.
type azureWebhook struct {
	ID       string `json:"id"` // of the event; the same when it is sent again
	Type     string `json:"eventType"`
	Resource struct {
		Fields   map[string]azureFieldChange `json:"fields"`
		Revision azureItem                   `json:"revision"`
	} `json:"resource"`
}

type azureFieldChange struct {
	Old any `json:"oldValue"`
	New any `json:"newValue"`
}

// readAzure reads a webhook. In it a person is a text in some versions and an object in others; that field is not needed.
func readAzure(body []byte) (azureWebhook, error) {
	var payload azureWebhook
	err := json.Unmarshal(body, &payload)
	var otherType *json.UnmarshalTypeError
	if errors.As(err, &otherType) && payload.Resource.Revision.ID != 0 {
		err = nil
	}
	return payload, err
}

func azureEventID(_ http.Header, body []byte) string {
	payload, _ := readAzure(body) // what cannot be read is refused by azureEvent
	return payload.ID
}

func azureEvent(_ http.Header, body []byte, now time.Time) (delivery.Event, bool, error) {
	payload, err := readAzure(body)
	if err != nil {
		return delivery.Event{}, false, errors.Join(errPayload, err)
	}
	changed := payload.Resource.Fields
	action := ""
	if _, moved := changed["System.State"]; moved {
		i := payload.Resource.Revision.Fields
		switch {
		case !i.Closed.IsZero() || i.State == azureRemoved:
			action = "closed"
		case changed["Microsoft.VSTS.Common.ClosedDate"].Old != nil || changed["System.State"].Old == azureRemoved:
			action = "reopened"
		default:
			action = "moved"
		}
	}
	if _, tagged := changed["System.Tags"]; tagged {
		action = cmp.Or(action, "labeled")
	}
	e, ours := (&azure{}).issue(payload.Resource.Revision).report("Azure DevOps", action, now)
	return e, ours && payload.Type == "workitem.updated", nil
}
