package simulate

import (
	"slices"

	"leanpmo/internal/assign"
)

// eps is up to how much amounts may differ by rounding.
const eps = 1e-9

// need is an amount of a resource, by its place in the input.
type need struct {
	resource int
	amount   float64
}

// unknown is the place of a resource that there is not.
const unknown = -1

// needsOf are what a request needs of resources.
func (in *Input) needsOf(r *Request) []need {
	if len(r.Work.Resources) == 0 {
		return nil
	}
	var list []need
	for k := range in.Resources {
		if amount := r.Work.Resources[in.Resources[k].ID]; amount > 0 {
			list = append(list, need{k, amount})
		}
	}
	if len(in.known(r.Work.Resources)) < len(r.Work.Resources) {
		list = append(list, need{resource: unknown})
	}
	return list
}

// known are needs without those of resources that there are not.
func (in *Input) known(needs map[string]float64) map[string]float64 {
	var list map[string]float64
	for _, r := range in.Resources {
		if amount, ok := needs[r.ID]; ok {
			if list == nil {
				list = map[string]float64{}
			}
			list[r.ID] = amount
		}
	}
	return list
}

// stocked reports whether what a job needs of resources is free.
func (j *job) stocked(stock []float64) bool {
	for _, n := range j.shared {
		if n.resource == unknown || n.amount > stock[n.resource]+eps {
			return false
		}
	}
	return true
}

// lacking reports whether a job needs a resource that there is not.
func (j *job) lacking() bool {
	return slices.ContainsFunc(j.shared, func(n need) bool { return n.resource == unknown })
}

// use takes what a job needs of resources, or gives it back.
func (r *run) use(j *job, sign float64) {
	for _, n := range j.shared {
		if n.resource != unknown {
			r.used[n.resource] += sign * n.amount
		}
	}
}

// stock is what is free of each resource in the week; it is below 0 where more is in use than there is.
func (r *run) stock() []float64 {
	var free []float64
	for k, used := range r.used {
		free = append(free, r.in.Resources[k].Weeks[r.week()]-used)
	}
	return free
}

// resources are what is free, as the assignment takes it.
func (r *run) resources(stock []float64) []assign.Resource {
	var list []assign.Resource
	for k, free := range stock {
		list = append(list, assign.Resource{ID: r.in.Resources[k].ID, Weeks: []assign.ResourceWeek{{Free: free}}})
	}
	return list
}
