package main

import (
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql"
	"go.temporal.io/server/tools/common/schema"
	"go.temporal.io/server/tools/sql"
)

func sqlStore(dsn string) (*config.SQL, error) {
	parsed, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the address of Temporal's database: %w", err)
	}
	attributes := map[string]string{
		// A cached generic plan for looking up the current execution scans all retained executions of a workflow id.
		"plan_cache_mode": "force_custom_plan",
	}
	if parsed.TLSConfig != nil {
		attributes["sslmode"] = "require"
	}
	return &config.SQL{
		PluginName:        postgresql.PluginNamePGX,
		DatabaseName:      parsed.Database,
		ConnectAddr:       net.JoinHostPort(parsed.Host, strconv.Itoa(int(parsed.Port))),
		ConnectProtocol:   "tcp",
		User:              parsed.User,
		Password:          parsed.Password,
		ConnectAttributes: attributes,
		// Each of the four services opens its own pool.
		MaxConns: 10, MaxIdleConns: 10, MaxConnLifetime: time.Hour,
	}, nil
}

// updateSchema creates both schemas or updates them to this server's version.
func updateSchema(s stores, logger log.Logger) error {
	if err := updateOne(s.main, "postgresql/v12/temporal", logger); err != nil {
		return err
	}
	return updateOne(s.visibility, "postgresql/v12/visibility", logger)
}

func updateOne(store *config.SQL, name string, logger log.Logger) error {
	conn, err := sql.NewConnection(store, logger)
	if err != nil {
		return fmt.Errorf("connect to Temporal's database %s: %w", store.DatabaseName, err)
	}
	defer conn.Close()
	// The update needs the version tables, which the setup creates.
	if _, err := conn.ReadSchemaVersion(); err != nil {
		setup := schema.NewSetupSchemaTask(conn, &schema.SetupConfig{InitialVersion: "0.0"}, logger)
		if err := setup.Run(); err != nil {
			return fmt.Errorf("set up schema %s: %w", name, err)
		}
	}
	update := schema.NewUpdateSchemaTask(conn, &schema.UpdateConfig{DBName: store.DatabaseName, SchemaName: name}, logger)
	if err := update.Run(); err != nil {
		return fmt.Errorf("update schema %s: %w", name, err)
	}
	return nil
}
