package cli

import (
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"leanpmo/internal/yamlstrict"
)

// plainNumber is a flag for a number in decimal digits without a leading zero: the flag library reads 010 as eight and 0x10 as sixteen.
type plainNumber struct{ pflag.Value }

// Set parses the value of the flag.
func (n plainNumber) Set(text string) error {
	if yamlstrict.LeadingZero(text) {
		return errors.New("write the number without the leading zero")
	}
	if !yamlstrict.Decimal(text) {
		return errors.New("write the number in decimal digits")
	}
	return n.Value.Set(text)
}

// readNumbersPlainly makes every flag of a command and its subcommands that takes a number a plainNumber.
func readNumbersPlainly(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if kind := f.Value.Type(); kind == "int" || kind == "float64" {
			f.Value = plainNumber{f.Value}
		}
	})
	for _, sub := range cmd.Commands() {
		readNumbersPlainly(sub)
	}
}
