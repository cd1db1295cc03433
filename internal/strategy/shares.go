package strategy

import "time"

// Portion is some work together.
type Portion struct {
	Count int     `json:"count" doc:"Requests; one that serves several themes counts for each of them"`
	Size  float64 `json:"size" doc:"In team-weeks; of what serves several themes each of them has an equal part"`
	Share float64 `json:"share" doc:"Of all, from 0 to 1"`
}

// ShareLine is one theme, kind or horizon.
type ShareLine struct {
	ID        string   `json:"id" doc:"Empty: what names no theme"`
	Name      string   `json:"name,omitempty"`
	Weight    float64  `json:"weight,omitempty"`
	Target    *float64 `json:"target,omitempty" doc:"The share that the policy wants, from 0 to 1: as it says, or by weight of what the other targets leave"`
	InProcess Portion  `json:"in_process" doc:"What has a slot now"`
	Delivered Portion  `json:"delivered" doc:"What was delivered within the window"`
}

// Report is where the capacity of a portfolio goes.
type Report struct {
	InProcess  Portion         `json:"in_process" doc:"All that has a slot now"`
	Delivered  Portion         `json:"delivered" doc:"All that was delivered within the window"`
	WindowDays int             `json:"window_days"`
	Assumed    int             `json:"assumed,omitempty" doc:"How many of these have a size that nobody estimated: the policy's counts"`
	Themes     []ShareLine     `json:"themes"`
	Kinds      []ShareLine     `json:"kinds"`
	Horizons   []ShareLine     `json:"horizons"`
	Guardrails []GuardrailFlag `json:"guardrails"`
}

// Compare makes the report at a time of what is in process and of what was delivered.
func Compare(r Rules, work []Work, at time.Time) Report {
	inProcess, delivered := split(work, at.Add(-r.Window))
	out := Report{InProcess: sum(inProcess), Delivered: sum(delivered), WindowDays: days(r.Window), Themes: []ShareLine{}, Kinds: []ShareLine{}, Horizons: []ShareLine{},
		Guardrails: Flags(r, work, at)}
	for _, w := range append(inProcess[:len(inProcess):len(inProcess)], delivered...) {
		if w.Assumed {
			out.Assumed++
		}
	}
	line := func(by Dimension, id, name string) ShareLine {
		return ShareLine{ID: id, Name: name, InProcess: sumOf(inProcess, by, id), Delivered: sumOf(delivered, by, id)}
	}
	for _, t := range Targets(r.Themes) {
		l := line(ByTheme, t.ID, t.Name)
		l.Weight, l.Target = t.Weight, t.Target
		out.Themes = append(out.Themes, l)
	}
	if none := line(ByTheme, NoTheme, ""); none.InProcess.Count+none.Delivered.Count > 0 {
		out.Themes = append(out.Themes, none)
	}
	for _, k := range r.Kinds {
		if l := line(ByKind, k.ID, k.Name); l.InProcess.Count+l.Delivered.Count > 0 {
			out.Kinds = append(out.Kinds, l)
		}
	}
	for _, h := range r.Horizons {
		out.Horizons = append(out.Horizons, line(ByHorizon, h.ID, h.Name))
	}
	return out
}

// split tells work in process from what was delivered since a time; what was delivered before is left out.
func split(work []Work, since time.Time) (inProcess, delivered []Work) {
	for _, w := range work {
		switch {
		case w.Delivered.IsZero():
			inProcess = append(inProcess, w)
		case !w.Delivered.Before(since):
			delivered = append(delivered, w)
		}
	}
	return inProcess, delivered
}

func sum(work []Work) Portion {
	s := Portion{Count: len(work)}
	for _, w := range work {
		s.Size += w.Size
	}
	s.Share = one(s.Size > 0)
	return s
}

func sumOf(work []Work, by Dimension, of string) Portion {
	var s Portion
	for _, w := range work {
		if part := w.part(by, of); part > 0 {
			s.Count++
			s.Size += part * w.Size
		}
	}
	if all := sum(work).Size; all > 0 {
		s.Share = s.Size / all
	}
	return s
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }
