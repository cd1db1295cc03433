package localstack

import "strconv"

// maxSocketPath is the shortest limit on a Unix socket's path among the systems we run on.
const maxSocketPath = 100

func (c *Cluster) arguments() []string {
	settings := map[string]string{
		"listen_addresses":        loopback,
		"port":                    strconv.Itoa(c.config.Port),
		"unix_socket_directories": c.socketDir(),
		"max_connections":         "200",
		"cluster_name":            "pmo-local",
	}
	if c.config.Throwaway {
		settings["fsync"], settings["synchronous_commit"], settings["full_page_writes"] = "off", "off", "off"
	}
	for name, value := range c.config.Settings {
		settings[name] = value
	}
	args := []string{"-D", c.data}
	for name, value := range settings {
		args = append(args, "-c", name+"="+value)
	}
	return args
}

// socketDir is the data folder, so that nothing is left elsewhere; none where its path is too long for a socket.
func (c *Cluster) socketDir() string {
	if len(c.data)+len("/.s.PGSQL.65535.lock") > maxSocketPath {
		return ""
	}
	return c.data
}
