package directory_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/yamlstrict"
)

const hooked = `
principals:
  - {id: sam, name: Sam, roles: [requester], token: a, notify: {webhook: "https://example.org/hooks/key-1"}}
  - {id: ana, name: Ana, roles: [approver], token: b}
groups:
  - {id: approvers, name: Approvers, members: [ana, sam], notify: {webhook: "https://example.org/hooks/key-2"}}
  - {id: others, name: Others, members: [sam]}
`

func TestNotifyAddresses(t *testing.T) {
	d, err := directory.Parse([]byte(hooked))
	require.NoError(t, err)
	sam, _ := d.Principal("sam")
	require.Equal(t, "https://example.org/hooks/key-1", sam.Notify.Webhook)
	group, ok := d.Group("approvers")
	require.True(t, ok)
	require.Equal(t, "https://example.org/hooks/key-2", group.Notify.Webhook)
	_, ok = d.Group("nobody")
	require.False(t, ok)
	require.Len(t, d.GroupsOf("sam"), 2)
	require.Len(t, d.GroupsOf("ana"), 1)
	require.Equal(t, []string{"principals[0]", "groups[0]"}, d.Webhooks())
	text, err := json.Marshal([]any{sam, group})
	require.NoError(t, err)
	require.NotContains(t, string(text)+fmt.Sprintf("%v %+v %#v", sam, group, group), "key-")
}

func TestNotifyFaultsAreNamedByPath(t *testing.T) {
	src := "principals:\n"
	bad := []string{"ftp://key-1.org/", "key-2", "https://u:key-3@example.org/", "https://", "https://example.org/#key-4", "mailto:key@example.org", "https://[key"}
	for i, url := range bad {
		src += fmt.Sprintf("  - {id: p%d, name: P, roles: [pmo], token: t%d, notify: {webhook: %q}}\n", i, i, url)
	}
	src += "groups:\n  - {id: g, name: G, members: [p1], notify: {webhook: key}}\n"
	_, err := directory.Parse([]byte(src))
	var faults yamlstrict.Faults
	require.ErrorAs(t, err, &faults)
	require.NotContains(t, err.Error(), "key")
	require.Len(t, faults, len(bad)+1)
	for i := range bad {
		require.Equal(t, fmt.Sprintf("principals[%d].notify.webhook", i), faults[i].Path)
	}
	require.Equal(t, "groups[0].notify.webhook", faults[len(bad)].Path)
	_, err = directory.Parse([]byte("principals: [{id: a, name: A, roles: [pmo], token: t, notify: {format: fax}}]"))
	require.ErrorContains(t, err, "principals[0].notify.format")
	require.ErrorContains(t, err, "principals[0].notify.webhook: is missing")
	_, err = directory.Parse([]byte("principals: [{id: a, name: A, roles: [pmo], token: t, notify: {email: x}}]"))
	require.ErrorContains(t, err, "principals[0].notify.email")
}
