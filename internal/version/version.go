// Package version has the number of the release that this code is or becomes. The changelog, OpenAPI and the recorded histories are held
// against it by tests/arch.
package version

import "runtime/debug"

// Number is the version, by Semantic Versioning.
const Number = "0.11.0"

// String is the number, with the commit where the binary knows it.
func String() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return Number
	}
	return describe(info.Settings)
}

func describe(settings []debug.BuildSetting) string {
	for _, s := range settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return Number + " (commit " + s.Value[:12] + ")"
		}
	}
	return Number
}
