// Package outbound makes the HTTP client of every call to an address that is not ours: webhooks of the directory, teams' tools, adapters. It
// calls no address that its guard refuses, follows no redirect, uses no proxy and keeps no cookie.
package outbound

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
)

// Guard refuses addresses outside the public Internet, so that a webhook in the directory cannot make the worker call internal
// services (server-side request forgery). It checks the address that is dialled, after DNS resolution, so that a changing DNS answer
// cannot bypass it.
type Guard struct {
	allow    []netip.Prefix
	operator bool
}

// ForOperator is the guard of an address that the operator sets, as of a team's tool: whoever sets it can reach private networks anyway, and
// tools are often there. Metadata services are refused all the same, and calls without TLS over the public network, because they carry a token.
func (g Guard) ForOperator() Guard {
	g.operator = true
	return g
}

// ParseGuard reads the networks that are allowed though they are private, such as "10.20.0.0/16, fd00:1::/64".
func ParseGuard(list string) (Guard, error) {
	var g Guard
	for word := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }) {
		prefix, err := netip.ParsePrefix(word)
		if err != nil || prefix.Addr().Is4In6() {
			return Guard{}, fmt.Errorf("%q is not a network like 10.20.0.0/16", word)
		}
		g.allow = append(g.allow, prefix.Masked())
	}
	return g, nil
}

var (
	errMetadata = errors.New("is a cloud metadata service; never called")
	errPrivate  = errors.New("is not on the public network; PMO_NOTIFY_ALLOW_CIDRS may allow it")
	errPlain    = errors.New("is called without TLS, which is allowed only for networks in PMO_NOTIFY_ALLOW_CIDRS")
)

// metadata lists cloud metadata services. They answer with credentials, so PMO_NOTIFY_ALLOW_CIDRS cannot allow them.
var metadata = addresses("169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254")

// private lists the IPv4 networks that are not public: this host, private, carrier-grade NAT, loopback, link-local, protocol
// assignments, examples, 6to4 relays, benchmarks, multicast, reserved and broadcast.
var private = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4")

// In IPv6 only global unicast (2000::/3) is public, except protocol assignments (such as Teredo and ORCHID), examples and 6to4.
// NAT64, mapped, unique local, link-local, loopback and multicast addresses are outside 2000::/3.
var (
	global6  = netip.MustParsePrefix("2000::/3")
	private6 = prefixes("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)

// translated lists networks whose addresses stand for another one, which is not judged: NAT64, Teredo and 6to4.
var translated = prefixes("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")

// check reports why an address must not be dialled; plain means without TLS.
func (g Guard) check(ip netip.Addr, plain bool) error {
	ip = ip.WithZone("")
	if within(ip.Unmap(), metadata) {
		return errMetadata
	}
	switch allowed := within(ip, g.allow); {
	case allowed:
		return nil
	case !public(ip):
		if g.operator && !within(ip, translated) {
			return nil
		}
		return errPrivate
	case plain:
		return errPlain
	}
	return nil
}

// Judge reports why an address would not be called, as far as it can be said before its name is looked up. What a name leads to is judged when it is dialled.
func (g Guard) Judge(u *url.URL) error {
	plain := u.Scheme != "https"
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		return g.check(ip, plain)
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	switch {
	case host == "localhost" || strings.HasSuffix(host, ".localhost") || !strings.Contains(host, "."):
		return errPrivate
	case plain:
		return errPlain
	}
	return nil
}

// Lists reports whether an address is in a network that the operator lists.
func (g Guard) Lists(address string) bool {
	ip, err := netip.ParseAddr(address)
	return err == nil && within(ip.WithZone(""), g.allow)
}

func public(ip netip.Addr) bool {
	if ip.Is4() {
		return !within(ip, private)
	}
	return global6.Contains(ip) && !within(ip, private6) // an IPv4-mapped address is outside 2000::/3, so it is refused
}

func within(ip netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// control is called by the dialer with the address it is about to connect to.
func (g Guard) control(plain bool) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%s is not an address", address)
		}
		if err := g.check(at.Addr(), plain); err != nil {
			return &Refused{at.Addr(), err}
		}
		return nil
	}
}

// Refused is the error of a call to an address that the guard refuses.
type Refused struct {
	ip    netip.Addr
	cause error
}

// Error names the address and why it is not called.
func (r *Refused) Error() string { return fmt.Sprintf("%s %v", r.ip, r.cause) }

// Unwrap is the reason.
func (r *Refused) Unwrap() error { return r.cause }

func prefixes(list ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, text := range list {
		out = append(out, netip.MustParsePrefix(text))
	}
	return out
}

func addresses(list ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, text := range list {
		ip := netip.MustParseAddr(text)
		out = append(out, netip.PrefixFrom(ip, ip.BitLen()))
	}
	return out
}
