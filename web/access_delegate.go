package web

import (
	"net/http"
	"time"

	"leanpmo/internal/problem"
)

// delegate names who acts for the reader until the end of a day in the reader's zone.
func (s *Site) delegate(r *http.Request) error {
	day, err := time.ParseInLocation(time.DateOnly, r.PostFormValue("until"), s.readerOf(r).zone)
	if err != nil {
		return problem.InvalidField("/until", "%s", s.readerOf(r).T("access.until_missing"))
	}
	_, err = s.api.SetDelegation(r.Context(), r.PostFormValue("delegate"), time.Time{}, day.AddDate(0, 0, 1))
	return err
}
