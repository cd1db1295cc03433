package store

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"
)

// lastInTransaction is the last migration that may index a big table within a transaction: it was released before the rule.
const lastInTransaction = 22

// indexOnBig is an index on a table that has millions of rows in an old installation.
var indexOnBig = regexp.MustCompile(`(?is)\bCREATE\s+(?:UNIQUE\s+)?INDEX\s+(.*?)\bON\s+(?:ONLY\s+)?(?:public\.)?"?(ledger|request|snapshot)"?[\s(]`)

// lockingIndex is why a migration would hold up an installation that is in use, or empty. An index that is made within a transaction stops every
// write to its table until it is complete; with CONCURRENTLY writes go on. One that failed half-way stays, invalid, under its name: therefore it
// is dropped first.
func lockingIndex(version int64, text string) string {
	text = regexp.MustCompile(`--[^\n]*`).ReplaceAllStringFunc(text, func(comment string) string {
		if strings.Contains(comment, "+goose") {
			return comment
		}
		return ""
	})
	found := indexOnBig.FindAllStringSubmatch(text, -1)
	if version <= lastInTransaction || len(found) == 0 {
		return ""
	}
	if !strings.Contains(text, "-- +goose NO TRANSACTION") {
		return "it indexes " + found[0][2] + " and is not marked -- +goose NO TRANSACTION"
	}
	for _, index := range found {
		words := strings.Fields(index[1])
		if len(words) == 0 || !strings.EqualFold(words[0], "CONCURRENTLY") {
			return fmt.Sprintf("the index %q on %s is not made CONCURRENTLY", strings.Join(words, " "), index[2])
		}
		name := words[len(words)-1]
		if !regexp.MustCompile(`(?is)DROP\s+INDEX\s+CONCURRENTLY\s+IF\s+EXISTS\s+` + regexp.QuoteMeta(name) + `\s*;.*CREATE`).MatchString(text) {
			return "an invalid index " + name + " of an attempt that failed is not dropped first"
		}
	}
	return ""
}

// TestMigrationsThatIndexBigTablesDoNotHoldUpWrites looks at every migration after those released with 0.7.
func TestMigrationsThatIndexBigTablesDoNotHoldUpWrites(t *testing.T) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		version, err := goose.NumericComponent(file)
		require.NoError(t, err)
		text, err := fs.ReadFile(migrations, file)
		require.NoError(t, err)
		require.Empty(t, lockingIndex(version, string(text)), file)
	}
	const concurrent = "-- +goose NO TRANSACTION\n-- +goose Up\nDROP INDEX CONCURRENTLY IF EXISTS ledger_x;\nCREATE INDEX CONCURRENTLY ledger_x ON ledger (at);"
	for text, fine := range map[string]bool{
		concurrent: true,
		"CREATE TABLE t (x int); CREATE INDEX t_x ON t (x);":                           true,
		"-- CREATE INDEX ledger_x ON ledger (at);":                                     true,
		"CREATE INDEX requests_x ON requests (at);":                                    true,
		"CREATE INDEX ledger_x ON ledger (at);":                                        false,
		"create unique index if not exists r ON request USING gin (x);":                false,
		"CREATE INDEX s\nON snapshot(x);":                                              false,
		"-- +goose NO TRANSACTION\nCREATE INDEX ledger_x ON ledger (at);":              false,
		"-- +goose NO TRANSACTION\nCREATE INDEX CONCURRENTLY ledger_x ON ledger (at);": false,
		strings.Replace(concurrent, "CREATE INDEX CONCURRENTLY", "CREATE INDEX", 1):    false,
		strings.Replace(concurrent, "NO TRANSACTION", "Up", 1):                         false,
		concurrent + "\nCREATE INDEX request_y ON request (at);":                       false,
	} {
		require.Equal(t, fine, lockingIndex(33, text) == "", text)
	}
	require.Empty(t, lockingIndex(lastInTransaction, "CREATE INDEX ledger_x ON ledger (at);"))
}
