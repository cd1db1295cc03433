package policy

import (
	"fmt"
	"slices"
	"strings"

	"leanpmo/internal/calendar"
	"leanpmo/internal/pmo"
)

// checker finds every fault of a document, part by part in the order people write it.
type checker struct {
	p      *Policy
	doc    *Document
	faults Faults
}

func (c *checker) check() {
	c.that(c.doc.Version >= 1, "version", "counts from 1")
	c.portfolios()
	c.intake()
	c.rules()
	c.review()
	c.questions()
	c.numbers()
	c.notifications()
}

func (c *checker) that(ok bool, path, format string, args ...any) {
	if !ok {
		c.faults.Add(path, format, args...)
	}
}

// ids checks that every entry of a list has an id and that no id repeats.
func (c *checker) ids(list string, ids []string) {
	c.that(len(ids) > 0, list, "is empty")
	for i, id := range ids {
		path := fmt.Sprintf("%s[%d].id", list, i)
		c.that(id != "" && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789_-") == "", path,
			"%q is not an id: lower-case letters, digits, hyphens and underscores", id)
		c.that(!slices.Contains(ids[:i], id), path, "%q is listed twice", id)
	}
}

func collect[T any](list []T, id func(T) string) []string {
	ids := make([]string, len(list))
	for i, item := range list {
		ids[i] = id(item)
	}
	return ids
}

// when compiles a condition, if there is one.
func (c *checker) when(path, text string, s scope) {
	if text == "" {
		return
	}
	program, err := compile(text, s)
	if err != nil {
		c.faults.Add(path+".when", "%s", err)
		return
	}
	c.p.conditions[path+".when"] = program
}

// cascade checks a list of which the first entry that holds is taken: only the last one holds always.
func (c *checker) cascade(list string, conditions []string, s scope) {
	c.that(len(conditions) > 0, list, "is empty")
	for i, text := range conditions {
		path := fmt.Sprintf("%s[%d]", list, i)
		c.when(path, text, s)
		last, always := i == len(conditions)-1, text == "" || strings.TrimSpace(text) == "true"
		c.that(last || !always, path, "holds always, so that what follows is never reached")
		c.that(!last || always, path+".when", "the last entry is the catch-all: it has no condition")
	}
}

func (c *checker) portfolios() {
	c.ids("calendars", collect(c.doc.Calendars, func(d CalendarDoc) string { return d.ID }))
	for i, d := range c.doc.Calendars {
		_, faults := calendar.New(d.spec("UTC"))
		for _, f := range faults {
			c.faults.Add(fmt.Sprintf("calendars[%d].%s", i, f.Field), "%s", f.Problem)
		}
	}
	c.ids("portfolios", collect(c.doc.Portfolios, func(d PortfolioDoc) string { return d.ID }))
	c.cascade("portfolios", collect(c.doc.Portfolios, func(d PortfolioDoc) string { return d.When }), scopeContent)
	c.classes()
	for i, d := range c.doc.Portfolios {
		c.portfolio(fmt.Sprintf("portfolios[%d]", i), d)
	}
}

func (d CalendarDoc) spec(zone string) calendar.Spec {
	return calendar.Spec{TimeZone: zone, WorkingDays: d.WorkingDays, Hours: d.Hours, Holidays: d.Holidays}
}

func (c *checker) portfolio(path string, d PortfolioDoc) {
	c.that(d.Name != "", path+".name", "is missing")
	c.that(d.Group != "", path+".group", "is missing: the group that is asked when nobody else may answer")
	if len(d.Themes) > 0 {
		c.ids(path+".themes", collect(d.Themes, func(t ThemeDoc) string { return t.ID }))
	}
	c.strategy(path, d)
	c.objectives(path, d)
	c.points(path, d)
	c.limits(path, d)
	i := slices.IndexFunc(c.doc.Calendars, func(k CalendarDoc) bool { return k.ID == d.Calendar })
	if i < 0 {
		c.faults.Add(path+".calendar", "%q is not one of the calendars", d.Calendar)
		return
	}
	cal, faults := calendar.New(c.doc.Calendars[i].spec(d.TimeZone))
	for _, f := range faults {
		if f.Field == "time_zone" {
			c.faults.Add(path+".time_zone", "%s", f.Problem)
		}
	}
	c.that(d.TimeZone != "", path+".time_zone", "is missing")
	c.p.calendars[d.ID] = cal
}

func (c *checker) limits(path string, d PortfolioDoc) {
	c.that(d.WIPLimit >= 1, path+".wip_limit", "must be at least 1, or nothing is ever pulled")
	reserved := 0
	for _, class := range sortedKeys(d.ClassLimits) {
		at, limit := fmt.Sprintf("%s.class_limits.%s", path, class), d.ClassLimits[class]
		c.that(slices.Contains(c.p.Classes(), class), at, "is not one of the classes of service")
		c.that(limit.Max == nil || *limit.Max >= 1, at+".max", "must be at least 1, or its requests wait for ever")
		c.that(limit.Reserved >= 0, at+".reserved", "must not be negative")
		c.that(limit.Reserved == 0 || class != pmo.ClassExpedite, at+".reserved", "expedite has a lane of its own, beside the limit")
		c.that(limit.Max == nil || limit.Reserved <= *limit.Max, at+".reserved", "is more than max")
		reserved += limit.Reserved
	}
	c.that(reserved <= d.WIPLimit, path+".class_limits", "reserve %d slots of %d", reserved, d.WIPLimit)
}

func (c *checker) classes() {
	c.ids("classes", collect(c.doc.Classes, func(d ClassDoc) string { return string(d.ID) }))
	known := []pmo.ClassOfService{pmo.ClassExpedite, pmo.ClassFixedDate, pmo.ClassStandard, pmo.ClassIntangible}
	for i, d := range c.doc.Classes {
		c.that(slices.Contains(known, d.ID), fmt.Sprintf("classes[%d].id", i), "%q is not one of %v", d.ID, known)
	}
	c.that(slices.Contains(c.p.Classes(), pmo.ClassStandard), "classes", "lack standard, the class of everything that names none")
}

func (c *checker) intake() {
	in := c.doc.Intake
	c.that(in.ClarifyRounds >= 1 && in.ClarifyRounds <= 10, "intake.clarify_rounds", "lies between 1 and 10")
	c.laneList("intake.sponsor_lanes", in.SponsorLanes)
	c.fields("intake.fields", in.Fields)
	c.ids("intake.kinds", collect(in.Kinds, func(d KindDoc) string { return d.ID }))
	for i, k := range in.Kinds {
		path := fmt.Sprintf("intake.kinds[%d]", i)
		c.that(k.Name != "", path+".name", "is missing")
		c.fields(path+".fields", k.Fields)
		c.publicKind(path, k)
	}
}

func (c *checker) fields(list string, fields []FieldDoc) {
	known := contentFields()
	for i, f := range fields {
		path := fmt.Sprintf("%s[%d]", list, i)
		c.that(slices.Contains(known, f.Field), path+".field", "%q is not one of %s", f.Field, strings.Join(known, ", "))
		c.that(slices.Contains([]Need{NeedRequired, NeedWanted, NeedOptional}, f.Need), path+".need", "%q is not one of required, wanted, optional", f.Need)
		c.that(f.Ask != "", path+".ask", "is missing: the question people read")
		c.that(!f.Public || slices.Contains(publicFields, f.Field), path+".public", "%s is nothing to ask people without an account; they may be asked for %s", f.Field,
			strings.Join(publicFields, ", "))
		s := scopeField
		if f.Need == NeedRequired {
			s = scopeContent // refused before a lane is chosen
		}
		c.when(path, f.When, s)
	}
}

// contentFields are the fields of a request as amendments name them.
func contentFields() []string { return pmo.PatchFields() }

func (c *checker) rules() {
	c.cascade("severity", collect(c.doc.Severity, func(r SeverityRule) string { return r.When }), scopeContent)
	for i, r := range c.doc.Severity {
		c.that(r.Severity != "", fmt.Sprintf("severity[%d].severity", i), "is missing")
		c.that(r.Because != "", fmt.Sprintf("severity[%d].because", i), "is missing: the reason people read")
	}
	c.cascade("lanes", collect(c.doc.Lanes, func(r LaneRule) string { return r.When }), scopeLane)
	for i, r := range c.doc.Lanes {
		c.lane(fmt.Sprintf("lanes[%d].lane", i), r.Lane)
		c.that(r.Because != "", fmt.Sprintf("lanes[%d].because", i), "is missing: the reason people read")
	}
}

func (c *checker) lane(path string, lane pmo.Lane) {
	known := []pmo.Lane{pmo.LaneExpress, pmo.LaneStandard, pmo.LaneMajor}
	c.that(slices.Contains(known, lane), path, "%q is not one of %v", lane, known)
}

func (c *checker) laneList(path string, lanes []pmo.Lane) {
	for i, lane := range lanes {
		c.lane(fmt.Sprintf("%s[%d]", path, i), lane)
	}
}
