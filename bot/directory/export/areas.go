package export

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"

	"amana/bot/directory"
)

// Areas writes the areas of a directory as a sheet with HXL tags.
func Areas(w io.Writer, d *directory.Directory) error {
	var langs, extras []string
	for _, a := range d.Areas {
		for _, t := range a.Name {
			if !slices.Contains(langs, t.Lang) {
				langs = append(langs, t.Lang)
			}
		}
		for _, p := range a.Extra {
			if !slices.Contains(extras, p.Name) {
				extras = append(extras, p.Name)
			}
		}
	}
	slices.Sort(langs)
	head, tags := []string{"ID", "Code", "Parent", "Level", "Latitude", "Longitude"}, []string{"#x_id", "#x_code", "#x_parent", "#x_level", "#geo+lat", "#geo+lon"}
	for _, l := range langs {
		if l == "" {
			head, tags = append(head, "Name"), append(tags, "#x_area_name")
		} else {
			head, tags = append(head, "Name ("+l+")"), append(tags, "#x_area_name+i_"+l)
		}
	}
	c := csv.NewWriter(w)
	for _, row := range [][]string{append(head, extras...), append(tags, make([]string, len(extras))...)} {
		if err := c.Write(row); err != nil {
			return err
		}
	}
	for _, a := range d.Areas {
		row := []string{a.ID, a.Code, a.Parent, strconv.Itoa(a.Level), "", ""}
		if a.Point != nil {
			row[4], row[5] = number(a.Point.Lat).String(), number(a.Point.Lon).String()
		}
		for _, l := range langs {
			text := ""
			if said, lang := a.Name.In(l); lang == l {
				text = said
			}
			row = append(row, text)
		}
		for _, name := range extras {
			value := ""
			for _, p := range a.Extra {
				if p.Name == name {
					value = p.Value
				}
			}
			row = append(row, value)
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}
