// Package clientaddr finds the address a request comes from, behind the proxies an administrator trusts.
package clientaddr

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the networks of the proxies whose X-Forwarded-For is believed.
type Proxies []netip.Prefix

// Parse reads networks such as 10.0.0.0/8, separated by commas; a single address is a network of its own.
func Parse(list string) (Proxies, error) {
	var proxies Proxies
	for _, text := range strings.Split(list, ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if addr, single := netip.ParseAddr(text); single == nil {
			prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%q is not a network like 10.0.0.0/8", text)
		}
		proxies = append(proxies, prefix.Masked())
	}
	return proxies, nil
}

// Has reports whether an address is in one of the networks.
func (p Proxies) Has(addr netip.Addr) bool {
	return slices.ContainsFunc(p, func(n netip.Prefix) bool { return n.Contains(plain(addr)) })
}

// Of is the address a request comes from: the one of the connection or, while that is a trusted proxy's, the last one of X-Forwarded-For
// that is not. What stands left of it was written by somebody nobody vouches for. The zero address: unknown.
func (p Proxies) Of(r *http.Request) netip.Addr {
	from := connection(r.RemoteAddr)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && p.Has(from); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return from
		}
		from = plain(hop)
	}
	return from
}

func connection(remote string) netip.Addr {
	if from, err := netip.ParseAddrPort(remote); err == nil {
		return plain(from.Addr())
	}
	return netip.Addr{}
}

func plain(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }

// Network is what one household or office has: the address itself, or the 64-bit network of an IPv6 address, of which anybody has many.
func Network(a netip.Addr) netip.Addr {
	if !a.Is6() {
		return a
	}
	return netip.PrefixFrom(a, 64).Masked().Addr()
}

type contextKey struct{}

// With says which client a context's call comes from.
func With(ctx context.Context, a netip.Addr) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// From is the client that a context's call comes from; the zero address: unknown.
func From(ctx context.Context) netip.Addr {
	a, _ := ctx.Value(contextKey{}).(netip.Addr)
	return a
}

// Text is an address as it is written down; empty for the zero address.
func Text(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}
