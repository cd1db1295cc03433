package priority

// WSJF is weighted shortest job first (SAFe): the sum of business value, time
// criticality and risk reduction or opportunity enablement, over job size.
// Size must be > 0 and the parts ≥ 0, else an *InputError.
func WSJF(businessValue, timeCriticality, riskReduction, jobSize float64) (float64, error) {
	err := check(
		atLeastZero("business_value", businessValue),
		atLeastZero("time_criticality", timeCriticality),
		atLeastZero("risk_reduction", riskReduction),
		aboveZero("job_size", jobSize),
	)
	if err != nil {
		return 0, err
	}
	return (businessValue + timeCriticality + riskReduction) / jobSize, nil
}

// CD3 is cost of delay (money per unit of time) divided by duration (in the
// same unit of time), after Reinertsen. Unlike WSJF it has a unit and can weigh
// scope against delay.
func CD3(costOfDelay, duration float64) (float64, error) {
	if err := check(atLeastZero("cost_of_delay", costOfDelay), aboveZero("duration", duration)); err != nil {
		return 0, err
	}
	return costOfDelay / duration, nil
}

// RICE is reach (people per period) × impact (3, 2, 1, 0.5 or 0.25) ×
// confidence (0 to 1) ÷ effort (person-months), after Intercom.
func RICE(reach, impact, confidence, effort float64) (float64, error) {
	err := check(
		atLeastZero("reach", reach), atLeastZero("impact", impact),
		within("confidence", confidence, 0, 1), aboveZero("effort", effort),
	)
	if err != nil {
		return 0, err
	}
	return reach * impact * confidence / effort, nil
}

// ICE is impact × confidence × ease, each from 1 to 10.
func ICE(impact, confidence, ease float64) (float64, error) {
	err := check(
		within("impact", impact, 1, 10), within("confidence", confidence, 1, 10),
		within("ease", ease, 1, 10),
	)
	if err != nil {
		return 0, err
	}
	return impact * confidence * ease, nil
}

// ValueEffort is value ÷ effort.
func ValueEffort(value, effort float64) (float64, error) {
	if err := check(atLeastZero("value", value), aboveZero("effort", effort)); err != nil {
		return 0, err
	}
	return value / effort, nil
}

// check returns the first error; a typed nil must not become an error.
func check(errs ...*InputError) error {
	for _, c := range errs {
		if c != nil {
			return c
		}
	}
	return nil
}

func aboveZero(field string, v float64) *InputError {
	if why := positive(v); why != "" {
		return &InputError{Field: field, Reason: why}
	}
	return nil
}

func atLeastZero(field string, v float64) *InputError {
	if why := nonNegative(v); why != "" {
		return &InputError{Field: field, Reason: why}
	}
	return nil
}

func within(field string, v, lo, hi float64) *InputError {
	if v >= lo && v <= hi {
		return nil
	}
	return &InputError{Field: field, Reason: "must be from " + num(lo) + " to " + num(hi)}
}
