package wire

// Person is somebody of the directory, as others may see them.
type Person struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Roles  []string `json:"roles"`
	Groups []string `json:"groups"`
}
