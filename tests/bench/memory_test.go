package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// memory is what the parts keep resident, in MiB. Postgres's processes share much of theirs: each counts its fair part.
type memory struct {
	When                               string
	Server, Worker, Temporal, Postgres float64
}

func (e *environment) memory(when string) memory {
	postgres := resident(e.Stack.PostgresPID())
	for _, child := range children(e.Stack.PostgresPID()) {
		postgres += resident(child)
	}
	return memory{When: when, Server: resident(e.server.PID()), Worker: resident(e.worker.PID()), Temporal: resident(e.Stack.Temporal.PID()), Postgres: postgres}
}

// resident is 0 where the system does not tell: elsewhere than on Linux, or of another account's processes.
func resident(pid int) float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024
		}
	}
	return 0
}

func children(parent int) []int {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	var list []int
	for _, path := range stats {
		text, _ := os.ReadFile(path)
		// pid (name) state ppid …; the name may hold anything, but ends with the last parenthesis.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			list = append(list, pid)
		}
	}
	return list
}

// cpu is the processor time that parts have used so far, in milliseconds. It says more than the clock where others use the machine too.
type cpu struct{ Server, Worker, Temporal, Postgres, Bench float64 }

func (e *environment) cpu() cpu {
	postgres := used(e.Stack.PostgresPID(), true)
	for _, child := range children(e.Stack.PostgresPID()) {
		postgres += used(child, false)
	}
	return cpu{used(e.server.PID(), false), used(e.worker.PID(), false), used(e.Stack.Temporal.PID(), false), postgres, used(os.Getpid(), false)}
}

// used reads a process's time, that of its children which have ended included if so wanted. Linux counts in hundredths of a second.
func used(pid int, ended bool) float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	sum, last := 0.0, 13
	if ended {
		last = 15
	}
	for i := 11; i < last && i < len(fields); i++ { // utime, stime, cutime, cstime
		ticks, _ := strconv.ParseFloat(fields[i], 64)
		sum += ticks * 10
	}
	return sum
}

func (c cpu) plus(o cpu, times float64) cpu {
	return cpu{c.Server + times*o.Server, c.Worker + times*o.Worker, c.Temporal + times*o.Temporal, c.Postgres + times*o.Postgres, c.Bench + times*o.Bench}
}

func (c cpu) over(n int) cpu { return cpu{}.plus(c, 1/float64(n)) }

func (c cpu) sum() float64 { return c.Server + c.Worker + c.Temporal + c.Postgres + c.Bench }

// machine is what a reader has to know to compare.
func machine() string {
	return fmt.Sprintf("%d cores, %s/%s, %s, load average %s when it began", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), load())
}

func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(text))[0]
}
