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

	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
)

// steady is how long the load runs before and after a fault.
const steady = 2 * time.Second

// scenario breaks something while the load runs, and mends it.
type scenario struct {
	name   string
	twice  bool // with a second server and a second worker
	break_ func(w *world, l *load, rng *rand.Rand)
}

// TestChaos runs every scenario on one stack, on requests of its own; what a scenario leaves broken shows in the next one too.
func TestChaos(t *testing.T) {
	w := newWorld(t)
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
		t.Run(s.name, func(t *testing.T) { w.run(t, s, seed) })
	}
	t.Run("the operator's commands find nothing wrong", func(t *testing.T) { operatorAgrees(t, w) })
}

// operatorAgrees runs the commands themselves: reconcile ends with 0 only if nothing differs, before and after a rebuild.
func operatorAgrees(t *testing.T, w *world) {
	for _, args := range [][]string{{"reconcile", "--full"}, {"rebuild", "--apply"}, {"reconcile", "--full", "--apply", "-o", "json"}} {
		part := testkit.StartPart(t, testkit.PartConfig{Name: "pmo " + args[0], Path: w.program, Args: args,
			Env: append([]string{"PMO_DATABASE_URL=" + w.stack.DSN(localstack.DatabasePMO)}, w.env...)})
		require.NoError(t, part.Await(), part.Output())
		t.Log(part.Output())
		require.NotContains(t, part.Output(), `"changed"`)
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

func (w *world) run(t *testing.T, s scenario, seed uint64) {
	fmt.Printf("seed=%d scenario=%q RERUN: PMO_CHAOS_SEED=%d go test ./tests/chaos -count=1 -run '%s'\n", seed, s.name, seed, t.Name())
	outer := w.t
	w.t = t
	defer func() { w.t = outer }()
	if s.twice {
		w.addWorker()
		w.addServer()
	}
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(s.name))
	l := startLoad(w, rand.New(rand.NewPCG(seed, hash.Sum64())))
	faults := rand.New(rand.NewPCG(hash.Sum64(), seed)) // its own, so that answers' timing does not shift it
	l.during(steady)
	s.break_(w, l, faults)
	l.during(steady)
	l.settle()
	l.tell(t)
	began := time.Now()
	w.converge(l)
	w.reconciled()
	t.Logf("converged within %s of the last answer", time.Since(began).Round(time.Millisecond))
}

// between is a random time.
func between(rng *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(rng.Int64N(int64(most-least)))
}

func workerKilled(w *world, l *load, rng *rand.Rand) {
	for range 8 {
		l.during(between(rng, 100*time.Millisecond, 1200*time.Millisecond))
		w.workers[0].Kill()
		l.during(between(rng, time.Millisecond, 300*time.Millisecond))
		w.workers[0].Start()
	}
}

// workerKilledInTransaction kills the only worker when the wire shows that it is at one of four points of a transaction.
func workerKilledInTransaction(w *world, l *load, _ *rand.Rand) {
	for range 2 {
		for _, at := range []moment{beforeTx, insideTx, beforeEnd, afterCommit} {
			sprung := w.trap.Arm(at, w.workers[0].Kill)
			select {
			case <-sprung:
			case <-time.After(20 * time.Second):
				w.trap.Disarm()
				require.Fail(w.t, "no transaction came by", at)
			}
			w.workers[0].Start()
			l.during(300 * time.Millisecond)
		}
	}
}

func postgresKilled(w *world, l *load, _ *rand.Rand) {
	require.NoError(w.t, syscall.Kill(w.stack.PostgresPID(), syscall.SIGKILL))
	require.Error(w.t, w.stack.Postgres.Await(), "pmo-local says that its Postgres is gone")
	l.during(time.Second)
	w.stack.Postgres.Start()
}

func temporalKilled(w *world, l *load, _ *rand.Rand) {
	w.stack.Temporal.Kill()
	l.during(2 * time.Second)
	w.stack.Temporal.Start()
}

// partsStandStill stops each part as a machine under pressure would: nothing ends, nothing answers, then all goes on.
func partsStandStill(w *world, l *load, rng *rand.Rand) {
	for _, pids := range [][]int{{w.workers[0].PID()}, {w.servers[0].PID()}, {w.stack.Temporal.PID()}, family(w.t, w.stack.PostgresPID())} {
		signal(w.t, pids, syscall.SIGSTOP)
		l.during(between(rng, 1500*time.Millisecond, 3*time.Second))
		signal(w.t, pids, syscall.SIGCONT)
		l.during(500 * time.Millisecond)
	}
}

// networkBreaks is about the pmo database alone: Temporal's own line stays.
func networkBreaks(w *world, l *load, rng *rand.Rand) {
	for _, fault := range []func(){w.network.Refuse, w.network.Hang} {
		fault()
		l.during(between(rng, 2*time.Second, 3*time.Second))
		w.network.Resume()
		l.during(time.Second)
	}
	for range 10 {
		l.during(between(rng, 20*time.Millisecond, 400*time.Millisecond))
		w.network.Cut()
	}
}

// twoOfEach runs as a real installation does, and one after the other is replaced the hard way.
func twoOfEach(w *world, l *load, rng *rand.Rand) {
	for range 4 {
		for _, parts := range [][]*testkit.Part{w.workers, w.servers} {
			victim := parts[rng.IntN(len(parts))]
			victim.Kill()
			l.during(between(rng, 50*time.Millisecond, 500*time.Millisecond))
			victim.Start()
			l.during(between(rng, 50*time.Millisecond, 500*time.Millisecond))
		}
	}
}
