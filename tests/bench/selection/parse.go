package main

import (
	"bufio"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"leanpmo/internal/selection"
)

// parse reads a Next Release Problem instance: levels of requirements with their costs, dependencies (the second requirement of a pair needs
// the first), and customers, each with profit, number of requests and requests. Requirements are counted from 1 through all levels. Only spaces
// and line breaks separate numbers, so a line may hold any of them; an error names the line of what is wrong.
func parse(in io.Reader) (selection.Problem, error) {
	t := &tokens{in: bufio.NewReader(in), line: 1}
	p, err := t.problem()
	if err != nil {
		return selection.Problem{}, fmt.Errorf("line %d: %w", t.at, err)
	}
	return p, nil
}

// tokens reads whole numbers and knows the line each stood on.
type tokens struct {
	in   *bufio.Reader
	line int // of what is read next
	at   int // of the last token
}

// limit is the highest count of levels, requirements, dependencies or customers that is read.
const limit = 1_000_000

func (t *tokens) problem() (p selection.Problem, err error) {
	if err := t.levels(&p); err != nil {
		return p, err
	}
	if err := t.dependencies(&p); err != nil {
		return p, err
	}
	if err := t.customers(&p); err != nil {
		return p, err
	}
	if word, err := t.word(); err == nil {
		return p, fmt.Errorf("%q stands after the last customer", word)
	} else if err != io.EOF {
		return p, err
	}
	return p, nil
}

func (t *tokens) levels(p *selection.Problem) error {
	levels, err := t.number("the number of levels", 1, limit)
	if err != nil {
		return err
	}
	for level := range levels {
		n, err := t.number(fmt.Sprintf("the number of requirements in level %d", level+1), 0, limit)
		if err != nil {
			return err
		}
		for range n {
			cost, err := t.number(fmt.Sprintf("the cost of requirement %d", len(p.Requirements)+1), 0, selection.Total)
			if err != nil {
				return err
			}
			if len(p.Requirements) == limit {
				return fmt.Errorf("more than %d requirements", limit)
			}
			p.Requirements = append(p.Requirements, selection.Requirement{Cost: int64(cost)})
		}
	}
	return nil
}

func (t *tokens) dependencies(p *selection.Problem) error {
	n, err := t.number("the number of dependencies", 0, limit)
	if err != nil {
		return err
	}
	for i := range n {
		what := fmt.Sprintf("a requirement of dependency %d", i+1)
		before, err := t.number(what, 1, len(p.Requirements))
		if err != nil {
			return err
		}
		after, err := t.number(what, 1, len(p.Requirements))
		if err != nil {
			return err
		}
		p.Requirements[after-1].Needs = append(p.Requirements[after-1].Needs, before-1)
	}
	return nil
}

func (t *tokens) customers(p *selection.Problem) error {
	n, err := t.number("the number of customers", 0, limit)
	if err != nil {
		return err
	}
	for i := range n {
		profit, err := t.number(fmt.Sprintf("the profit of customer %d", i+1), 0, selection.Total)
		if err != nil {
			return err
		}
		requests, err := t.number(fmt.Sprintf("the number of requests of customer %d", i+1), 0, len(p.Requirements))
		if err != nil {
			return err
		}
		c := selection.Customer{Profit: int64(profit)}
		for range requests {
			r, err := t.number(fmt.Sprintf("a request of customer %d", i+1), 1, len(p.Requirements))
			if err != nil {
				return err
			}
			c.Wants = append(c.Wants, r-1)
		}
		p.Customers = append(p.Customers, c)
	}
	return nil
}

// number reads a whole number between least and most.
func (t *tokens) number(what string, least, most int) (int, error) {
	word, err := t.word()
	switch {
	case err == io.EOF:
		return 0, fmt.Errorf("the file ends where %s is expected", what)
	case err != nil:
		return 0, err
	}
	n, err := strconv.Atoi(word)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%q is not %s, a whole number from %d to %d", word, what, least, most)
	}
	return n, nil
}

// longest is the highest number of bytes in one word; what is longer is no number.
const longest = 20

// word returns the next word, or io.EOF.
func (t *tokens) word() (string, error) {
	var w strings.Builder
	for {
		b, err := t.in.ReadByte()
		if err != nil && err != io.EOF {
			return "", err
		}
		space := err == io.EOF || b == ' ' || b == '\t' || b == '\r' || b == '\n'
		if space && w.Len() > 0 {
			if err == nil {
				return w.String(), t.in.UnreadByte()
			}
			return w.String(), nil
		}
		switch {
		case err == io.EOF:
			t.at = t.line
			return "", io.EOF
		case b == '\n':
			t.line++
		case !space:
			if t.at = t.line; w.Len() == longest {
				return "", fmt.Errorf("%q… is no number", w.String())
			}
			w.WriteByte(b)
		}
	}
}

// decimal is how a ratio is written.
var decimal = regexp.MustCompile(`^[0-9]{0,9}(\.[0-9]{1,9})?$`)

// budget is the ratio of the total cost, rounded half up. The ratio is read as a decimal fraction, so that 0.7 is exactly seven tenths.
func budget(p selection.Problem, ratio string) (int64, error) {
	exact, ok := new(big.Rat), decimal.MatchString(ratio)
	if ok {
		exact, ok = exact.SetString(ratio)
	}
	if !ok || exact.Cmp(big.NewRat(1, 1)) > 0 {
		return 0, fmt.Errorf("the ratio %.20q is not a decimal number from 0 to 1", ratio)
	}
	var total int64
	for _, r := range p.Requirements {
		total += r.Cost
	}
	// ⌊ratio × total + 1/2⌋
	exact.Mul(exact, new(big.Rat).SetInt64(2*total)).Add(exact, big.NewRat(1, 1))
	return new(big.Int).Div(exact.Num(), new(big.Int).Mul(exact.Denom(), big.NewInt(2))).Int64(), nil
}
