package api

import (
	"container/list"
	"sync"
)

// answersKept is how many answers to submissions are remembered; the newest ones are those that clients repeat.
const answersKept = 10_000

// answers remembers what submissions were answered, so that a repetition gets the equal answer although the world moved on.
// It is a convenience of one process: id, number and digest are kept by the request itself.
type answers struct {
	mu    sync.Mutex
	most  int
	byID  map[string]*list.Element
	order *list.List // newest first
}

func newAnswers(most int) *answers {
	return &answers{most: most, byID: map[string]*list.Element{}, order: list.New()}
}

func (a *answers) get(id string) (submitted, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e, ok := a.byID[id]; ok {
		return e.Value.(submitted), true
	}
	return submitted{}, false
}

// keep remembers an answer, unless another one was remembered meanwhile: that one is returned.
func (a *answers) keep(id string, s submitted) submitted {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e, ok := a.byID[id]; ok {
		return e.Value.(submitted)
	}
	a.byID[id] = a.order.PushFront(s)
	if a.order.Len() > a.most {
		oldest := a.order.Back()
		delete(a.byID, oldest.Value.(submitted).ID)
		a.order.Remove(oldest)
	}
	return s
}
