package pmo

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Resource is something that the requests of a portfolio share, whatever their teams: an environment, licences, a budget, a specialist.
type Resource struct {
	ID        string           `json:"id"`
	Name      string           `json:"name"`
	Unit      string           `json:"unit,omitempty"` // what an amount counts, such as licences
	Portfolio string           `json:"portfolio"`
	Amounts   []ResourceAmount `json:"amounts"`
	Revision  int              `json:"revision,omitempty"` // grows with every change
}

// ResourceAmount is how much of a resource there is over some days. On days of no period there is none.
type ResourceAmount struct {
	From   Date    `json:"from" format:"date"`
	Until  Date    `json:"until,omitempty" doc:"The last day; absent: it has no end"`
	Amount float64 `json:"amount" minimum:"0" maximum:"1000000"`
}

// MostAmounts is how many periods a resource can have.
const MostAmounts = 100

// On is how much of the resource there is on a day.
func (r Resource) On(day Date) float64 {
	for _, a := range r.Amounts {
		if a.on(day) {
			return a.Amount
		}
	}
	return 0
}

func (a ResourceAmount) on(day Date) bool { return a.From <= day && (a.Until == "" || day <= a.Until) }

// Least is the least of the resource that there is on any day from one to another.
func (r Resource) Least(from, until Date) float64 {
	least := r.On(from)
	for day := from; day <= until && day != ""; day = day.Plus(1) {
		least = min(least, r.On(day))
	}
	return least
}

// Faults lists what is wrong with the resource, by JSON pointer.
func (r Resource) Faults() map[string]string {
	faults := map[string]string{}
	if !resourceID.MatchString(r.ID) {
		faults["/id"] = fmt.Sprintf("is an id of up to %d lower-case letters, digits, dots, hyphens and underscores, such as staging", mostResourceID)
	}
	for _, text := range []struct {
		field, is   string
		least, most int
	}{{"/name", r.Name, 1, 100}, {"/unit", r.Unit, 0, 40}} {
		switch n := utf8.RuneCountInString(strings.TrimSpace(text.is)); {
		case strings.ContainsFunc(text.is, unicode.IsControl):
			faults[text.field] = "is one line without control characters"
		case n < text.least:
			faults[text.field] = "is empty"
		case n > text.most:
			faults[text.field] = fmt.Sprintf("is longer than %d characters", text.most)
		}
	}
	if len(r.Amounts) > MostAmounts {
		faults["/amounts"] = fmt.Sprintf("are more than %d periods", MostAmounts)
		return faults
	}
	for i, a := range r.Amounts {
		at := fmt.Sprintf("/amounts/%d", i)
		switch {
		case a.From == "" || !a.From.Valid():
			faults[at+"/from"] = "is no day, such as 2027-03-01"
		case !a.Until.Valid():
			faults[at+"/until"] = "is no day, such as 2027-03-01"
		case a.Until != "" && a.Until < a.From:
			faults[at+"/until"] = "is before " + string(a.From)
		case !(a.Amount >= 0 && a.Amount <= mostOfResource): // NaN too
			faults[at+"/amount"] = fmt.Sprintf("is a number from 0 to %d", mostOfResource)
		}
		for k, b := range r.Amounts[:i] {
			if (b.Until == "" || a.From <= b.Until) && (a.Until == "" || b.From <= a.Until) {
				faults[at+"/from"] = fmt.Sprintf("overlaps with period %d, from %s", k+1, b.From)
			}
		}
	}
	return faults
}

// resourceID is the form of an id, as the path of the API has it.
var resourceID = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

const (
	mostOfResource = 1_000_000
	mostResourceID = 64
)

// ResourceNeed reads a need of a resource, such as staging:2: its id and the amount, 1 where none follows; ok is false for what is none.
func ResourceNeed(word string) (id string, amount float64, ok bool) {
	id, text, stated := strings.Cut(strings.ToLower(strings.TrimSpace(word)), ":")
	id = strings.TrimSpace(id)
	if id == "" || utf8.RuneCountInString(id) > mostResourceID {
		return "", 0, false
	}
	if !stated {
		return id, 1, true
	}
	amount, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return id, amount, err == nil && amount > 0 && amount <= mostOfResource
}

// ResourceNeeds are the amounts of resources that a list needs, by id; what is no need is left out.
func ResourceNeeds(words []string) map[string]float64 {
	var needs map[string]float64
	for _, word := range words {
		if id, amount, ok := ResourceNeed(word); ok {
			if needs == nil {
				needs = map[string]float64{}
			}
			needs[id] += amount
		}
	}
	return needs
}

// LargerNeeds are the needs of two lists, of each resource the larger one: what is held while it is not clear which of the two counts.
func LargerNeeds(a, b []string) []string {
	needs := ResourceNeeds(a)
	if needs == nil {
		needs = map[string]float64{}
	}
	for id, amount := range ResourceNeeds(b) {
		needs[id] = max(needs[id], amount)
	}
	words := []string{}
	for _, id := range slices.Sorted(maps.Keys(needs)) {
		words = append(words, id+":"+strconv.FormatFloat(needs[id], 'f', -1, 64))
	}
	return words
}

// ResourceFault says what is wrong with a need of a list, by place; empty where nothing is.
func ResourceFault(words []string, i int) string {
	id, _, ok := ResourceNeed(words[i])
	if !ok {
		return "is the id of a resource, and above 0 how much of it, as in staging:2"
	}
	for _, before := range words[:i] {
		if other, _, known := ResourceNeed(before); known && other == id {
			return "is listed twice: " + before
		}
	}
	return ""
}

// Words say the period in the form that ReadAmount reads.
func (a ResourceAmount) Words() string {
	return fmt.Sprintf("%s..%s: %s", a.From, a.Until, strconv.FormatFloat(a.Amount, 'f', -1, 64))
}

// ReadAmount reads a period with an amount, such as 2027-01-01..2027-06-30: 2, or 2027-01-01..: 2 without an end; ok is false for what is none.
func ReadAmount(word string) (a ResourceAmount, ok bool) {
	days, text, stated := strings.Cut(word, ":")
	from, until, period := strings.Cut(days, "..")
	amount, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return ResourceAmount{From: Date(strings.TrimSpace(from)), Until: Date(strings.TrimSpace(until)), Amount: amount}, stated && period && err == nil
}
