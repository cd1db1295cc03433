package web

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"

	"leanpmo/internal/client"
	"leanpmo/internal/supply"
	"leanpmo/internal/wire"
)

const (
	supplyPath = "/supply"
	// maxSupplyForm is the largest form with a file of supply: the second one carries it in base64.
	maxSupplyForm = supply.MaxFile*4/3 + 64<<10
)

// supplyView is the part of a page that imports what teams can take, or what requests share, in two steps.
type supplyView struct {
	Path       string // to which its forms are sent
	File, Says string // keys of the texts of its file and of what it does
	Accept     string // which files
	Controls   []control
	Text       string // that was pasted
	Encoded    string // the file, to be sent again with the confirmation
	Would      *supplyRead
	Faults     []string
}

// supplyRead is what was read of a file.
type supplyRead struct {
	Rows, LeftOut int
	Changes       []string // what would become different
}

// supplyControls ask for what a file does not say itself. Their names are not those of other forms of the page.
func supplyControls(t *reader, absence []control) []control {
	var people []choice
	for _, c := range absence {
		if c.Name == "who" {
			people = c.Choices
		}
	}
	return []control{
		{Name: "supply_who", Type: typeChoice, Label: t.T("supply.who"), Help: t.T("supply.who_help"), Choices: people},
		{Name: "supply_amount", Type: typeNumber, Label: t.T("supply.amount"), Help: t.T("supply.amount_help")},
		{Name: "supply_new_skills", Type: typeFlag, Label: t.T("supply.new_skills")},
	}
}

// importSupply says what a file would change of the team, and with the confirmation changes it.
func (s *Site) importSupply(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseMultipartForm(maxSupplyForm); err != nil {
		return err
	}
	view, err := s.teamView(r)
	if err != nil {
		return err
	}
	v := &view.Supply
	v.Controls = fill(v.Controls, r.PostForm)
	doc, wrong := document(v.Controls)
	if wrong {
		return render(s, w, r, http.StatusUnprocessableEntity, "team", view)
	}
	taken, err := v.take(s.readerOf(r), r, func(file string, dry bool) (read supplyRead, err error) {
		in := supplyFrom(doc, view.Team.ID, file)
		in.Dry = dry
		done, err := s.api.ImportSupply(r.Context(), in)
		if err != nil {
			return read, err
		}
		read = supplyRead{Rows: done.Value.Rows, LeftOut: done.Value.LeftOut}
		for _, team := range done.Value.Teams {
			read.Changes = append(read.Changes, team.Changes...)
		}
		return read, nil
	})
	switch {
	case err != nil:
		return err
	case taken:
		http.Redirect(w, r, "/teams/"+view.Team.ID+"?saved=1", http.StatusSeeOther)
		return nil
	}
	return render(s, w, r, v.status(), "team", view)
}

// take sends the file of the form: for what it would change, and with the confirmation to change it, which taken reports. What is wrong with the file is in
// the view afterwards.
func (v *supplyView) take(t *reader, r *http.Request, send func(file string, dry bool) (supplyRead, error)) (taken bool, err error) {
	confirmed := r.PostForm.Get("step") == "import"
	file, why := supplyFile(r, confirmed)
	if why != "" {
		v.Faults = []string{t.T(why)}
		return false, nil
	}
	read, err := send(file, !confirmed)
	var refused *client.Refused
	switch {
	case errors.As(err, &refused) && len(refused.Errors) > 0:
		for _, fault := range refused.Errors {
			v.Faults = append(v.Faults, fault.Detail)
		}
		v.Text = file
		return false, nil
	case err != nil || confirmed:
		return err == nil, err
	}
	v.Would, v.Encoded = &read, base64.RawURLEncoding.EncodeToString([]byte(file))
	return false, nil
}

func (v *supplyView) status() int {
	if len(v.Faults) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// supplyFrom is what the form asks to import. A calendar says so in its first line.
func supplyFrom(doc map[string]any, team, file string) wire.ImportSupply {
	in := wire.ImportSupply{Format: "csv", File: file, Team: team}
	in.NewSkills, _ = doc["supply_new_skills"].(bool)
	if strings.HasPrefix(strings.ToUpper(strings.TrimSpace(file)), "BEGIN:VCALENDAR") {
		in.Format = "ics"
		in.Who, _ = doc["supply_who"].(string)
		in.Amount, _ = doc["supply_amount"].(float64)
	}
	return in
}

// supplyFile is the text of the file: chosen in the form, pasted, or carried from the form before. why is the key of a text where there is none.
func supplyFile(r *http.Request, carried bool) (text, why string) {
	text = r.PostForm.Get("text")
	if carried {
		decoded, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			return "", "supply.none"
		}
		text = string(decoded)
	} else if file, _, err := r.FormFile("file"); err == nil {
		defer file.Close() //nolint:errcheck // it was only read
		content, err := io.ReadAll(io.LimitReader(file, supply.MaxFile+1))
		if err == nil && len(content) > 0 {
			text = string(content)
		}
	}
	switch {
	case strings.TrimSpace(text) == "":
		return "", "supply.none"
	case len(text) > supply.MaxFile:
		return "", "supply.too_large"
	}
	return text, ""
}
