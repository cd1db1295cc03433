package bench

import (
	"testing"

	"leanpmo/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
