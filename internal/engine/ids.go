package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// idSpace is the UUIDv5 name space of submissions. Changing it would turn every repeated submission into a new request.
var idSpace = uuid.MustParse("5e1b7c0e-2f0f-4a55-9a0e-6a3f2c9d1b44")

// SubmissionRequestID makes the id of the request that a person submits under a key: the same key gives the same id. Without a key every
// id is new.
func SubmissionRequestID(principal, key string) string {
	if key == "" {
		return uuid.Must(uuid.NewV7()).String()
	}
	return uuid.NewSHA1(idSpace, []byte(principal+"\x00"+key)).String()
}

// Digest identifies the content of a submission, independent of its JSON formatting and of the time.
func Digest(s pmo.Submission) (string, error) {
	s.At = time.Time{}
	return digestOf(s)
}

func digestOf(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode for digest: %w", err)
	}
	return hash(string(text)), nil
}

// hash includes the length of each part, so that ("ab", "c") and ("a", "bc") differ.
func hash(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(h, "%d:", len(part))
		h.Write([]byte(part))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// receiptUpdateID is the update id of a submission. All updates of an execution share one id space.
func receiptUpdateID(digest string) string { return "receipt/" + digest }

// updateID never is only a value of the caller: two people, requests or payloads never have the same one.
func updateID(update, scopedKey, digest string) string {
	return update + "/" + scopedKey + "/" + digest
}

// repeatable is whether a command names the state it applies to, so that the same command twice is one command: a decision names the round
// of its question, an amendment the revision it was made on. A second hold for the same reason is another hold.
func repeatable(update string) bool {
	return update == contract.UpdateDecide || update == contract.UpdateAmend
}
