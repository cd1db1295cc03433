package web

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/approach"
	"leanpmo/internal/wire"
)

type approachView struct {
	Request *wire.Request
	Advice  *wire.ApproachAdvice
	Amends  bool // the reader may answer
}

// suitabilityPart is what the answers say of the work, as two pictures with the same in words.
type suitabilityPart struct {
	Filter     wire.ApproachFilter
	Dimensions wire.ApproachDimensions
	Nine       radarPicture // the suitability filter
	Five       radarPicture // the five dimensions
	Page       *reader
}

func newSuitabilityPart(filter wire.ApproachFilter, dimensions wire.ApproachDimensions, t *reader) suitabilityPart {
	return suitabilityPart{filter, dimensions, nineOf(t, filter), fiveOf(t, dimensions), t}
}

// approach shows which way of working fits a request, and asks the next question.
func (s *Site) approach(w http.ResponseWriter, r *http.Request) error {
	ref := chi.URLParam(r, "ref")
	request, err := s.api.Request(r.Context(), ref)
	if err != nil {
		return err
	}
	advice, err := s.api.Approach(r.Context(), ref)
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "approach", approachView{Request: &request.Value, Advice: &advice.Value, Amends: slices.Contains(request.Value.Commands, "amend")})
}

// answerApproach puts the answer to one question into the form, based on the revision that was shown.
func (s *Site) answerApproach(w http.ResponseWriter, r *http.Request) error {
	ref := chi.URLParam(r, "ref")
	request, err := s.api.Request(r.Context(), ref)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return errNotNow
	}
	revision, err := strconv.Atoi(r.PostForm.Get("revision"))
	question := approach.QuestionNamed(r.PostForm.Get("question"))
	if err != nil || question == nil {
		return errNotNow
	}
	patch, known := approachPatch(request.Value.Content.Context.DontKnow, question, r.PostForm.Get("answer"))
	if known {
		if _, err := s.api.AmendMerge(r.Context(), ref, revision, map[string]any{"context": patch}, ""); err != nil {
			return err
		}
	}
	http.Redirect(w, r, "/requests/"+ref+"/approach", http.StatusSeeOther)
	return nil
}

// approachPatch changes the context: an answer, which is the number of an option, takes the question off the list of those that nobody can
// answer. Nothing chosen changes nothing.
func approachPatch(unknown []string, question *approach.Question, answer string) (map[string]any, bool) {
	others := slices.DeleteFunc(slices.Clone(unknown), func(name string) bool { return name == question.Name })
	if answer == approach.DontKnow {
		return map[string]any{"dont_know": append(others, question.Name)}, true
	}
	i, err := strconv.Atoi(answer)
	if err != nil || i < 0 || i >= len(question.Options) {
		return nil, false
	}
	patch := map[string]any{question.Name: question.Value(question.Options[i])}
	if len(others) < len(unknown) {
		patch["dont_know"] = others
	}
	return patch, true
}

// Approaches names several approaches.
func (t *reader) Approaches(names []string) string {
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = t.Word("approach", name)
	}
	return strings.Join(words, ", ")
}

// OptionKey is the end of an option's text key: a word, or the place of a range.
func (approachView) OptionKey(q *wire.ApproachQuestion, i int) string {
	if q.Unit != "" {
		return strconv.Itoa(i)
	}
	return approach.QuestionNamed(q.Question).Options[i].Value
}

// radarPicture is marks around a centre, in units of the picture, which is 480 by 320. The table beside it says the same.
type radarPicture struct {
	Marks []radarMark
	Shape string    // the polygon through the known marks
	Rings []float64 // radii of the borders
}

// Any reports whether there is something to show.
func (p radarPicture) Any() bool {
	return slices.ContainsFunc(p.Marks, func(m radarMark) bool { return m.Known })
}

type radarMark struct {
	Name         string
	Says         string
	Known        bool
	X, Y         float64 // of the mark
	RimX, RimY   float64
	TextX, TextY float64
	Anchor       string
}

const (
	radarX, radarY = 210.0, 160.0
	radarRim       = 110.0 // the radius of value 10
)

// radarOf places values from 0 to 10 around a centre.
func radarOf(marks []radarMark, values []*float64, borders ...float64) radarPicture {
	p := radarPicture{Marks: marks}
	for _, border := range borders {
		p.Rings = append(p.Rings, tenth(radarRim*border/10))
	}
	var shape []string
	for i := range marks {
		m := &p.Marks[i]
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(len(marks)))
		at := func(radius float64) (x, y float64) { return tenth(radarX + radius*sin), tenth(radarY - radius*cos) }
		m.RimX, m.RimY = at(radarRim)
		m.TextX, m.TextY = at(radarRim + 14)
		m.TextY = tenth(m.TextY + 4)
		switch {
		case sin > 0.2:
			m.Anchor = "start"
		case sin < -0.2:
			m.Anchor = "end"
		default:
			m.Anchor = "middle"
		}
		if v := values[i]; v != nil {
			m.Known = true
			m.X, m.Y = at(radarRim * math.Min(10, math.Max(0, *v)) / 10)
			shape = append(shape, fmt.Sprintf("%g,%g", m.X, m.Y))
		}
	}
	if len(shape) > 2 {
		p.Shape = strings.Join(shape, " ")
	}
	return p
}

func nineOf(t *reader, filter wire.ApproachFilter) radarPicture {
	var marks []radarMark
	var values []*float64
	for _, m := range filter.Answers {
		marks, values = append(marks, markOf(t, "approach.attribute."+m.Question, m.Score)), append(values, m.Score)
	}
	return radarOf(marks, values, approach.AgileCut, approach.HybridCut, 10)
}

func fiveOf(t *reader, dimensions wire.ApproachDimensions) radarPicture {
	var marks []radarMark
	var values []*float64
	for _, axis := range dimensions.Axes {
		marks, values = append(marks, markOf(t, "approach.axis."+axis.Name, axis.Value)), append(values, axis.Value)
	}
	return radarOf(marks, values, 2.5, 5, 7.5, 10)
}

// markOf has the words of a mark, also where its value is not known.
func markOf(t *reader, name string, value *float64) radarMark {
	if value == nil {
		return radarMark{Name: t.T(name), Says: t.T("approach.unknown")}
	}
	return radarMark{Name: t.T(name), Says: t.T("approach.score", "score", t.Number(*value))}
}
