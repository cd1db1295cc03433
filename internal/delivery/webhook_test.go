package delivery_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/delivery"
)

var at = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)

func TestWebhooks(t *testing.T) {
	secret, err := delivery.NewSecret("whsec_" + base64.StdEncoding.EncodeToString([]byte("a-secret-of-at-least-24-bytes")))
	require.NoError(t, err)
	plain, err := delivery.NewSecret("a-secret-of-at-least-24-bytes")
	require.NoError(t, err)
	body := []byte(`{"work_item":"17"}`)
	signed := func() http.Header {
		h := http.Header{}
		secret.Sign(h, "evt-1", at, body)
		return h
	}
	verify := func(h http.Header, body string, now time.Time) error {
		id, err := plain.Verify(h, []byte(body), now)
		require.Equal(t, err == nil, id == "evt-1")
		return err
	}
	require.NoError(t, verify(signed(), string(body), at))
	require.NoError(t, verify(signed(), string(body), at.Add(5*time.Minute)))
	require.ErrorIs(t, verify(signed(), string(body), at.Add(5*time.Minute+time.Second)), delivery.ErrLate)
	require.ErrorIs(t, verify(signed(), string(body), at.Add(-5*time.Minute-time.Second)), delivery.ErrLate)
	require.ErrorIs(t, verify(signed(), string(body)+" ", at), delivery.ErrSignature)

	several := signed()
	several.Set(delivery.HeaderSignature, "v1a,xxx v1,AAAA "+several.Get(delivery.HeaderSignature))
	require.NoError(t, verify(several, string(body), at), "while a secret is being changed there are two")
	for _, name := range []string{delivery.HeaderID, delivery.HeaderTimestamp, delivery.HeaderSignature} {
		h := signed()
		h.Del(name)
		require.ErrorIs(t, verify(h, string(body), at), delivery.ErrUnsigned)
	}
	moved := signed()
	moved.Set(delivery.HeaderTimestamp, fmt.Sprint(at.Add(time.Minute).Unix()))
	require.ErrorIs(t, verify(moved, string(body), at), delivery.ErrSignature)
	dotted := signed()
	dotted.Set(delivery.HeaderID, "evt.1")
	require.ErrorIs(t, verify(dotted, string(body), at), delivery.ErrUnsigned)
}

// TestKnownSignature is the example of the Standard Webhooks specification.
func TestKnownSignature(t *testing.T) {
	secret, err := delivery.NewSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	require.NoError(t, err)
	h := http.Header{}
	secret.Sign(h, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	require.Equal(t, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", h.Get(delivery.HeaderSignature))
}

func TestSecrets(t *testing.T) {
	for _, text := range []string{"", "short", "whsec_c2hvcnQ=", "whsec_!!!"} {
		_, err := delivery.NewSecret(text)
		require.Error(t, err)
	}
	secret, err := delivery.NewSecret("a-secret-of-at-least-24-bytes")
	require.NoError(t, err)
	require.NotContains(t, fmt.Sprintf("%v %+v %#v %s", secret, secret, secret, secret), "bytes")
}

func TestPublishedContract(t *testing.T) {
	rec := httptest.NewRecorder()
	delivery.ServeOpenAPI(rec, httptest.NewRequest("GET", "/delivery/openapi.json", nil))
	require.Equal(t, http.StatusOK, rec.Code)
	for _, part := range []string{`"openapi": "3.1.0"`, `"/delivery/v1/work-items/{id}"`, `"/delivery/v1/webhooks/{source}"`, "webhook-signature", `"work_item"`, "application/problem+json"} {
		require.Contains(t, rec.Body.String(), part)
	}
}
