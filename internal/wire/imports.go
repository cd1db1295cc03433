package wire

import "time"

// MostImportItems is how many items one import takes; a larger one is given in parts.
const MostImportItems = 5000

// ImportedItem is one finished piece of work of another tool. Times before its end may be unknown.
type ImportedItem struct {
	ID       string    `json:"id" minLength:"1" maxLength:"200" doc:"What the other tool calls it; the same id is the same item"`
	Kind     string    `json:"kind,omitempty" maxLength:"200"`
	Created  time.Time `json:"created,omitzero"`
	Started  time.Time `json:"started,omitzero" doc:"When work on it began; without it the item says nothing about how long work takes"`
	Finished time.Time `json:"finished"`
}

// ImportHistory gives finished work of another tool to the forecasts of a portfolio.
type ImportHistory struct {
	Portfolio string         `json:"portfolio,omitempty" maxLength:"100" doc:"The policy's first when absent"`
	Source    string         `json:"source" minLength:"1" maxLength:"100" doc:"A name for the export, such as jira: importing it again replaces items with the same id"`
	Dry       bool           `json:"dry,omitempty" doc:"Only say what would change"`
	Items     []ImportedItem `json:"items" minItems:"1" maxItems:"5000"`
}

// Imported says what an import did, or with dry would do.
type Imported struct {
	Added   int  `json:"added"`
	Changed int  `json:"changed"`
	Same    int  `json:"same"`
	Dry     bool `json:"dry,omitempty"`
}

// ImportedSource is what was imported from one source.
type ImportedSource struct {
	Portfolio string    `json:"portfolio"`
	Source    string    `json:"source"`
	Items     int       `json:"items"`
	Started   int       `json:"started" doc:"Items whose beginning is known: only these say how long work takes"`
	First     time.Time `json:"first" doc:"The first end"`
	Last      time.Time `json:"last" doc:"The last end"`
	At        time.Time `json:"imported_at"`
}
