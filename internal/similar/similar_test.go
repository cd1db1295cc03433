package similar_test

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/similar"
	"leanpmo/internal/testkit"
)

func id(n int) (id similar.ID) {
	binary.BigEndian.PutUint64(id[:], uint64(n))
	return id
}

func TestRewordedTitlesAreSimilarInEveryScript(t *testing.T) {
	for script, c := range map[string][3]string{ // a title, the same in other words, another one
		"Latin":      {"Automate invoice approval", "Automated approval of invoices", "Canteen menu on the intranet"},
		"German":     {"Größenübersicht Brücken", "GRÖSSENÜBERSICHT DER BRÜCKEN", "Speiseplan der Kantine"},
		"Greek":      {"Αυτόματη έγκριση τιμολογίων", "ΕΓΚΡΙΣΗ ΤΙΜΟΛΟΓΙΩΝ αυτόματα", "Μενού καντίνας"},
		"Cyrillic":   {"Автоматизация согласования счетов", "Автоматическое согласование счетов", "Меню столовой"},
		"Arabic":     {"أتمتة الموافقة على الفواتير", "الموافقة الآلية على الفواتير", "قائمة طعام المقصف"},
		"Hebrew":     {"אישור חשבוניות אוטומטי", "אוטומציה של אישור חשבוניות", "תפריט הקפיטריה"},
		"Devanagari": {"चालान अनुमोदन स्वचालित करें", "चालान का स्वचालित अनुमोदन", "कैंटीन मेनू"},
		"Thai":       {"ระบบอนุมัติใบแจ้งหนี้อัตโนมัติ", "อนุมัติใบแจ้งหนี้แบบอัตโนมัติ", "เมนูโรงอาหาร"},
		"Chinese":    {"发票审批自动化", "自动化的发票审批", "食堂菜单"},
		"Japanese":   {"請求書承認の自動化", "自動化された請求書の承認", "食堂のメニュー"},
		"Korean":     {"송장 승인 자동화", "자동화된 송장 승인", "구내식당 메뉴"},
	} {
		t.Run(script, func(t *testing.T) {
			x := similar.NewIndex()
			x.Put(id(1), c[1], c[1])
			x.Put(id(2), c[2], c[2])
			found := x.Nearest(c[0], c[0], 0.3, 5)
			require.Len(t, found, 1)
			require.Equal(t, id(1), found[0].ID)
		})
	}
}

// TestNearestIsExact compares with the definition, while texts come, change and go.
func TestNearestIsExact(t *testing.T) {
	words := strings.Fields("permit permits permitting map maps 地図 地 счёт счета a ab abc ΟΔΟΣ οδός größe GRÖSSE - 12 123")
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 6).Draw(t, "words"), " ")
	})
	rapid.Check(t, func(t *rapid.T) {
		x, held := similar.NewIndex(), map[int][2]string{}
		for range rapid.IntRange(0, 30).Draw(t, "changes") {
			n := rapid.IntRange(0, 9).Draw(t, "id")
			if rapid.IntRange(0, 4).Draw(t, "what") == 0 {
				x.Remove(id(n))
				delete(held, n)
				continue
			}
			title, problem := text.Draw(t, "title"), text.Draw(t, "problem")
			x.Put(id(n), title, title+" "+problem)
			held[n] = [2]string{title, title + " " + problem}
		}
		title := text.Draw(t, "title")
		all := title + " " + text.Draw(t, "problem")
		var want []float64
		for _, h := range held {
			if s := similar.ScoreTexts(title, all, h[0], h[1]); s >= 0.3 {
				want = append(want, s)
			}
		}
		slices.Sort(want)
		slices.Reverse(want)
		var got []float64
		for _, m := range x.Nearest(title, all, 0.3, 5) {
			got = append(got, m.Score)
		}
		require.Equal(t, want[:min(5, len(want))], append(want[:0:0], got...))
	})
}

// scripts are letters for those of Latin words, so that texts of every script differ as those of people do. Han has a letter for each pair.
var scripts = []string{"", "абцдефгхийклмнопярстувшьыз", "αβχδεφγηιξκλμνοπθρστυϝωςψζ", "אבכדהפגחיץקלמנועצרשתוןםךטז", "汉"}

func inScript(text, letters string) string {
	const first, many = 0x4E00, 3000
	runes := []rune(letters)
	var out strings.Builder
	for i, r := range strings.ToLower(text) {
		switch {
		case len(runes) == 0 || r < 'a' || r > 'z':
			out.WriteRune(r)
		case len(runes) > 1:
			out.WriteRune(runes[r-'a'])
		case i%2 == 0 && i > 0:
			out.WriteRune(first + rune(int(r)*int(text[i-1])*7919%many))
		}
	}
	return out.String()
}

// texts are varied ones in several scripts.
func texts(t testing.TB, n int) (titles, problems []string) {
	t.Helper()
	sentences := testkit.NewSentences(t, 7)
	for i := range n {
		script := scripts[0]
		if i%2 == 1 { // half of them are Latin
			script = scripts[i/2%len(scripts)]
		}
		titles, problems = append(titles, inScript(sentences.Text(4, 8), script)), append(problems, inScript(sentences.Text(10, 29), script))
	}
	return titles, problems
}

// TestNearestFindsAllThatTheLinearSearchFinds compares many varied texts, a third of which are changed or removed again, with reading all.
func TestNearestFindsAllThatTheLinearSearchFinds(t *testing.T) {
	const n, queries, limit = 3_000, 90, 5
	titles, problems := texts(t, n)
	type linear struct{ title, all []uint64 }
	x, held := similar.NewIndex(), make([]linear, n)
	put := func(i int, title, problem string) {
		all := title + " " + problem
		x.Put(id(i), title, all)
		held[i] = linear{similar.Groups(title), similar.Groups(all)}
	}
	for i := range n {
		put(i, titles[i], problems[i])
		switch i % 6 {
		case 4:
			put(i/2, titles[i/2]+" "+titles[i], problems[i/3])
		case 5:
			x.Remove(id(i / 3))
			held[i/3] = linear{}
		}
	}
	found, wanted := 0, 0
	for q := range queries {
		i := q * n / queries
		title, all := titles[i], titles[i]+" "+problems[(i+10)%n] // of the same script
		if q%3 == 0 {                                             // the same in other words
			words := strings.Fields(title + " " + problems[i])
			slices.Sort(words)
			title, all = strings.Join(words[len(words)/3:], " "), strings.Join(words, " ")
		}
		inTitle, inAll := similar.Groups(title), similar.Groups(all)
		var want []float64
		for _, h := range held {
			if s := max(similar.Score(inTitle, h.title), similar.Score(inAll, h.all)); s >= 0.3 {
				want = append(want, s)
			}
		}
		slices.Sort(want)
		slices.Reverse(want)
		wanted += min(limit, len(want))
		for k, m := range x.Nearest(title, all, 0.3, limit) {
			require.Equal(t, want[k], m.Score)
			found++
		}
	}
	require.Greater(t, wanted, queries, "there is something to find")
	require.Equal(t, wanted, found)
}

// TestMemoryOfAnIndexIsBounded: what an index says it takes is what it takes, and a request takes few bytes in every script.
func TestMemoryOfAnIndexIsBounded(t *testing.T) {
	const n = 10_000
	titles, problems := texts(t, n)
	inUse := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	before := inUse()
	x := similar.NewIndex()
	for i := range titles {
		x.Put(id(i), titles[i], titles[i]+" "+problems[i])
	}
	took := inUse() - before
	t.Logf("%d bytes a request, as it says %d", took/n, x.Memory()/n)
	require.Less(t, took/n, 2_000)
	require.InEpsilon(t, took, x.Memory(), 0.35)
	runtime.KeepAlive([]any{x, titles, problems})
}

func varied(t testing.TB, n int) (titles, problems []string) {
	t.Helper()
	sentences := testkit.NewSentences(t, 7)
	for range n {
		titles, problems = append(titles, sentences.Text(4, 8)), append(problems, sentences.Text(10, 29))
	}
	return titles, problems
}

func BenchmarkNearest(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		titles, problems := varied(b, n)
		x := similar.NewIndex()
		for i := range titles {
			x.Put(id(i), titles[i], titles[i]+" "+problems[i])
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			i := 0
			for b.Loop() {
				i++
				x.Nearest(titles[i%n], titles[i%n]+" "+problems[(i+1)%n], 0.3, 5)
			}
		})
	}
	b.Run("Put", func(b *testing.B) {
		titles, problems := varied(b, 1000)
		x, i := similar.NewIndex(), 0
		for b.Loop() {
			i++
			x.Put(id(i), titles[i%1000], titles[i%1000]+" "+problems[i%1000])
		}
	})
}
