package engine

import "go.temporal.io/sdk/converter"

// DataConverter turns messages into payloads and back. Client, workers and replay tests must use the same one, so it is built
// here and nowhere else; encryption of payloads would be added here.
func DataConverter() converter.DataConverter { return converter.GetDefaultDataConverter() }
