package directory_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
)

const officeWith = `
principals:
  - {id: sam, name: Sam, roles: [requester], token: a}
  - {id: petra, name: Petra, roles: [pmo], token: b}
  - {id: robot, name: Robot, roles: [team], service: true}
  - `

const itsGroups = `
groups:
  - {id: office, name: Office, members: [petra, sam]}
  - {id: machines, name: Machines, members: [robot]}
`

func TestAnAgentHasSomebodyResponsible(t *testing.T) {
	d, err := directory.Parse([]byte(officeWith + "{id: scout, name: Scout, roles: [requester], kind: agent, responsible: office, confidential: true}" + itsGroups))
	require.NoError(t, err)
	scout, known := d.Principal("scout")
	require.True(t, known)
	require.True(t, scout.Agent() && !scout.Person())
	actor := scout.Actor()
	require.True(t, actor.Agent && actor.Granted)
	require.Equal(t, []string{"petra", "sam"}, d.ResponsibleFor("scout"))
	require.Empty(t, d.ResponsibleFor("sam"), "nobody answers for a person")

	for entry, fault := range map[string]string{
		"{id: x, name: X, roles: [requester], kind: agent}":                                        "responsible",
		"{id: x, name: X, roles: [requester], kind: agent, responsible: robot}":                    "responsible",
		"{id: x, name: X, roles: [requester], kind: agent, responsible: machines}":                 "responsible",
		"{id: x, name: X, roles: [requester], kind: agent, responsible: x}":                        "responsible",
		"{id: x, name: X, roles: [requester], kind: agent, responsible: sam, service: true}":       "service",
		"{id: x, name: X, roles: [requester], kind: agents, token: c}":                             "kind",
		"{id: x, name: X, roles: [requester], responsible: sam, token: c}":                         "responsible",
		"{id: x, name: X, roles: [requester], confidential: true, token: c}":                       "confidential",
		"{id: x, name: X, roles: [requester], kind: agent, responsible: sam, oidc: [{issuer: i}]}": "oidc",
	} {
		_, err := directory.Parse([]byte(officeWith + entry + itsGroups))
		require.ErrorContains(t, err, "principals[3]."+fault, entry)
	}
	_, err = directory.Parse([]byte(officeWith + "{id: x, name: X, roles: [requester], kind: agent, responsible: sam}" + "\ngroups: [{id: g, name: G, members: [x]}]"))
	require.ErrorContains(t, err, "is in no group")
}
