package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"leanpmo/internal/app"
	"leanpmo/internal/audit"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

const verifyLong = `Read every line of the ledgers, of all requests and of the office, and check that each chain of hashes is whole: a line that was changed,
removed, inserted or moved is a break. The first break is printed with its request and line, and the exit code is 1.

That the newest lines were removed, or a chain was written anew, is found by heads that were kept where nobody who may write to the
database can: --keep FILE writes the head of every chain and prints the digest of the file; --head FILE compares with it later.

PMO_DATABASE_URL (or PMO_DATABASE_URL_FILE) is the pmo database; nothing is written to it.`

// errBroken makes the exit code 1.
var errBroken = errors.New("the ledgers are not what was written")

// verified is what a verification found.
type verified struct {
	Lines  int64       `json:"lines"`
	Chains int64       `json:"chains"`
	Office string      `json:"office_head"` // the hash of the newest line of the office
	Broken int64       `json:"broken"`      // breaks, one at most of each chain
	First  *firstBreak `json:"first_break,omitempty"`
	Kept   string      `json:"kept_sha256,omitempty"` // of the file of heads
}

type firstBreak struct {
	Chain   string `json:"chain"`
	Request string `json:"request,omitempty"`
	Line    int64  `json:"line"`
	What    string `json:"what"`
}

// addVerify adds the verification to the commands that read the office ledger through the API.
func addVerify(root *cobra.Command, lookup func(string) (string, bool)) {
	for _, cmd := range root.Commands() {
		if cmd.Name() == "audit" {
			cmd.AddCommand(verifyCommand(lookup))
		}
	}
}

// verifyCommand verifies the chains of the ledgers.
func verifyCommand(lookup func(string) (string, bool)) *cobra.Command {
	var head, keep string
	var format *string
	cmd := &cobra.Command{
		Use: "verify", Short: "Check that no line of the ledgers was changed, removed or inserted", Args: noArguments, Long: verifyLong,
		Example: "  pmo audit verify\n  pmo audit verify --keep heads.txt\n  pmo audit verify --head heads.txt --keep heads.txt",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkOutput(*format); err != nil {
				return err
			}
			c, err := app.FromEnv(lookup)
			if err != nil {
				return err
			}
			s, err := openStore(cmd, c, store.Options{MaxConns: 1, AppName: "leanpmo-audit"})
			if err != nil {
				return err
			}
			defer s.Close()
			found, err := verify(cmd.Context(), s, head, keep)
			if err != nil {
				return err
			}
			if err := show(cmd.OutOrStdout(), *format, found, verifiedTable); err != nil {
				return err
			}
			if found.First != nil {
				return errBroken
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&head, "head", "", "compare with the heads in this file")
	cmd.Flags().StringVar(&keep, "keep", "", "write the heads to this file, if no break is found")
	format = outputFlag(cmd)
	return cmd
}

// verify verifies all chains. The file of heads is replaced only when they are whole.
func verify(ctx context.Context, s *store.Store, head, keep string) (verified, error) {
	var kept *audit.Kept
	if head != "" {
		file, err := os.Open(head)
		if err != nil {
			return verified{}, fmt.Errorf("read the kept heads: %w", err)
		}
		defer file.Close()
		if kept, err = audit.ReadKept(file); err != nil {
			return verified{}, usageError{err}
		}
	}
	heads, err := newHeadFile(keep)
	if err != nil {
		return verified{}, err
	}
	defer heads.discard()
	var out verified
	v := audit.NewVerifier(kept, func(h audit.Head) error {
		if h.Chain == audit.Office {
			out.Office = h.Hash
		}
		return heads.add(h)
	})
	if err := s.VerifyLedgers(ctx, v); err != nil {
		return verified{}, err
	}
	out.Lines, out.Chains, out.Broken = v.Lines, v.Chains, v.Broken
	if v.First == nil {
		out.Kept, err = heads.finish()
		return out, err
	}
	out.First = &firstBreak{Chain: v.First.Chain, Line: v.First.Line, What: v.First.What}
	if v.First.Chain != audit.Office {
		number, err := s.NumberOf(ctx, v.First.Chain)
		if err != nil {
			return verified{}, err
		}
		out.First.Request = pmo.Ref(number)
	}
	return out, nil
}

func verifiedTable(out io.Writer, v verified) error {
	fmt.Fprintf(out, "%d lines in %d chains verified.\n", v.Lines, v.Chains)
	if v.First != nil {
		where := "the office ledger"
		if v.First.Request != "" {
			where = "request " + v.First.Request + " (" + v.First.Chain + ")"
		}
		_, err := fmt.Fprintf(out, "%d chains are broken. The first: %s, line %d: %s.\n", v.Broken, where, v.First.Line, v.First.What)
		return err
	}
	if v.Office != "" {
		fmt.Fprintf(out, "Head of the office ledger: %s\n", v.Office)
	}
	if v.Kept != "" {
		fmt.Fprintf(out, "SHA-256 of the kept heads: %s\n", v.Kept)
	}
	_, err := fmt.Fprintln(out, "No break was found.")
	return err
}

// headFile is a file of heads that is being written beside the one it will replace; without a name nothing is written.
type headFile struct {
	name   string
	file   *os.File
	text   *bufio.Writer
	digest hash.Hash
}

func newHeadFile(name string) (*headFile, error) {
	if name == "" {
		return &headFile{}, nil
	}
	file, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return nil, fmt.Errorf("write the heads: %w", err)
	}
	h := &headFile{name: name, file: file, digest: sha256.New()}
	h.text = bufio.NewWriter(io.MultiWriter(file, h.digest))
	return h, audit.WriteTitle(h.text)
}

func (h *headFile) add(head audit.Head) error {
	if h.name == "" {
		return nil
	}
	return head.Write(h.text)
}

// finish puts the file in its place and returns its digest.
func (h *headFile) finish() (string, error) {
	if h.name == "" {
		return "", nil
	}
	if err := errors.Join(h.text.Flush(), h.file.Sync(), h.file.Close(), os.Rename(h.file.Name(), h.name)); err != nil {
		return "", fmt.Errorf("write the heads: %w", err)
	}
	return hex.EncodeToString(h.digest.Sum(nil)), nil
}

// discard removes what was not finished.
func (h *headFile) discard() {
	if h.name != "" {
		_ = h.file.Close()
		_ = os.Remove(h.file.Name()) // it is not there any more when it was finished
	}
}
