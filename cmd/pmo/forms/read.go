// Package forms reads requests and teams from YAML or JSON files, and single fields from the command line. Every fault names file,
// line and field.
package forms

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
	"leanpmo/internal/yamlstrict"
)

// Form is a request as it is written in a file.
type Form struct {
	wire.Submission
	place place
}

// Fault is one thing wrong with a file.
type Fault struct {
	File    string
	Line    int    // 0: the file as a whole
	Field   string // empty: the document as a whole
	Problem string
}

// String is file, line, field and problem, as compilers and editors write them.
func (f Fault) String() string {
	text := f.File
	if f.Line > 0 {
		text = fmt.Sprintf("%s:%d", text, f.Line)
	}
	if f.Field != "" {
		text += ": " + f.Field
	}
	return text + ": " + f.Problem
}

// Faults is everything wrong with some files, as an error.
type Faults []Fault

// Error lists every fault on a line of its own.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

// Read reads all requests of a file: one, a list of them, or several YAML documents.
func Read(file string, src []byte) ([]Form, error) {
	if !utf8.Valid(src) {
		return nil, Faults{{File: file, Problem: "is not written in UTF-8"}}
	}
	var forms []Form
	var faults Faults
	for _, doc := range documents(src) {
		found, wrong := readDocument(file, doc)
		forms, faults = append(forms, found...), append(faults, wrong...)
	}
	if len(faults) == 0 && len(forms) == 0 {
		faults = Faults{{File: file, Problem: "holds no request"}}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return forms, nil
}

// Contents reads the parts of another request. Parts have the requester of the whole and cannot name another one.
func Contents(file string, src []byte) ([]pmo.Content, error) {
	found, err := Read(file, src)
	if err != nil {
		return nil, err
	}
	var parts []pmo.Content
	for _, f := range found {
		if f.Requester != "" || f.Reason != "" || len(f.Watchers) > 0 {
			return nil, f.place.faults([]yamlstrict.Fault{{Problem: "is a part: requester, reason and watchers come from the whole"}})
		}
		parts = append(parts, f.Content)
	}
	return parts, nil
}

func readDocument(file string, src []byte) ([]Form, Faults) {
	root := body(src)
	at := place{file: file, root: root}
	var list []wire.Submission
	if _, many := root.(*ast.SequenceNode); many {
		if wrong := yamlstrict.Decode(src, &list); len(wrong) > 0 {
			return nil, at.faults(wrong)
		}
	} else {
		var one wire.Submission
		if wrong := yamlstrict.Decode(src, &one); len(wrong) > 0 {
			return nil, at.faults(wrong)
		}
		list = append(list, one)
	}
	var forms []Form
	var faults Faults
	for i, f := range list {
		own := at.item(i)
		forms = append(forms, Form{Submission: f, place: own})
		faults = append(faults, own.faults(check(f))...)
	}
	return forms, faults
}

// body is the document's root; nil if it cannot be parsed: decoding reports the error with more detail.
func body(src []byte) ast.Node {
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		return nil
	}
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.CommentType {
			return doc.Body
		}
	}
	return nil
}

// documents splits a stream of YAML documents. The lines before a document are replaced by empty ones, so that its line numbers are
// those of the file.
func documents(src []byte) [][]byte {
	var docs [][]byte
	var doc bytes.Buffer
	used := false
	flush := func() {
		if used {
			docs = append(docs, bytes.Clone(doc.Bytes()))
		}
		used = false
	}
	line := 0
	for text := range bytes.Lines(bytes.TrimPrefix(src, []byte("\ufeff"))) {
		if marker(text, "---") || marker(text, "...") {
			flush()
			doc.Reset()
			doc.WriteString(strings.Repeat("\n", line))
			text = append([]byte("   "), text[3:]...)
		}
		if trimmed := bytes.TrimSpace(text); len(trimmed) > 0 && trimmed[0] != '#' && trimmed[0] != '%' {
			used = true
		}
		doc.Write(text)
		line++
	}
	flush()
	return docs
}

func marker(line []byte, mark string) bool {
	return bytes.HasPrefix(line, []byte(mark)) && (len(line) == len(mark) || strings.ContainsRune(" \t\r\n", rune(line[len(mark)])))
}

// Key is the Idempotency-Key of a form. It is made from the content, so that sending a file again, in another order or together with
// others, submits no request twice. Another value of again makes another request of the same content.
func (f Form) Key(again string) string {
	text, _ := json.Marshal(f.Submission) // plain data always encodes
	sum := sha256.Sum256(append(append(text, 0), again...))
	return "form-" + hex.EncodeToString(sum[:])
}
