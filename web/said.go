package web

import (
	"encoding/json"
	"net/http"

	"leanpmo/internal/pmo"
)

// saidKey is where a session keeps what the last command answered, until the page after it shows it.
const saidKey = "said"

// said is the answer of a command: the page after it says it, and shows nothing older.
type said struct {
	Request string `json:"request"`
	Says    string `json:"says"`
	Seq     int64  `json:"seq"`
}

// toRequest leads to the page of the request that a command was given to.
func (s *Site) toRequest(w http.ResponseWriter, r *http.Request, ref string, receipt pmo.Receipt) error {
	kept, err := json.Marshal(said{receipt.ID, pmo.Truncate(receipt.Says, 1000), receipt.Seq})
	if err != nil {
		return err
	}
	s.sessions.Put(r.Context(), saidKey, string(kept))
	http.Redirect(w, r, "/requests/"+ref, http.StatusSeeOther)
	return nil
}

// lastSaid takes what the last command answered out of the session.
func (s *Site) lastSaid(r *http.Request) said {
	var last said
	if kept := s.sessions.PopString(r.Context(), saidKey); kept != "" {
		_ = json.Unmarshal([]byte(kept), &last) // what cannot be read is not shown
	}
	return last
}
