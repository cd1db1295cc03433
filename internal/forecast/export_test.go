package forecast

// Finish forecasts when a request alone is finished.
func (m *Model) Finish(q Queue, cycleDays []float64) Result {
	return m.Split(q, Work{Days: cycleDays}).Finish(m.options)
}
