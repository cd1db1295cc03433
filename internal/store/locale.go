package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// LocaleFault says that the database was made with an encoding or a locale that knows no Unicode, and what that means; it is empty
// otherwise. What is found does not depend on it, because texts are folded and compared by us; but the index of the text search then has
// the ASCII letters only.
func (s *Store) LocaleFault(ctx context.Context) (string, error) {
	type locale struct {
		Encoding, Type string
		Unicode        bool
	}
	l, err := one(ctx, s.pool, "read the locale", pgx.RowToStructByPos[locale], `SELECT pg_encoding_to_char(encoding), datctype, encoding = pg_char_to_encoding('UTF8')
		AND cardinality(show_trgm($1)) > 0 FROM pg_database WHERE datname = current_database()`, "ж")
	if err != nil || l.Unicode {
		return "", err
	}
	return fmt.Sprintf("the pmo database was made with encoding %s and locale %s, which knows no Unicode: searching for words in other scripts than Latin reads every request. "+
		"To make it anew, see \"The locale of Postgres\" in docs/operations.md", l.Encoding, l.Type), nil
}
