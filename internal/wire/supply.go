package wire

// ImportSupply gives what teams can take from a file: CSV with members, parts of the week, skills and absences, or a calendar (ICS) of absences.
type ImportSupply struct {
	Format    string  `json:"format" enum:"csv,ics"`
	File      string  `json:"file" minLength:"1" maxLength:"262144" doc:"The text of the file"`
	Team      string  `json:"team,omitempty" maxLength:"64" doc:"Of a calendar: whose absences its events are. Of CSV: the only team that may be in it"`
	Who       string  `json:"who,omitempty" maxLength:"64" doc:"Of a calendar: the lead or member who is absent; absent: the whole team"`
	Amount    float64 `json:"amount,omitempty" minimum:"0" maximum:"1000" doc:"Of a calendar: how much of the capacity is absent, in team-weeks; absent: all that the person holds, or the whole team"`
	NewSkills bool    `json:"new_skills,omitempty" doc:"Skills that no team has yet are meant, and no mistakes of spelling"`
	Dry       bool    `json:"dry,omitempty" doc:"Only say what would change"`
}

// SupplyImported says what an import of supply did, or with dry would do.
type SupplyImported struct {
	Rows    int            `json:"rows" doc:"How many rows or occurrences were read"`
	LeftOut int            `json:"left_out,omitempty" doc:"Events of a calendar that were left out: over, cancelled, later than a year, or shorter than half a working day"`
	Teams   []SupplyChange `json:"teams" doc:"Every team of the file"`
	Dry     bool           `json:"dry,omitempty"`
}

// SupplyChange is what becomes different of a team.
type SupplyChange struct {
	Team    string   `json:"team"`
	Name    string   `json:"name"`
	Changes []string `json:"changes" doc:"In words; none: it is so already"`
}
