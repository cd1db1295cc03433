package main

import (
	"net"
	"strconv"
	"time"

	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/primitives"

	"leanpmo/internal/localstack"
)

const (
	clusterName = "active"
	disabled    = "disabled"
	// historyShards is stored at the first start and cannot be changed after that.
	historyShards = 16
)

// serverConfig is the configuration of a Temporal server with one node.
func serverConfig(listen addresses, stores stores) *config.Config {
	httpAddress := net.JoinHostPort(listen.frontend.IP.String(), strconv.Itoa(listen.http))
	cfg := &config.Config{
		Persistence: config.Persistence{
			DefaultStore: "default", VisibilityStore: "visibility", NumHistoryShards: historyShards,
			DataStores: map[string]config.DataStore{
				"default":    {SQL: stores.main},
				"visibility": {SQL: stores.visibility},
			},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10, MasterClusterName: clusterName, CurrentClusterName: clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{clusterName: {
				Enabled: true, InitialFailoverVersion: 1,
				RPCAddress: listen.frontend.String(), HTTPAddress: httpAddress,
			}},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Services:            services(listen),
		Archival: config.Archival{
			History: config.HistoryArchival{State: disabled}, Visibility: config.VisibilityArchival{State: disabled},
		},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: disabled},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: disabled},
		}},
		PublicClient: config.PublicClient{HostPort: listen.frontend.String()},
	}
	cfg.Global.Membership = config.Membership{MaxJoinDuration: 30 * time.Second, BroadcastAddress: "127.0.0.1"}
	return cfg
}

func services(listen addresses) map[string]config.Service {
	all := map[string]config.Service{
		string(primitives.FrontendService): {RPC: config.RPC{
			GRPCPort: listen.frontend.Port, BindOnIP: listen.frontend.IP.String(), HTTPPort: listen.http,
		}},
	}
	for service, port := range listen.internal {
		all[string(service)] = config.Service{RPC: config.RPC{GRPCPort: port, BindOnIP: "127.0.0.1"}}
	}
	return all
}

// cachedStates is how many workflows Temporal keeps the state of in memory, about 30 KiB each. In the whole stack it is few more than the
// workflows that the worker keeps: reading a state again is cheap where the database is.
const (
	cachedStates      = 8_096
	localCachedStates = 1_000
)

// dynamicConfig holds the settings that differ from the server's defaults.
func (s *stack) dynamicConfig() dynamicconfig.StaticClient {
	states := cachedStates
	if s.Product() {
		states = localCachedStates
	}
	return dynamicconfig.StaticClient{
		// Visibility stores ids in columns of 255 characters. Longer ones would be lost, so they are refused.
		dynamicconfig.MakeKey("limit.maxIDLength"): 255,
		// The default of 10 a second is for shared clusters.
		dynamicconfig.MakeKey("frontend.namespaceRPS.visibility"): 100,
		dynamicconfig.MakeKey("frontend.rps"):                     10_000,
		dynamicconfig.MakeKey("frontend.namespaceRPS"):            10_000,
		dynamicconfig.MakeKey("frontend.persistenceMaxQPS"):       10_000,
		dynamicconfig.MakeKey("history.persistenceMaxQPS"):        45_000,
		dynamicconfig.MakeKey("matching.rps"):                     10_000,
		dynamicconfig.MakeKey("matching.enableFairness"):          true,
		dynamicconfig.MakeKey("history.hostLevelCacheMaxSize"):    states,
		// No version check: it would report to Temporal's servers.
		dynamicconfig.MakeKey("frontend.enableServerVersionCheck"): false,
	}
}

// stores are Temporal's databases: histories, and visibility for searches.
type stores struct{ main, visibility *config.SQL }

func temporalStores(dsn func(string) string) (stores, error) {
	main, err := sqlStore(dsn(localstack.DatabaseTemporal))
	if err != nil {
		return stores{}, err
	}
	visibility, err := sqlStore(dsn(localstack.DatabaseVisibility))
	return stores{main: main, visibility: visibility}, err
}
