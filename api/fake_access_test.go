package api

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"leanpmo/internal/session"
	"leanpmo/internal/store"
)

// fakeAccess keeps tokens and sessions as the store does.
type fakeAccess struct {
	fakeChannels
	tokens   map[[sha256.Size]byte]*store.Token
	sessions []session.Session
	signIns  []store.SignInRow
	blocked  map[string]string // reason by person
	unlinked []string
	down     *bool
	keep     func(ctx context.Context, answer any) error
}

func (f *fakeAccess) fails() error {
	if *f.down {
		return store.ErrUnavailable
	}
	return nil
}

func (f *fakeAccess) MakeToken(ctx context.Context, hash [sha256.Size]byte, t store.Token) (store.Token, error) {
	for _, other := range f.tokens {
		if other.Principal == t.Principal && other.Name == t.Name && other.Works(t.Made) {
			return store.Token{}, store.ErrConflict
		}
	}
	t.ID = fmt.Sprintf("00000000-0000-7000-8000-%012d", len(f.tokens)+1)
	f.tokens[hash] = &t
	return t, f.keep(ctx, t)
}

func (f *fakeAccess) TokenOf(_ context.Context, hash [sha256.Size]byte, at time.Time) (store.Token, error) {
	if err := f.fails(); err != nil {
		return store.Token{}, err
	}
	t, known := f.tokens[hash]
	if !known {
		return store.Token{}, store.ErrNotFound
	}
	t.Used = &at
	return *t, nil
}

func (f *fakeAccess) Tokens(_ context.Context, principal string, _ time.Time, _ int, _ string) (page store.Page[store.Token], err error) {
	for _, t := range f.tokens {
		if principal == "" || t.Principal == principal {
			page.Items = append(page.Items, *t)
		}
	}
	return page, f.fails()
}

func (f *fakeAccess) RevokeToken(ctx context.Context, id, principal, actor string, at time.Time) error {
	for _, t := range f.tokens {
		if t.ID == id && (principal == "" || t.Principal == principal) {
			t.Revoked, t.RevokedBy = &at, actor
			return f.keep(ctx, struct{}{})
		}
	}
	return store.ErrNotFound
}

func (f *fakeAccess) Sessions(_ context.Context, person string, _ time.Time, _ int, _ string) (page store.Page[session.Session], err error) {
	for _, s := range f.sessions {
		if person == "" || s.Person == person {
			page.Items = append(page.Items, s)
		}
	}
	return page, f.fails()
}

func (f *fakeAccess) EndSession(ctx context.Context, id, person, _ string, _ time.Time) error {
	for i, s := range f.sessions {
		if s.ID == id && (person == "" || s.Person == person) {
			f.sessions = append(f.sessions[:i:i], f.sessions[i+1:]...)
			return f.keep(ctx, struct{}{})
		}
	}
	return store.ErrNotFound
}

func (f *fakeAccess) SignIns(_ context.Context, principal string, _ int, _ string) (page store.Page[store.SignInRow], err error) {
	for _, r := range f.signIns {
		if principal == "" || r.Principal == principal {
			page.Items = append(page.Items, r)
		}
	}
	return page, f.fails()
}

func (f *fakeAccess) Block(ctx context.Context, principal, _, reason string, _ time.Time) error {
	if f.blocked == nil {
		f.blocked = map[string]string{}
	}
	if _, already := f.blocked[principal]; !already {
		f.blocked[principal] = reason
	}
	return f.keep(ctx, struct{}{})
}

func (f *fakeAccess) Unblock(ctx context.Context, principal, _ string, _ time.Time) error {
	delete(f.blocked, principal)
	return f.keep(ctx, struct{}{})
}

func (f *fakeAccess) Unlink(ctx context.Context, principal, _ string, _ time.Time) error {
	f.unlinked = append(f.unlinked, principal)
	return f.keep(ctx, struct{}{})
}
