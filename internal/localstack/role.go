package localstack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// RoleProduct is the database role that the product runs with. It is not the owner of the tables.
const RoleProduct = "pmo_app"

// ErrMayNotCreateRoles is a role, of a Postgres that is not ours, that may not create the product's.
var ErrMayNotCreateRoles = errors.New("the database role may not create other roles")

// EnsureProductRole creates the product's role on the server of dsn, or gives it its password again, and returns dsn for that role. The password
// follows from the one in dsn, so that all who know that one agree on it.
func EnsureProductRole(ctx context.Context, dsn string) (string, error) {
	as, err := url.Parse(dsn)
	if err != nil {
		return "", errors.New("the address of Postgres is not a URL") // the cause would repeat the password
	}
	secret, _ := as.User.Password()
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(RoleProduct))
	password := hex.EncodeToString(mac.Sum(nil))
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return "", fmt.Errorf("connect to Postgres: %w", err)
	}
	defer conn.Close(ctx)
	if err := setRole(ctx, conn, password); err != nil {
		return "", err
	}
	as.User = url.UserPassword(RoleProduct, password)
	return as.String(), nil
}

const (
	insufficientPrivilege = "42501"
	duplicateObject       = "42710"
)

// setRole writes the password, which consists of hexadecimal digits.
func setRole(ctx context.Context, conn *pgx.Conn, password string) error {
	_, err := conn.Exec(ctx, "CREATE ROLE "+RoleProduct+" LOGIN")
	var refused *pgconn.PgError
	if err != nil && !(errors.As(err, &refused) && refused.Code == duplicateObject) {
		return roleFault(err)
	}
	_, err = conn.Exec(ctx, "ALTER ROLE "+RoleProduct+" LOGIN PASSWORD '"+password+"'")
	return roleFault(err)
}

func roleFault(err error) error {
	var refused *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && refused.Code == insufficientPrivilege:
		return ErrMayNotCreateRoles
	}
	return fmt.Errorf("create the role %s: %w", RoleProduct, err)
}
