package policy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

func TestValidateDates(t *testing.T) {
	p, err := policy.Parse(edit(t, "time_zone: UTC", "time_zone: America/Chicago"))
	require.NoError(t, err)
	now := time.Date(2027, 3, 2, 3, 0, 0, 0, time.UTC) // the evening of the day before in Chicago
	for date, want := range map[pmo.Date]string{
		"": "", "2027-03-01": "", "2027-03-02": "", "2056-12-31": "",
		"2027-02-28": "lies in the past: 2027-02-28 is before today, 2027-03-01 in America/Chicago",
		"2020-01-01": "lies in the past: 2020-01-01 is before today, 2027-03-01 in America/Chicago",
		"0226-12-01": "lies before the year 2000: 0226-12-01; is the year right?", "1027-03-31": "lies before the year 2000: 1027-03-31; is the year right?",
		"9999-12-31": "lies more than 30 years ahead: 9999-12-31; is the year right?", "2207-03-31": "lies more than 30 years ahead: 2207-03-31; is the year right?",
	} {
		content := ordinary()
		content.WantedBy = date
		faults := p.ValidateDates(content, now)
		if want == "" {
			require.Empty(t, faults, date)
			continue
		}
		require.Equal(t, []policy.FieldFault{{Pointer: "/wanted_by", Problem: want}}, faults, date)
	}
	require.Equal(t, "is not a date like 2027-03-31", policy.DateFault("soon", now))
}
