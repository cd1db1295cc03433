package audit

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// keptTitle is the first line of a file of heads.
const keptTitle = "leanpmo audit heads 1"

// WriteTitle begins a file of heads.
func WriteTitle(w io.Writer) error {
	_, err := fmt.Fprintln(w, keptTitle)
	return err
}

// Write adds a head to the file.
func (h Head) Write(w io.Writer) error {
	_, err := fmt.Fprintln(w, h.Chain, h.Line, h.Hash)
	return err
}

// Kept reads a file of heads one by one, in the order of the chains' names.
type Kept struct {
	lines *bufio.Scanner
	at    int
	last  string
}

// ReadKept begins to read a file of heads.
func ReadKept(r io.Reader) (*Kept, error) {
	k := &Kept{lines: bufio.NewScanner(r), at: 1}
	if !k.lines.Scan() || k.lines.Text() != keptTitle {
		return nil, fmt.Errorf("this is not a file of heads: its first line is not %q", keptTitle)
	}
	return k, nil
}

// Next is the next head; its chain is empty after the last one.
func (k *Kept) Next() (Head, error) {
	if !k.lines.Scan() {
		return Head{}, k.lines.Err()
	}
	k.at++
	parts := strings.Split(k.lines.Text(), " ")
	if len(parts) != 3 {
		return Head{}, fmt.Errorf("line %d of the kept heads does not have three words", k.at)
	}
	line, err := strconv.ParseInt(parts[1], 10, 64)
	raw, malformed := hex.DecodeString(parts[2])
	if err != nil || line < 1 || malformed != nil || len(raw) != len(Hash()) || parts[0] <= k.last {
		return Head{}, fmt.Errorf("line %d of the kept heads is not a head, or not in its order", k.at)
	}
	k.last = parts[0]
	return Head{parts[0], line, parts[2]}, nil
}

// heads looks one kept head ahead. A nil one has none.
type heads struct {
	from *Kept
	next *Head
}

func (h *heads) peek() (Head, error) {
	if h == nil {
		return Head{}, nil
	}
	if h.next == nil {
		next, err := h.from.Next()
		if err != nil {
			return Head{}, err
		}
		h.next = &next
	}
	return *h.next, nil
}

func (h *heads) take() {
	if h.next.Chain != "" {
		h.next = nil
	}
}
