package store_test

import (
	"context"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

// TestADatabaseOfAnotherLocaleWorksAndIsNamed makes databases as clusters of before have them: all is found there too.
func TestADatabaseOfAnotherLocaleWorksAndIsNamed(t *testing.T) {
	s, dsn := openDSN(t)
	fault, err := s.LocaleFault(t.Context())
	require.NoError(t, err)
	require.Empty(t, fault)
	admin := testkit.Pool(t, dsn)
	for name, encoding := range map[string]string{"of_c": "UTF8", "of_ascii": "SQL_ASCII"} {
		_, err := admin.Exec(t.Context(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
		require.NoError(t, err)
		_, err = admin.Exec(t.Context(), "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING '"+encoding+"' LOCALE 'C'")
		require.NoError(t, err)
		address, err := url.Parse(dsn)
		require.NoError(t, err)
		address.Path = "/" + name
		require.NoError(t, store.Migrate(t.Context(), address.String()))
		old, err := store.Open(context.Background(), address.String(), store.Options{})
		require.NoError(t, err)
		t.Cleanup(old.Close)
		fault, err := old.LocaleFault(t.Context())
		require.NoError(t, err)
		require.Contains(t, fault, encoding+" and locale C")
		r := request("Größe ΟΔΟΣ складе")
		project(t, old, r)
		require.Equal(t, []string{r.Content.Title}, titles(t, old, store.Filter{Text: "СКЛАДЕ οδος GRÖSSE"}))
		found, err := old.Similar(t.Context(), leastOther, "размер ΟΔΟΣ складе Größe", "", 5)
		require.NoError(t, err)
		require.Len(t, found, 1)
	}
}

const leastOther = "00000000-0000-0000-0000-000000000001"
