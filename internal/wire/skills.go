package wire

import (
	"time"

	"leanpmo/internal/assign"
)

// SkillsReport says which skills requests wait for, and what would help.
type SkillsReport struct {
	At        time.Time           `json:"at"`
	Portfolio string              `json:"portfolio"`
	Name      string              `json:"name" doc:"Of the portfolio"`
	Policy    string              `json:"policy"`
	Waiting   int                 `json:"waiting" doc:"How many requests that you may read wait for a team"`
	Weeks     int                 `json:"weeks" doc:"How many weeks are looked at"`
	Skills    []assign.SkillDelay `json:"skills" doc:"The one that delays the most value first"`
	Teams     map[string]string   `json:"teams" doc:"The names of the teams, by id"`
}
