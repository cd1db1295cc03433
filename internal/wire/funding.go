package wire

import "leanpmo/internal/selection"

// Funding is the set of requests of most value within a capacity, beside the plain list down to its cut line.
type Funding struct {
	Portfolio string          `json:"portfolio"`
	Capacity  float64         `json:"capacity" doc:"In team-weeks"`
	Set       FundingSum      `json:"set" doc:"The requests of most value together"`
	List      FundingSum      `json:"list" doc:"The requests by rank, until one does not fit"`
	CutLine   int             `json:"cut_line" doc:"The rank of the last request that the list funds; 0 when it funds none"`
	Gain      float64         `json:"gain" doc:"What the set is worth more than the list"`
	Bound     float64         `json:"bound" doc:"No set within the capacity is worth more"`
	Gap       float64         `json:"gap" doc:"How far the set may be from the best one, as a share of the bound"`
	Proven    bool            `json:"proven" doc:"No set is worth more"`
	Price     float64         `json:"price" doc:"What a team-week is worth on average at this capacity, by the relaxation behind the bound"`
	OneMore   OneMoreTeamWeek `json:"one_more" doc:"What was found with one team-week more"`
	Words     []string        `json:"words" doc:"The same in sentences"`
	Items     []FundingLine   `json:"items" doc:"The requests of the set and of the list, by rank"`
	MoreItems int             `json:"more_items,omitempty" doc:"How many more there are"`
	Others    int             `json:"others" doc:"Ranked requests in neither"`
	Waiting   int             `json:"waiting,omitempty" doc:"Requests left out because they need one that cannot be funded here: it is not ranked with a score in this backlog, or not for you"`
	Unscored  int             `json:"unscored,omitempty" doc:"Ranked requests without a score: nothing says what they are worth, so they are not considered"`
	Unranked  int             `json:"unranked,omitempty" doc:"Requests that came after the current run; the next run ranks them"`
}

// FundingSum is what some requests are together.
type FundingSum struct {
	Count int     `json:"count"`
	Value float64 `json:"value" doc:"The sum of the numerators of their scores: with WSJF the cost of delay"`
	Size  float64 `json:"size" doc:"In team-weeks"`
}

// OneMoreTeamWeek is what one team-week more would bring.
type OneMoreTeamWeek struct {
	Gain   float64  `json:"gain"`
	In     []string `json:"in" doc:"What joins the set"`
	Out    []string `json:"out" doc:"What leaves it"`
	Proven bool     `json:"proven" doc:"Both sets are proven to be best, so the gain is exact"`
}

// FundingLine is one request of the set or of the list.
type FundingLine struct {
	ID          string           `json:"id"`
	Ref         string           `json:"ref"`
	Title       string           `json:"title"`
	Rank        int              `json:"rank"`
	Class       string           `json:"class"`
	Value       float64          `json:"value"`
	Size        float64          `json:"size" doc:"In team-weeks, counted in hundredths, rounded up"`
	SizeAssumed bool             `json:"size_assumed,omitempty" doc:"Nobody estimated it: the policy's size is used"`
	Must        bool             `json:"must,omitempty" doc:"Expedite, or a fixed date whose start is due: funded first, whatever it is worth"`
	Needs       []string         `json:"needs,omitempty" doc:"What must be funded with it"`
	InSet       bool             `json:"in_set"`
	InList      bool             `json:"in_list"`
	Reason      selection.Reason `json:"reason,omitempty" enum:"value,fits,needed,less,room" doc:"Why set and list differ here"`
	Why         string           `json:"why,omitempty" doc:"The same as a sentence"`
	Rate        float64          `json:"rate,omitempty" doc:"Value for each team-week"`
	OthersRate  float64          `json:"others_rate,omitempty" doc:"That of what leaves, or of what takes its place"`
	NeededBy    []string         `json:"needed_by,omitempty"`
	Link        string           `json:"link"`
}
