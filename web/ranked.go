package web

import (
	"fmt"

	"leanpmo/internal/wire"
)

// rankedPart is a ranked request with its score as stacked parts.
type rankedPart struct {
	Ranked *wire.RankedRequest
	Parts  []scorePart
	Page   *reader
}

// dependencyPart is a list of requests that another one needs, or that need it.
type dependencyPart struct {
	List []wire.Dependency
	Page *reader
}

// scorePart is a part of a score, with its place in a bar of barLength.
type scorePart struct {
	Label, Class string
	Amount       float64
	X, W         float64
}

const barLength = 300

// newRankedPart takes a line of a list or the pointer to one.
func newRankedPart(line any, t *reader) rankedPart {
	r, ok := line.(*wire.RankedRequest)
	if value, isValue := line.(wire.RankedRequest); isValue {
		r, ok = &value, true
	}
	if !ok {
		return rankedPart{Page: t}
	}
	p := rankedPart{Ranked: r, Page: t}
	at := 0.0
	for i, part := range r.Parts {
		s := scorePart{Label: t.partLabel(part.Code), Class: fmt.Sprintf("s%d", 6-i%7), Amount: part.Amount, X: tenth(at), W: t.Share(part.Amount, r.Score, barLength)}
		at += barLength * part.Amount / max(r.Score, 1e-12)
		p.Parts = append(p.Parts, s)
	}
	return p
}

// partLabel names a part of a score: an input, or what is no single input.
func (t *reader) partLabel(code string) string {
	switch code {
	case "base":
		return t.T("part.base")
	case "ageing":
		return t.T("part.ageing")
	}
	return t.T("field.inputs." + code)
}
