package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"
)

func compose(t *testing.T) *types.Project {
	t.Helper()
	o, err := cli.NewProjectOptions([]string{filepath.Join(root(t), "docker-compose.yml")}, cli.WithWorkingDirectory(root(t)))
	require.NoError(t, err)
	project, err := o.LoadProject(t.Context())
	require.NoError(t, err)
	require.Len(t, project.Services, 8)
	return project
}

func ours(s types.ServiceConfig) bool { return strings.HasPrefix(s.Image, "leanpmo/") }

// once lists the steps that end, whose success others wait for.
func once(p *types.Project, name string) bool {
	for _, s := range p.Services {
		if d, ok := s.DependsOn[name]; ok && d.Condition == types.ServiceConditionCompletedSuccessfully {
			return true
		}
	}
	return false
}

func TestEverySettingOfTheComposeFileIsKnown(t *testing.T) {
	known, secrets := productSettings()
	known[logLevel] = true
	for name := range secrets {
		known[name+"_FILE"] = true
	}
	seen := 0
	for _, s := range compose(t).Services {
		for name := range s.Environment {
			if ours(s) {
				seen++
				require.True(t, known[name], "%s passes %s, which nothing reads", s.Name, name)
			}
		}
	}
	require.Greater(t, seen, 20)
}

// TestImagesFitWhatWeTest holds the versions of the images to those of the modules our tests run against.
func TestImagesFitWhatWeTest(t *testing.T) {
	versions := map[string]string{
		"temporalio/server": module(t, "go.temporal.io/server", "{{.Version}}"), "temporalio/admin-tools": module(t, "go.temporal.io/server", "{{.Version}}"),
		"temporalio/ui": module(t, "github.com/temporalio/ui-server/v2", "{{.Version}}"),
	}
	for _, s := range compose(t).Services {
		name, tag, pinned := strings.Cut(s.Image, ":")
		require.True(t, pinned && tag != "latest", "%s: %s has no fixed version", s.Name, s.Image)
		if version, ok := versions[name]; ok {
			require.Equal(t, strings.TrimPrefix(version, "v"), tag, s.Name)
		}
	}
	language := regexp.MustCompile(`(?m)^go (\S+)`).FindStringSubmatch(read(t, "go.mod"))
	require.Contains(t, read(t, "Dockerfile"), "FROM golang:"+language[1]+"-")
}

func module(t *testing.T, path, format string) string {
	t.Helper()
	cmd := exec.Command("go", "list", "-m", "-f", format, path)
	cmd.Dir = root(t)
	out, err := cmd.Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}

// TestTemporalKnowsItsSettings looks each variable up in the templates that the images fill from them.
func TestTemporalKnowsItsSettings(t *testing.T) {
	known := map[string]string{"temporal": "TEMPORAL_ALLOW_NO_AUTH", "temporal-ui": ""}
	for name, file := range map[string]string{
		"temporal":    filepath.Join(module(t, "go.temporal.io/server", "{{.Dir}}"), "common", "config", "config_template_embedded.yaml"),
		"temporal-ui": filepath.Join(module(t, "github.com/temporalio/ui-server/v2", "{{.Dir}}"), "config", "docker.yaml"),
	} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		known[name] += string(text)
	}
	p := compose(t)
	for service, template := range known {
		for name := range p.Services[service].Environment {
			require.Contains(t, template, name, service)
		}
	}
}

func TestServicesComeBackAndSayHowTheyAre(t *testing.T) {
	p := compose(t)
	for _, s := range p.Services {
		if once(p, s.Name) {
			require.Equal(t, types.RestartPolicyNo, s.Restart, s.Name)
			continue
		}
		require.Equal(t, types.RestartPolicyUnlessStopped, s.Restart, s.Name)
		require.NotNil(t, s.HealthCheck, "%s has no health check", s.Name)
		require.True(t, s.StopGracePeriod != nil || s.Name == "temporal-ui", "%s may be killed before it has finished", s.Name)
	}
	for _, name := range []string{"server", "worker"} {
		require.Contains(t, p.Services[name].DependsOn, "migrate")
		require.Contains(t, p.Services[name].DependsOn, "bootstrap")
	}
	for _, step := range []string{"temporal-schema", "migrate", "bootstrap"} {
		require.True(t, once(p, step), step)
	}
	require.Greater(t, *p.Services["worker"].Deploy.Replicas, 1, "one worker more than needed, or a restart stops the process")
}

func TestContainersHoldNoRights(t *testing.T) {
	for _, s := range compose(t).Services {
		require.True(t, s.ReadOnly, s.Name)
		require.Equal(t, []string{"ALL"}, s.CapDrop, s.Name)
		require.Empty(t, s.CapAdd, s.Name)
		require.False(t, s.Privileged, s.Name)
		require.Contains(t, s.SecurityOpt, "no-new-privileges:true", s.Name)
		require.Regexp(t, `^[1-9]\d*:[1-9]\d*$`, s.User, "%s runs as root", s.Name)
		limits := s.Deploy.Resources.Limits
		require.NotNil(t, limits, s.Name)
		require.True(t, limits.NanoCPUs > 0 && limits.MemoryBytes > 0 && limits.Pids > 0, s.Name)
	}
	require.Contains(t, read(t, "Dockerfile"), "FROM scratch\n")
	require.Contains(t, read(t, "Dockerfile"), "USER 65532:65532\n")
}

func TestOnlyTheAPIAndTheUIArePublished(t *testing.T) {
	p := compose(t)
	for _, s := range p.Services {
		open := s.Name == "server" || s.Name == "temporal-ui"
		require.Equal(t, open, len(s.Ports) == 1, s.Name)
		for _, port := range s.Ports {
			require.Equal(t, "127.0.0.1", port.HostIP, s.Name)
		}
		if s.Name == "postgres" || s.Name == "temporal" {
			for network := range s.Networks {
				require.True(t, bool(p.Networks[network].Internal), "%s is on %s, which leads outside", s.Name, network)
			}
		}
	}
	require.NotContains(t, p.Services["temporal-ui"].Networks, "database")
	require.Equal(t, "true", *p.Services["temporal-ui"].Environment["TEMPORAL_DISABLE_WRITE_ACTIONS"])
}

func TestSecretsAreFiles(t *testing.T) {
	p := compose(t)
	for name, secret := range p.Secrets {
		require.Equal(t, filepath.Join(root(t), "deploy", "secrets", name), secret.File)
		require.Empty(t, secret.Content+secret.Environment, name)
	}
	suspicious := regexp.MustCompile(`PASSWORD|SECRET|TOKEN|_PWD|_KEY|DATABASE_URL`)
	for _, s := range p.Services {
		mounted := map[string]bool{}
		for _, secret := range s.Secrets {
			mounted["/run/secrets/"+secret.Source] = true
		}
		for name, value := range s.Environment {
			require.NotNil(t, value, "%s takes %s from whoever starts it", s.Name, name)
			require.NotRegexp(t, `://[^/]*:[^/]*@`, *value, s.Name)
			if suspicious.MatchString(name) {
				require.True(t, strings.HasSuffix(name, "_FILE") && mounted[*value], "%s: %s is no file that is mounted", s.Name, name)
			}
		}
	}
}
