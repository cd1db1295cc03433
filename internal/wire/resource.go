package wire

import "leanpmo/internal/pmo"

// ResourceLoad is a shared resource with how much of it is held over the next weeks.
type ResourceLoad struct {
	pmo.Resource
	Weeks []ResourceWeek `json:"weeks" doc:"This week and the next seven, counted from today"`
}

// ResourceWeek is how much of a resource there is in a week and how much of it is held.
type ResourceWeek struct {
	From   pmo.Date `json:"from" doc:"Its first day"`
	Amount float64  `json:"amount" doc:"The least that there is on any of its days"`
	Held   float64  `json:"held" doc:"By requests that have a team, until their plans end"`
}

// ResourceForm is a resource as it is created or changed; its id is in the path.
type ResourceForm struct {
	Name      string               `json:"name" minLength:"1" maxLength:"100"`
	Unit      string               `json:"unit,omitempty" maxLength:"40" doc:"What an amount counts, such as licences"`
	Portfolio string               `json:"portfolio" minLength:"1" maxLength:"64" doc:"Whose requests share it; it stays as it is"`
	Amounts   []pmo.ResourceAmount `json:"amounts" maxItems:"100" nullable:"false" doc:"All periods: the list takes the place of the one before. On days of no period there is none"`
	Revision  int                  `json:"revision,omitempty" minimum:"0" doc:"The revision you saw; absent or 0 creates the resource"`
}

// Resource is the resource of an id that the form describes.
func (f ResourceForm) Resource(id string) pmo.Resource {
	return pmo.Resource{ID: id, Name: f.Name, Unit: f.Unit, Portfolio: f.Portfolio, Amounts: f.Amounts, Revision: f.Revision}
}

// ImportResources gives what requests share from a file.
type ImportResources struct {
	File      string `json:"file" minLength:"1" maxLength:"262144" doc:"The text of the file, as CSV"`
	Portfolio string `json:"portfolio,omitempty" maxLength:"64" doc:"Of new resources whose rows name none; absent: the first one of the policy"`
	Dry       bool   `json:"dry,omitempty" doc:"Only say what would change"`
}

// ResourcesImported says what an import of resources did, or with dry would do.
type ResourcesImported struct {
	Rows      int                  `json:"rows" doc:"How many rows were read"`
	Resources []ResourceDifference `json:"resources" doc:"Every resource of the file"`
	Dry       bool                 `json:"dry,omitempty"`
}

// ResourceDifference is what becomes different of a resource.
type ResourceDifference struct {
	Resource string   `json:"resource"`
	Name     string   `json:"name"`
	Changes  []string `json:"changes" doc:"In words; none: it is so already"`
}
