package wire

import (
	"encoding/json"
	"time"
)

// AuditLine is a line of the office ledger.
type AuditLine struct {
	Line    int64           `json:"line" doc:"Its place in the chain"`
	At      time.Time       `json:"at"`
	Kind    string          `json:"kind" doc:"policy, team, delegation, token, session, history, person, sign_in, right, channel or resource"`
	Event   string          `json:"event"`
	Actor   string          `json:"actor,omitempty" doc:"Who did it; system: nobody by hand; absent: somebody unknown"`
	About   string          `json:"about,omitempty" doc:"The id of what it is about"`
	Address string          `json:"address,omitempty" doc:"Of the client that asked for it"`
	Details json.RawMessage `json:"details" doc:"What was done, and what was there before; of the kind and event"`
	Hash    string          `json:"hash" doc:"SHA-256 over the line and the hash of the line before, which pmo audit verify computes again"`
}
