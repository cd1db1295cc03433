package api

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"leanpmo/internal/pmo"
	"leanpmo/internal/promise"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

const calibrationAbout = "Judges what was told (`GET /v1/requests/{ref}/promises`): of each chance, how often its day was kept, with the band that correct forecasts stay in 95 times " +
	"of 100 (the binomial distribution, exact) and the interval of the share (Wilson's score); the Brier score of the wanted dates; how near and how narrow the promises are. " +
	"A promise is judged once its day is over. `backtest` makes the forecasts of the past again and judges them in the same way. `format=csv`: one line a promise."

type calibrationInput struct {
	Portfolio string `query:"portfolio" maxLength:"64" doc:"All of them when absent"`
	Days      int    `query:"days" minimum:"1" maximum:"730" default:"365" doc:"How far back it was told"`
	Format    string `query:"format" enum:"json,csv" default:"json"`
}

// calibration counts confidential requests too, and names none.
func (a *API) calibration(ctx context.Context, in *calibrationInput) (*flowOutput, error) {
	if in.Portfolio != "" {
		if _, err := a.portfolio(in.Portfolio, "query/portfolio"); err != nil {
			return nil, err
		}
	}
	now := a.Now().UTC()
	out := wire.Calibration{Portfolio: in.Portfolio, From: now.AddDate(0, 0, -in.Days), To: now}
	list, err := a.Store.PromiseOutcomes(ctx, in.Portfolio, out.From)
	if err != nil {
		return nil, err
	}
	judged := a.judged(list, now)
	if in.Format == "csv" {
		return a.calibrationCSV(ctx, list, judged)
	}
	out.Calibration = promise.Calibrate(judged)
	portfolio := in.Portfolio
	if all := a.Policy.Now().Portfolios(); portfolio == "" && len(all) == 1 {
		portfolio = all[0]
	}
	if portfolio != "" {
		backtest, err := a.forecasts.Backtest(ctx, portfolio, now)
		if err != nil {
			return nil, err
		}
		out.Backtest = &backtest
	}
	return &flowOutput{ContentType: "application/json", Body: func(to huma.Context) {
		_ = json.NewEncoder(to.BodyWriter()).Encode(out) // a reader who has gone gets no more
	}}, nil
}

// judged are promises with what came of them by now.
func (a *API) judged(list []store.PromiseOutcome, now time.Time) []promise.Judged {
	out := make([]promise.Judged, len(list))
	for i := range list {
		o := &list[i]
		zone := a.locationOf(o.Portfolio)
		out[i] = promise.Judged{Promise: o.Promise, Outcome: promise.OutcomeOf(o.AcceptedAt, o.ClosedAt, zone), Today: pmo.Date(now.In(zone).Format(time.DateOnly))}
	}
	return out
}

// calibrationCSV leaves out the requests that the reader may not read.
func (a *API) calibrationCSV(ctx context.Context, list []store.PromiseOutcome, judged []promise.Judged) (*flowOutput, error) {
	var confidential []string
	for i := range list {
		if list[i].Confidential {
			confidential = append(confidential, list[i].RequestID)
		}
	}
	hidden, err := a.hidden(ctx, confidential)
	if err != nil {
		return nil, err
	}
	return &flowOutput{ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="calibration.csv"`, Body: func(to huma.Context) {
		w := csv.NewWriter(to.BodyWriter())
		_ = w.Write([]string{"ref", "portfolio", "day", "occasion", "p50", "p50_kept", "p85", "p85_kept", "p95", "p95_kept", "cannot_forecast", "wanted_by", "wanted_chance", "wanted_kept", "finished_on", "closed_on"})
		for i := range list {
			if hidden[list[i].RequestID] {
				continue
			}
			if w.Write(calibrationCells(&list[i], &judged[i])) != nil {
				break // a reader who has gone gets no more
			}
		}
		w.Flush()
	}}, nil
}

func calibrationCells(o *store.PromiseOutcome, j *promise.Judged) []string {
	state := func(day pmo.Date) string { return string(j.Judge(day, j.Today)) }
	chance := ""
	if o.WantedBy != "" {
		chance = fmt.Sprintf("%.3f", o.Wanted)
	}
	f := o.Finish
	cells := []string{pmo.Ref(o.Number), o.Portfolio, string(o.Day), string(o.Occasion), string(f.P50), state(f.P50), string(f.P85), state(f.P85), string(f.P95), state(f.P95),
		o.Cannot, string(o.WantedBy), chance, state(o.WantedBy), string(j.FinishedOn), string(j.ClosedOn)}
	for i := range cells {
		cells[i] = escapeFormula(cells[i])
	}
	return cells
}

// documentCalibration documents both media types of the report.
func (a *API) documentCalibration() {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[wire.Calibration](), true, "Calibration")
	a.huma.OpenAPI().Paths["/v1/reports/calibration"].Get.Responses["200"].Content = map[string]*huma.MediaType{
		"application/json": {Schema: schema}, "text/csv": {Schema: &huma.Schema{Type: huma.TypeString}},
	}
}
