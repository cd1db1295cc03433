package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"leanpmo/internal/cleantext"
	"leanpmo/internal/session"
)

// sessionStore keeps the sessions of scs in a session.Store, with whose they are and where they are used.
type sessionStore struct {
	session.Store
	codec scs.Codec
}

// FindCtx returns what a session holds.
func (s sessionStore) FindCtx(ctx context.Context, hash string) ([]byte, bool, error) {
	if v, _ := ctx.Value(visitKey).(*visit); v != nil {
		v.hash = hash
	}
	return s.FindSession(ctx, hash, time.Now())
}

// CommitCtx keeps a session.
func (s sessionStore) CommitCtx(ctx context.Context, hash string, data []byte, expires time.Time) error {
	_, values, err := s.codec.Decode(data)
	if err != nil {
		return err
	}
	person, _ := values[personKey].(string)
	v, _ := ctx.Value(visitKey).(*visit)
	if v == nil {
		v = &visit{}
	}
	return s.KeepSession(ctx, session.Kept{Hash: hash, Person: person, Data: data, Address: v.address, UserAgent: v.userAgent, At: time.Now(), Expires: expires})
}

// DeleteCtx ends a session.
func (s sessionStore) DeleteCtx(ctx context.Context, hash string) error {
	return s.DropSession(ctx, hash, time.Now())
}

// Find, Commit and Delete are called by scs only for a store that takes no context.

// Find returns what a session holds.
func (s sessionStore) Find(hash string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), hash)
}

// Commit keeps a session.
func (s sessionStore) Commit(hash string, data []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), hash, data, expires)
}

// Delete ends a session.
func (s sessionStore) Delete(hash string) error { return s.DeleteCtx(context.Background(), hash) }

// jsonCodec writes the same text for the same session, so that one that is only used again is known as unchanged.
type jsonCodec struct{}

type encodedSession struct {
	Deadline time.Time      `json:"deadline"`
	Values   map[string]any `json:"values"`
}

// Encode writes a session.
func (jsonCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	text, err := json.Marshal(encodedSession{Deadline: deadline, Values: values})
	if err != nil {
		return nil, fmt.Errorf("encode a session: %w", err)
	}
	return text, nil
}

// Decode reads a session.
func (jsonCodec) Decode(text []byte) (time.Time, map[string]any, error) {
	e := encodedSession{}
	if err := json.Unmarshal(text, &e); err != nil {
		return time.Time{}, nil, fmt.Errorf("decode a session: %w", err)
	}
	if e.Values == nil {
		e.Values = map[string]any{}
	}
	return e.Deadline, e.Values, nil
}

// visit is where a request comes from, and the hash of the session it came with.
type visit struct{ address, userAgent, hash string }

// longestUserAgent is enough to tell one's browsers apart.
const longestUserAgent = 160

// visited puts where a request comes from into its context, for its session.
func (s *Site) visited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{userAgent: cleantext.Clean(r.UserAgent())}
		if len(v.userAgent) > longestUserAgent {
			v.userAgent = strings.ToValidUTF8(v.userAgent[:longestUserAgent], "")
		}
		if from := s.Proxies.Of(r); from.IsValid() {
			v.address = from.String()
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey, v)))
	})
}
