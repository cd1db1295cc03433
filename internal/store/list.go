package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"leanpmo/internal/cleantext"
	"leanpmo/internal/pmo"
)

// The orders of a list.
const (
	SortNewest = "newest"
	SortAge    = "age"
	SortDue    = "due"
	SortRank   = "rank"
)

// order is a total order: the key, and the id where keys are equal.
type order struct {
	key, cast, direction, after string
	before                      cursor // lies before every row
}

const (
	leastID = "00000000-0000-0000-0000-000000000000"
	mostID  = "ffffffff-ffff-ffff-ffff-ffffffffffff"
)

var orders = map[string]order{
	SortNewest: {"r.submitted_at", "timestamptz", "DESC", "<", cursor{SortNewest, "infinity", mostID}},
	SortAge:    {"r.submitted_at", "timestamptz", "ASC", ">", cursor{SortAge, "-infinity", leastID}},
	SortDue:    {"r.due_at", "timestamptz", "ASC", ">", cursor{SortDue, "-infinity", leastID}},
	SortRank:   {"k.rank", "integer", "ASC", ">", cursor{SortRank, "0", leastID}},
}

// List reads a page of requests. Sorted by rank, it lists the requests of the current prioritizations that still wait for a pull. If the
// text is the number of a request, that one comes first.
func (s *Store) List(ctx context.Context, f Filter) (Page[Item], error) {
	if f.Sort == "" {
		f.Sort = SortNewest
	}
	o, ok := orders[f.Sort]
	if !ok {
		return Page[Item]{}, fmt.Errorf("sort by %q: %w", f.Sort, ErrInvalid)
	}
	at, err := readCursor(f.Sort, f.Cursor)
	if err != nil {
		return Page[Item]{}, err
	}
	limit := pageSize(f.Limit)
	words := cleantext.SearchWords(clean(f.Text))
	number := int64(0)
	if len(words) == 1 {
		number, _ = numberOf(words[0].Folded)
	}
	q := newListQuery(o, f, limit+1)
	q.addWords(words, number > 0)
	if number > 0 {
		q.add("r.number IS DISTINCT FROM ?", number) // it is on the first page, before the others
	}
	if at != nil && q.byRank {
		q.add("k.rank >= ?::text::integer", at.Key) // an index condition; the tuple below is not one, because it spans two tables
	}
	if at != nil {
		q.add(fmt.Sprintf("(%s, r.id) %s (?::text::%s, ?::text::uuid)", o.key, o.after, o.cast), at.Key, at.ID)
	}
	rows, err := s.listed(ctx, q)
	if err != nil {
		return Page[Item]{}, err
	}
	if number > 0 && at == nil {
		first := newListQuery(o, f, 1)
		first.add("r.number = ?", number)
		named, err := s.listed(ctx, first)
		if err != nil {
			return Page[Item]{}, err
		}
		rows = append(named, rows...)
	}
	page := paged(rows, limit, func(l listed) cursor {
		if number > 0 && l.Number == number {
			return o.before
		}
		return cursor{List: f.Sort, Key: l.Key, ID: l.ID}
	})
	out := Page[Item]{Items: make([]Item, len(page.Items)), Next: page.Next}
	for i, l := range page.Items {
		out.Items[i] = l.item()
	}
	return out, nil
}

// listed runs the query. The best plan depends on the values (a rare word, a common stage), so Postgres plans each call.
func (s *Store) listed(ctx context.Context, q *listQuery) ([]listed, error) {
	return many(ctx, s.pool, "list requests", pgx.RowToStructByPos[listed], q.sql(), append([]any{pgx.QueryExecModeCacheDescribe}, q.args...)...)
}

// listed is an item with its sort key in the text form of Postgres.
type listed struct {
	Item
	LimitReason string      // why the newest prioritization did not pull it
	Standing    pmo.Request // the parts of the snapshot that say what it waits on; only where nobody is asked
	Key         string
}

// item is the item with what it waits on.
func (l listed) item() Item {
	r := l.Standing
	r.Stage, r.Status, r.Outcome = l.Stage, l.Status, l.Outcome
	l.WaitsOn = r.WaitsFor(l.WaitingOn, l.LimitReason)
	return l.Item
}

// since is pmo.Request.Since of the row.
const since = `CASE r.status WHEN 'closed' THEN coalesce(r.closed_at, r.stage_since) WHEN 'open' THEN coalesce(r.accepted_at, r.stage_since)
    WHEN 'on_hold' THEN coalesce((r.snapshot #>> '{hold,since}')::timestamptz, r.stage_since)
    ELSE coalesce((r.snapshot #>> '{deferral,since}')::timestamptz, r.stage_since) END`

// pulledAt is when the row was pulled, of one that is (pmo.Request.Pulled): the column keeps the time of one that has given its slot back.
const pulledAt = `CASE WHEN r.status = 'open' AND r.waits_for <> 'pull' AND r.stage NOT IN ('intake', 'review') THEN r.pulled_at END`

// itemColumns are the columns of an Item, in the order of its fields.
const itemColumns = `r.id::text, coalesce(r.number, 0), r.title, r.kind, r.portfolio, r.themes, r.requester, r.stage, r.stage_since, ` + since + `, r.accepted_at, r.status, r.outcome,
    r.lane, r.class, r.team, r.approach, k.rank, k.score, r.submitted_at, r.wanted_by, r.waiting_on, nullif(r.due_at, 'infinity'), r.health, r.health_reason, r.health_kind, r.revision, ` + pulledAt + `,
    coalesce(k.bound, ''), ` + standingColumn

// standingColumn are the parts of the snapshot that say what a request waits on. Most requests wait on people, for a slot or on nothing; of
// these no snapshot is read.
const standingColumn = `CASE WHEN r.waiting_on = '{}' AND r.status <> 'closed' AND (r.status <> 'open' OR r.stage <> 'prioritization')
    THEN jsonb_build_object('hold', r.snapshot -> 'hold', 'deferral', r.snapshot -> 'deferral', 'waits', r.snapshot -> 'waits', 'assignment', r.snapshot -> 'assignment',
        'plan', r.snapshot -> 'plan', 'progress', r.snapshot -> 'progress', 'benefit_at', coalesce(r.snapshot -> 'benefit_at', '"0001-01-01T00:00:00Z"')) ELSE '{}' END`

// conditions collects what requests must meet; each ? becomes the next argument.
type conditions struct {
	where []string
	args  []any
}

// listQuery is the query of one page of a list.
type listQuery struct {
	conditions
	order  order
	byRank bool
	limit  int
}

func newListQuery(o order, f Filter, limit int) *listQuery {
	q := &listQuery{order: o, byRank: f.Sort == SortRank, limit: limit}
	q.choose(f)
	return q
}

func (q *conditions) add(condition string, args ...any) {
	for _, arg := range args {
		q.args = append(q.args, arg)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(q.args)), 1)
	}
	q.where = append(q.where, condition)
}

// addWords asks for each of the words.
func (q *conditions) addWords(words []cleantext.Word, alone bool) {
	for _, word := range words {
		q.addWord(word, alone)
	}
}

// addText asks for the words of a text, or for the request whose number it is.
func (q *conditions) addText(text string) {
	words := cleantext.SearchWords(clean(text))
	if len(words) == 0 {
		return
	}
	number := int64(0)
	if len(words) == 1 {
		number, _ = numberOf(words[0].Folded)
	}
	named := conditions{args: q.args}
	named.addWords(words, number > 0)
	either := strings.Join(named.where, " AND ")
	if number > 0 {
		named.add("r.number = ?", number)
		either = strings.Join(named.where, " OR ")
	}
	q.where, q.args = append(q.where, "("+either+")"), named.args
}

// addWord asks for a word in the folded text, or in the lower case that a worker of an earlier version wrote. Every number is in the first line
// of such a text: there a word is looked for only where a number is asked for, alone or as R-42.
func (q *conditions) addWord(w cleantext.Word, alone bool) {
	folded, lower := "%"+escapeLike.Replace(w.Folded)+"%", "%"+escapeLike.Replace(w.Lower)+"%"
	switch asked := alone || strings.HasPrefix(w.Folded, "r-") && len(w.Folded) > len("r-"); {
	case partOfNumber(w.Folded) && !asked:
		q.add("(r.search LIKE ? OR r.search NOT LIKE ? AND r.search LIKE ?)", "\n%\n"+folded, "\n%", folded)
	case folded == lower:
		q.add("r.search LIKE ?", folded)
	default:
		q.add("(r.search LIKE ? OR r.search LIKE ?)", folded, lower)
	}
}

// partOfNumber reports whether the word may stand in the number of a request, such as R-42.
func partOfNumber(word string) bool {
	digits := strings.TrimPrefix(strings.TrimPrefix(word, "r"), "-")
	return strings.Trim(digits, "0123456789") == ""
}

func (q *conditions) addIf(value, condition string) {
	if value != "" {
		q.add(condition, clean(value))
	}
}

func (q *conditions) choose(f Filter) {
	switch {
	case f.Status != "":
		q.add("r.status = ?", string(f.Status))
		if f.Status != pmo.StatusClosed {
			q.add("r.status <> 'closed'") // repeats the condition of the partial indexes
		}
	case !f.Closed:
		q.add("r.status <> 'closed'")
	}
	if !f.SeesAll {
		viewers := viewerIDs(f.Viewer, f.ActsFor)
		q.add(`(NOT r.confidential OR r.people && ?::text[]
			OR EXISTS (SELECT FROM team v WHERE v.id IN (r.team, r.second_team) AND (v.members && ?::text[] OR v.leads && ?::text[])))`, viewers, viewers, viewers)
	}
	q.match(f)
	q.addIf(f.ForTeam, waitsOnTeam)
	q.addIf(string(f.Stage), "r.stage = ?")
	q.addIf(f.WaitingOn, "r.waiting_on @> ARRAY[?::text]")
	if len(f.Only) > 0 {
		q.addNamed(f.Only)
	}
}

// addNamed asks for requests by id or number.
func (q *conditions) addNamed(refs []string) {
	ids, numbers := []string{}, []int64{}
	for _, ref := range refs {
		if id, err := uuid.Parse(ref); err == nil {
			ids = append(ids, id.String())
		} else if number, ok := numberOf(ref); ok {
			numbers = append(numbers, number)
		}
	}
	q.add("(r.id = ANY (?::text[]::uuid[]) OR r.number = ANY (?::bigint[]))", ids, numbers)
}

// waitsOnTeam chooses what waits for a team: on the answer of one of its people about its own work, or for a team, with no skill that it lacks
// and not declined by it.
const waitsOnTeam = `EXISTS (SELECT FROM team w WHERE w.id = ? AND w.portfolio = r.portfolio AND (w.id IN (r.team, r.second_team) AND r.waiting_on && (w.leads || w.members)
    OR ` + couldTake + `))`

// match chooses by what a request is: the filters that all lists have, but for the text.
func (q *conditions) match(f Filter) {
	q.addIf(f.Portfolio, "r.portfolio = ?")
	q.addIf(f.Kind, "r.kind = ?")
	if f.Team != "" {
		q.add("(r.team = ? OR r.second_team = ? AND r.second_team <> '')", f.Team, f.Team)
	}
	q.addIf(f.Requester, "r.requester = ?")
	q.addIf(f.Theme, "r.themes @> ARRAY[?::text]")
	q.addIf(string(f.Class), "r.class = ?")
	if !f.StageBefore.IsZero() {
		q.add("r.stage_since <= ?", f.StageBefore)
	}
}

// Filtered reports whether the filter chooses among the requests of its portfolio.
func (f Filter) Filtered() bool {
	return f.Theme != "" || f.Kind != "" || f.Team != "" || f.Requester != "" || f.Text != "" || f.Class != "" || !f.StageBefore.IsZero()
}

var escapeLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// sql finds the ids of the page first and then reads only those rows.
func (q *listQuery) sql() string {
	where := strings.Join(append(q.where, "true"), " AND ")
	order := fmt.Sprintf("ORDER BY %s %s, r.id %s", q.order.key, q.order.direction, q.order.direction)
	page := fmt.Sprintf("SELECT r.id, %s AS key FROM request r WHERE %s %s LIMIT %d", q.order.key, where, order, q.limit)
	if q.byRank {
		// Each portfolio is read in the order of its ranks, and the best ranks of all portfolios are merged.
		page = fmt.Sprintf(`SELECT best.id, best.key FROM (%s) g CROSS JOIN LATERAL (SELECT r.id, k.rank AS key
			FROM ranking k JOIN request r ON r.id = k.request_id AND r.portfolio = g.portfolio AND r.waits_for = 'pull'
			WHERE k.run_no = coalesce(g.lines_of, g.no) AND (g.lines_of IS NULL OR k.rank <= g.count) AND %s
			ORDER BY k.rank LIMIT %d) best ORDER BY best.key, best.id LIMIT %d`, currentRun, where, q.limit, q.limit)
	}
	return fmt.Sprintf("WITH page AS MATERIALIZED (%s) SELECT %s, page.key::text FROM page JOIN request r ON r.id = page.id%s ORDER BY page.key %s, r.id %s",
		page, itemColumns, rankJoins, q.order.direction, q.order.direction)
}
