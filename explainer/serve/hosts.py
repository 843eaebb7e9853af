"""Names that the server answers to.

A page of a stranger can let its own name point to this machine and then read what is served here
as if it were its own ("DNS rebinding"). The browser still says in the request which name it went
to, so the server answers only to names that a stranger cannot have.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

_HOST = re.compile(
    r"(?: \[ (?P<ip6> [0-9a-f:.]+ ) \] | (?P<name> [a-z0-9_-]+ (?: \. [a-z0-9_-]+ )* ) \.? )"
    r"(?: : [0-9]* )?",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_LOOPBACK_6 = IPv6Address("::1")


@dataclass(frozen=True, slots=True)
class Hosts:
    """Those names besides the ones of this machine itself, which are always among them."""

    names: frozenset[str] = frozenset()
    """Further names and addresses, in lower case."""

    any_address: bool = False
    """Whether every IP address is answered to: they cannot be made to point elsewhere."""

    def allow(self, host: str) -> bool:
        """Tell whether a name or address, as `read_host` returns it, is answered to."""
        if host == "localhost" or host.endswith(".localhost") or host in self.names:
            return True
        address = _address(host)
        if address is None:
            return False
        if isinstance(address, IPv4Address):
            return self.any_address or address.is_loopback
        return self.any_address or address == _LOOPBACK_6


def hosts_for(address: str, names: Iterable[str] = ()) -> Hosts:
    """Return what a server answers to that listens on an address, with further names."""
    allowed = {name for name in map(read_host, names) if name is not None}
    if _listens_everywhere(address):
        machine = read_host(socket.gethostname())
        if machine is not None:
            # The second one is how other machines in the house find this one.
            allowed |= {machine, f"{machine.split('.')[0]}.local"}
        return Hosts(frozenset(allowed), any_address=True)
    own = read_host(f"[{address}]" if ":" in address else address)
    return Hosts(frozenset(allowed if own is None else {*allowed, own}))


def read_host(header: str) -> str | None:
    """Return name or address of a Host header in lower case, without port and brackets.

    None where it is not in the form of one.
    """
    found = _HOST.fullmatch(header)
    if found is None:
        return None
    if found["ip6"] is None:
        return found["name"].lower()
    address = _address(found["ip6"])
    return str(address) if isinstance(address, IPv6Address) else None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _listens_everywhere(address: str) -> bool:
    found = _address(address)
    return not address or (found is not None and found.is_unspecified)
