package priority

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"leanpmo/internal/pmo"
)

// num writes a number with at most two decimals and no trailing zeros.
func num(v float64) string {
	r := math.Round(v*100) / 100
	if r == 0 && v != 0 {
		return strconv.FormatFloat(v, 'g', 2, 64)
	}
	return strconv.FormatFloat(r, 'f', -1, 64)
}

func whole(n int) string { return strconv.Itoa(n) }

// name is how people call a request: R-42, or its id while it has no number.
func name(number int64, id string) string {
	return cmp.Or(pmo.Ref(number), id)
}

func words(code string) string { return strings.ReplaceAll(code, "_", " ") }

// sentences joins the parts that say something, each with its full stop.
func sentences(parts []string) string {
	var b strings.Builder
	for _, p := range parts {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p)
		b.WriteByte('.')
	}
	return b.String()
}
