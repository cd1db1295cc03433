package arch

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// named is a test with its folder; a test after a comma is of the folder before it.
var named = regexp.MustCompile("(?:`([a-z0-9/-]+)` |, )(Test[A-Za-z0-9]+)(?:/([^ |·]+))?")

// TestEveryGuaranteeHasItsTest looks up each test that docs/guarantees.md names, subtests by their words.
func TestEveryGuaranteeHasItsTest(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(top, "docs", "guarantees.md"))
	require.NoError(t, err)
	for _, line := range strings.Split(string(page), "\n") {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| we promise") {
			continue
		}
		requireTests(t, line)
	}
}

// TestEveryComplaintHasItsAnswer does the same for the ten complaints about messages of docs/notifications.md.
func TestEveryComplaintHasItsAnswer(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(top, "docs", "notifications.md"))
	require.NoError(t, err)
	for n := 1; n <= 10; n++ {
		_, rest, found := strings.Cut(string(page), fmt.Sprintf("\n| %d. ", n))
		require.True(t, found, "complaint %d has no row", n)
		line, _, _ := strings.Cut(rest, "\n")
		requireTests(t, line)
	}
}

// requireTests requires that a line names tests, and that there are all of them.
func requireTests(t *testing.T, line string) {
	t.Helper()
	tests := named.FindAllStringSubmatch(line, -1)
	require.NotEmpty(t, tests, "a line without a test: %s", line)
	for i, test := range tests {
		if test[1] == "" {
			require.Positive(t, i, "a test without its folder: %s", line)
			test[1] = tests[i-1][1]
		}
		code := testCode(t, test[1])
		if !strings.Contains(code, "func "+test[2]+"(") {
			t.Errorf("%s has no %s", test[1], test[2])
		}
		if test[3] != "" && !strings.Contains(code, "\""+strings.ReplaceAll(test[3], "_", " ")+"\"") {
			t.Errorf("%s has no case %s", test[2], test[3])
		}
	}
}

func testCode(t *testing.T, folder string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(top, filepath.FromSlash(folder), "*_test.go"))
	require.NoError(t, err)
	var code strings.Builder
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		code.Write(text)
	}
	return code.String()
}
