package chaos

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
)

// steady is how long the load runs before and after a fault.
const steady = 2 * time.Second

// scenario breaks something while the load runs, and mends it.
type scenario struct {
	name   string
	twice  bool // with a second server and a second worker
	inject func(e *environment, l *load, rng *rand.Rand)
}

// TestChaos runs every scenario on one stack, on requests of its own; what a scenario leaves broken shows in the next one too.
func TestChaos(t *testing.T) {
	e := start(t)
	seed := seedOf(t)
	for _, s := range []scenario{
		{"a worker is killed at random", false, workerKilled},
		{"a worker is killed around its transaction", false, workerKilledInTransaction},
		{"Postgres is killed", false, postgresKilled},
		{"Temporal is killed", false, temporalKilled},
		{"every part stands still", false, partsStandStill},
		{"the way to the database breaks", false, networkBreaks},
		{"two servers and two workers", true, twoOfEach},
	} {
		t.Run(s.name, func(t *testing.T) { e.run(t, s, seed) })
	}
	t.Run("the operator's commands find nothing wrong", func(t *testing.T) { operatorAgrees(t, e) })
}

// operatorAgrees runs the commands themselves: reconcile ends with 0 only if nothing differs, before and after a rebuild.
func operatorAgrees(t *testing.T, e *environment) {
	for _, args := range [][]string{{"reconcile", "--full"}, {"rebuild", "--apply"}, {"reconcile", "--full", "--apply", "-o", "json"}} {
		out := e.In(t).Run(args...)
		t.Log(out)
		require.NotContains(t, out, `"changed"`)
	}
}

func seedOf(t *testing.T) uint64 {
	t.Helper()
	text := os.Getenv("PMO_CHAOS_SEED")
	if text == "" {
		return uint64(time.Now().UnixNano())
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, "PMO_CHAOS_SEED")
	return seed
}

func (e *environment) run(t *testing.T, s scenario, seed uint64) {
	fmt.Printf("seed=%d scenario=%q RERUN: PMO_CHAOS_SEED=%d go test ./tests/chaos -count=1 -run '%s'\n", seed, s.name, seed, t.Name())
	e = e.in(t)
	if s.twice {
		e.addWorker()
		e.AddServer()
	}
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(s.name))
	l := startLoad(e, rand.New(rand.NewPCG(seed, hash.Sum64())))
	faults := rand.New(rand.NewPCG(hash.Sum64(), seed)) // its own, so that answers' timing does not shift it
	l.during(steady)
	s.inject(e, l, faults)
	l.during(steady)
	l.awaitOutcomes()
	l.logCounts(t)
	began := time.Now()
	e.converge(l)
	e.reconciled()
	t.Logf("converged within %s of the last answer", time.Since(began).Round(time.Millisecond))
}

// between is a random time.
func between(rng *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(rng.Int64N(int64(most-least)))
}

func workerKilled(e *environment, l *load, rng *rand.Rand) {
	for range 8 {
		l.during(between(rng, 100*time.Millisecond, 1200*time.Millisecond))
		e.Workers[0].Kill()
		l.during(between(rng, time.Millisecond, 300*time.Millisecond))
		e.Workers[0].Start()
	}
}

// workerKilledInTransaction kills the only worker when the wire shows that it is at one of four points of a transaction.
func workerKilledInTransaction(e *environment, l *load, _ *rand.Rand) {
	for range 2 {
		for _, at := range []moment{beforeTx, insideTx, beforeEnd, afterCommit} {
			triggered := e.failpoint.Arm(at, e.Workers[0].Kill)
			select {
			case <-triggered:
			case <-time.After(testkit.Patience):
				e.failpoint.Disarm()
				require.Fail(e.T, "no transaction came by", at)
			}
			e.Workers[0].Start()
			l.during(300 * time.Millisecond)
		}
	}
}

func postgresKilled(e *environment, l *load, _ *rand.Rand) {
	require.NoError(e.T, syscall.Kill(e.Stack.PostgresPID(), syscall.SIGKILL))
	require.Error(e.T, e.Stack.Postgres.Await(), "pmo-local says that its Postgres is gone")
	l.during(time.Second)
	e.Stack.Postgres.Start()
}

func temporalKilled(e *environment, l *load, _ *rand.Rand) {
	e.Stack.Temporal.Kill()
	l.during(2 * time.Second)
	e.Stack.Temporal.Start()
}

// partsStandStill stops each part as a machine under pressure would: nothing ends, nothing answers, then all goes on.
func partsStandStill(e *environment, l *load, rng *rand.Rand) {
	for _, pids := range [][]int{{e.Workers[0].PID()}, {e.Servers[0].PID()}, {e.Stack.Temporal.PID()}, family(e.T, e.Stack.PostgresPID())} {
		signal(e.T, pids, syscall.SIGSTOP)
		l.during(between(rng, 1500*time.Millisecond, 3*time.Second))
		signal(e.T, pids, syscall.SIGCONT)
		l.during(500 * time.Millisecond)
	}
}

// networkBreaks is about the pmo database alone: Temporal's own line stays.
func networkBreaks(e *environment, l *load, rng *rand.Rand) {
	for _, fault := range []func(){e.Network.Refuse, e.Network.Hang} {
		fault()
		l.during(between(rng, 2*time.Second, 3*time.Second))
		e.Network.Resume()
		l.during(time.Second)
	}
	for range 10 {
		l.during(between(rng, 20*time.Millisecond, 400*time.Millisecond))
		e.Network.Cut()
	}
}

// twoOfEach runs as a real installation does, and one after the other is replaced the hard way.
func twoOfEach(e *environment, l *load, rng *rand.Rand) {
	for range 4 {
		for _, victim := range []*testkit.Part{e.Workers[rng.IntN(len(e.Workers))], e.Servers[rng.IntN(len(e.Servers))].Part} {
			victim.Kill()
			l.during(between(rng, 50*time.Millisecond, 500*time.Millisecond))
			victim.Start()
			l.during(between(rng, 50*time.Millisecond, 500*time.Millisecond))
		}
	}
}
