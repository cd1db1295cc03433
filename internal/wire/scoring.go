package wire

import (
	"time"

	"leanpmo/internal/pmo"
)

// OpenScoring asks several people to score inputs of a request privately.
type OpenScoring struct {
	People []string `json:"people" minItems:"2" maxItems:"20" doc:"Who is asked; each must be able to read the request, and may not be its own people"`
	Inputs []string `json:"inputs,omitempty" maxItems:"12" doc:"Which inputs; those that its scoring model needs when absent"`
}

// PrivateScore is what one person gives. Nobody else sees it before all scores are revealed.
type PrivateScore struct {
	Inputs pmo.Inputs   `json:"inputs" doc:"Of the inputs asked about; one that is left out is one they cannot judge"`
	Sure   pmo.Sureness `json:"sure,omitempty" enum:"low,medium,high"`
	Reason string       `json:"reason,omitempty" maxLength:"2000"`
}

// ScoringRound is the latest round of private scores of a request, as the reader may see it.
type ScoringRound struct {
	No         int             `json:"no"`
	Open       bool            `json:"open" doc:"Scores are still taken, and nobody sees those of another"`
	OpenedBy   string          `json:"opened_by"`
	OpenedAt   time.Time       `json:"opened_at"`
	Inputs     []string        `json:"inputs"`
	People     []ScoringPerson `json:"people"`
	RevealedAt *time.Time      `json:"revealed_at,omitempty"`
	RevealedBy string          `json:"revealed_by,omitempty" doc:"Absent: everybody had scored"`
	Mine       *PrivateScore   `json:"mine,omitempty" doc:"What the reader gave"`
	Results    []ScoringResult `json:"results" doc:"Empty until it is revealed"`
	Comments   string          `json:"comments" doc:"Where to talk about it"`
}

// ScoringPerson is somebody who is asked.
type ScoringPerson struct {
	Person string `json:"person"`
	Scored bool   `json:"scored"`
}

// ScoringResult is what people gave for one input.
type ScoringResult struct {
	Input  string       `json:"input"`
	Scores []ScoreGiven `json:"scores"`
	Low    string       `json:"low,omitempty"`
	High   string       `json:"high,omitempty"`
	Middle string       `json:"middle,omitempty" doc:"The value in the middle; of two, the lower one"`
	Apart  bool         `json:"apart,omitempty" doc:"Far apart: worth talking about"`
}

// ScoreGiven is what one person gave for one input.
type ScoreGiven struct {
	Person string       `json:"person"`
	Value  string       `json:"value,omitempty" doc:"Absent: they could not judge it"`
	Sure   pmo.Sureness `json:"sure,omitempty"`
	Reason string       `json:"reason,omitempty"`
}

// ScoringWait is a round that waits on the reader.
type ScoringWait struct {
	Request  string    `json:"request"`
	Ref      string    `json:"ref"`
	Title    string    `json:"title"`
	OpenedBy string    `json:"opened_by"`
	OpenedAt time.Time `json:"opened_at"`
	Inputs   []string  `json:"inputs"`
	Link     string    `json:"link"`
}
