// Package wire has the JSON types of version 1 of the HTTP API: what the server reads and answers and what the client sends and
// decodes. The tags are the documentation and the validation of the OpenAPI document. Names of JSON fields are never renamed.
package wire

// Page is one page of a list.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
}
