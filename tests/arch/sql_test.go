package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	rawString   = regexp.MustCompile("`([^`]*)`")
	castColumn  = regexp.MustCompile(`(?:^|[^\w.$])(?:\w+\.)?(\w+)::(?:text|bigint)`)
	orderBy     = regexp.MustCompile(`[^(]ORDER BY ([^)]*)`)
	unqualified = regexp.MustCompile(`(?:^|[\s,])([a-z_]+)`)
)

// orderedByText lists the columns that a query casts in its list and then orders by without their table. Postgres orders by what the list has under
// that name: "99" comes after "100" then, and no index gives the order.
func orderedByText(query string) []string {
	cast := map[string]bool{}
	for _, m := range castColumn.FindAllStringSubmatch(query, -1) {
		cast[m[1]] = true
	}
	var found []string
	for _, order := range orderBy.FindAllStringSubmatch(query, -1) {
		for _, name := range unqualified.FindAllStringSubmatchIndex(order[1], -1) {
			column, rest := order[1][name[2]:name[3]], order[1][name[3]:]
			if cast[column] && !strings.HasPrefix(rest, ".") {
				found = append(found, column)
			}
		}
	}
	return found
}

func TestNoQueryOrdersByTheTextOfAColumn(t *testing.T) {
	require.Equal(t, []string{"xid"}, orderedByText(`SELECT xid::text, position FROM ledger ORDER BY xid DESC, position`))
	require.Equal(t, []string{"id"}, orderedByText("SELECT id::text, title FROM request WHERE true ORDER BY title, id LIMIT 5"))
	require.Empty(t, orderedByText(`SELECT l.xid::text, l.position::text FROM ledger l WHERE l.at < $1::text::xid8 ORDER BY l.xid DESC, l.position DESC LIMIT 1`))
	files, err := filepath.Glob(filepath.Join(top, "internal/store/*.go"))
	require.NoError(t, err)
	queries := 0
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range rawString.FindAllStringSubmatch(string(content), -1) {
			if strings.Contains(m[1], "ORDER BY") {
				queries++
			}
			require.Empty(t, orderedByText(m[1]), "%s: name the table in ORDER BY: %s", filepath.Base(file), m[1])
		}
	}
	require.Greater(t, queries, 30)
}
