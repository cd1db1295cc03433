// Package audit verifies the ledgers: the lines of each request and those of the office. Each line has a hash over its content and the hash of
// the line before, so that a line cannot be changed, removed, inserted or moved without it being found. The newest lines can be removed, or a
// whole chain written anew, without a fault in itself; that is found by heads that were kept elsewhere.
package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
)

// Office is the name of the chain of what concerns no request. The chain of a request has its id.
const Office = "office"

// Hash is the hash of a line: the SHA-256 of its fields as netstrings, which are the length in bytes, a colon, the text and a comma.
func Hash(fields ...string) [sha256.Size]byte {
	var encoded []byte
	for _, f := range fields {
		encoded = strconv.AppendInt(encoded, int64(len(f)), 10)
		encoded = append(append(append(encoded, ':'), f...), ',')
	}
	return sha256.Sum256(encoded)
}

// Line is a line of a ledger as it is stored.
type Line struct {
	Chain  string
	Line   int64  // its place in the chain, from 1
	Stored []byte // its hash
	// Hash computes what its hash has to be after a line with the hash before, in hexadecimal digits; empty for the first line.
	Hash func(before string) [sha256.Size]byte
}

// Head is the newest line of a chain.
type Head struct {
	Chain string
	Line  int64
	Hash  string // hexadecimal digits
}

// Break is a place where a chain is not what was written.
type Break struct {
	Chain string
	Line  int64
	What  string
}

// String is the break in words.
func (b Break) String() string { return fmt.Sprintf("%s line %d: %s", b.Chain, b.Line, b.What) }

// Verifier checks lines in the order of their chains' names and, within a chain, of their places. It keeps one line in memory.
type Verifier struct {
	Lines, Chains, Broken int64  // verified so far, and how many chains have a break
	First                 *Break // of all

	kept   *heads // nil: nothing to compare with
	head   Head   // the newest line of the present chain
	broken bool   // the present chain has a break: what follows it is not judged
	onHead func(Head) error
}

// NewVerifier makes a verifier. Kept heads and onHead, which is called with the head of each chain without a break, may be nil.
func NewVerifier(kept *Kept, onHead func(Head) error) *Verifier {
	v := &Verifier{onHead: onHead}
	if kept != nil {
		v.kept = &heads{from: kept}
	}
	return v
}

// Add checks the next line.
func (v *Verifier) Add(l Line) error {
	if l.Chain != v.head.Chain {
		if err := v.endChain(); err != nil {
			return err
		}
		v.head, v.broken = Head{Chain: l.Chain}, false
		v.Chains++
		if err := v.removed(l.Chain); err != nil {
			return err
		}
	}
	if v.broken {
		return nil
	}
	if what := v.fault(l); what != "" {
		v.found(Break{l.Chain, l.Line, what})
		return nil
	}
	v.Lines++
	v.head.Line, v.head.Hash = l.Line, hex.EncodeToString(l.Stored)
	return v.compare()
}

func (v *Verifier) fault(l Line) string {
	switch want := v.head.Line + 1; {
	case l.Line > want && want == l.Line-1:
		return fmt.Sprintf("line %d before it is missing", want)
	case l.Line > want:
		return fmt.Sprintf("lines %d to %d before it are missing", want, l.Line-1)
	case l.Line < want:
		return "there are two lines of this number"
	}
	if hash := l.Hash(v.head.Hash); !bytes.Equal(hash[:], l.Stored) {
		return "it is not what was written, or the line before it is another one"
	}
	return ""
}

// compare compares the line that was added with the kept head of its chain.
func (v *Verifier) compare() error {
	kept, err := v.kept.peek()
	if err != nil || kept.Chain != v.head.Chain || kept.Line != v.head.Line {
		return err
	}
	v.kept.take()
	if kept.Hash != v.head.Hash {
		v.found(Break{kept.Chain, kept.Line, "the chain was written anew: the kept head has another hash"})
	}
	return nil
}

// removed finds kept chains before this one, which have not a single line any more.
func (v *Verifier) removed(chain string) error {
	for {
		kept, err := v.kept.peek()
		if err != nil || kept.Chain == "" || chain != "" && kept.Chain >= chain {
			return err
		}
		v.kept.take()
		v.found(Break{kept.Chain, 1, fmt.Sprintf("all lines are missing; the kept head is line %d", kept.Line)})
	}
}

// endChain finds that the newest lines of a chain are missing, and hands out its head.
func (v *Verifier) endChain() error {
	if v.head.Chain == "" {
		return nil
	}
	kept, err := v.kept.peek()
	if err != nil {
		return err
	}
	if kept.Chain == v.head.Chain {
		v.kept.take()
		if !v.broken {
			v.found(Break{kept.Chain, v.head.Line + 1, fmt.Sprintf("the newest lines are missing: the kept head is line %d", kept.Line)})
		}
	}
	if v.broken || v.onHead == nil {
		return nil
	}
	return v.onHead(v.head)
}

// Found takes a break that is not in the order of a chain.
func (v *Verifier) Found(b Break) { v.note(b) }

func (v *Verifier) found(b Break) {
	v.broken = true
	v.note(b)
}

func (v *Verifier) note(b Break) {
	v.Broken++
	if v.First == nil {
		v.First = &b
	}
}

// End is to be called after the last line.
func (v *Verifier) End() error {
	if err := v.endChain(); err != nil {
		return err
	}
	v.head, v.broken = Head{}, false
	return v.removed("")
}
