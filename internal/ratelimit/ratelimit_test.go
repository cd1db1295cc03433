package ratelimit

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEachKeyHasItsLimit(t *testing.T) {
	at := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	l := PerMinute(60, 3, func() time.Time { return at })
	take := func(key string) bool {
		_, ok := l.Take(key)
		return ok
	}
	for range 3 {
		require.True(t, take("sam"))
	}
	wait, ok := l.Take("sam")
	require.False(t, ok)
	require.Equal(t, time.Second, wait)
	for range 100 {
		require.False(t, take("sam"), "a refused call costs nothing")
	}
	require.True(t, take("ana"))
	at = at.Add(wait)
	require.True(t, take("sam"))
	require.False(t, take("sam"))
	require.Nil(t, PerMinute(0, 3, time.Now))
	_, ok = (*Limiter)(nil).Take("sam")
	require.True(t, ok)
}

func TestMemoryIsBounded(t *testing.T) {
	at := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	l := PerMinute(60, 2, func() time.Time { return at })
	l.most = 100
	refused := 0
	for i := range 1000 {
		if _, ok := l.Take(fmt.Sprint(i)); !ok {
			refused++
		}
	}
	require.Len(t, l.byKey, 100)
	require.Equal(t, 898, refused, "those beyond share one limit")
	at = at.Add(time.Minute)
	_, ok := l.Take("later")
	require.True(t, ok)
	require.Len(t, l.byKey, 1, "who has been quiet is forgotten")
}
