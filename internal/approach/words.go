package approach

import (
	"math"
	"strconv"
)

// num writes a number with at most two decimals and no trailing zeros.
func num(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}
