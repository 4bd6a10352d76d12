"""Connections to receivers of notifications: to addresses that may be contacted, verified, and never for long.

A name is resolved once, its addresses are judged, and the connection goes to one of those: a name that resolves to
something else a moment later (DNS rebinding) changes nothing. Nobody can keep a sender by answering a byte at a time.
"""

import socket
import ssl
import time
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Any, Final

from netmgr.model.addresses import Address, Network
from netmgr.ports.carrier import NotDeliveredError

SECONDS: Final = 60.0
"""For one message, from the first packet to the last answer."""

CONNECT_SECONDS: Final = 15.0
"""For one address to answer."""

#: All that IANA has given out (RFC 4291, 2.4). Python's ``is_global`` takes site-local addresses (RFC 3879) for public.
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = b"\x00\x64\xff\x9b" + bytes(8)


class _Timed(socket.socket):
    """A socket that is used up to a moment, however its peer behaves."""

    until = 0.0

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        self.settimeout(_left(self.until))
        return super().recv_into(buffer, nbytes, flags)

    def sendall(self, data: Any, flags: int = 0) -> None:
        self.settimeout(_left(self.until))
        super().sendall(data, flags)


class _TimedTls(ssl.SSLSocket):
    """The same over TLS; the moment is its context's."""

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        self.settimeout(_left(getattr(self.context, "until", 0.0)))
        return super().recv_into(buffer, nbytes, flags)

    def send(self, data: Any, flags: int = 0) -> int:
        self.settimeout(_left(getattr(self.context, "until", 0.0)))
        return super().send(data, flags)


class _Context(ssl.SSLContext):
    """Trust for one connection."""

    until = 0.0


class Guard:
    """Opens the connections for one message. ``allow``: networks that are not public and may be contacted."""

    def __init__(self, allow: Sequence[Network] = (), seconds: float = SECONDS) -> None:
        self._allow = allow
        self.until = time.monotonic() + seconds

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection to one of the addresses of ``host``. Raises NotDeliveredError."""
        try:
            found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NotDeliveredError(f"{host}: the name cannot be resolved ({reason(error)})") from error
        refused, failed = [], ""
        for family, kind, protocol, _, place in found:
            address = ip_address(str(place[0]).partition("%")[0])
            if not self.permits(address):
                refused.append(str(address))
                continue
            connection = _Timed(family, kind, protocol)
            connection.until = self.until
            try:
                connection.settimeout(min(CONNECT_SECONDS, _left(self.until)))
                connection.connect(place)
            except OSError as error:
                connection.close()
                failed = f"{host}: port {port}: {reason(error)}"
            else:
                return connection
        if failed:
            raise NotDeliveredError(failed)
        raise NotDeliveredError(
            f"{host} is {', '.join(dict.fromkeys(refused))}, which is no public address; "
            "if it is meant to be contacted, name its network under allow in config/notify.yaml"
        )

    def permits(self, address: Address) -> bool:
        """Whether it is public, or allowed. An IPv6 address that carries an IPv4 one is judged by that one."""
        inner = _carried(address)
        if inner is not None and any(inner in net for net in self._allow if net.version == inner.version):
            return True
        if any(address in network for network in self._allow if network.version == address.version):
            return True
        judged = address if inner is None else inner
        if isinstance(judged, IPv6Address) and judged not in _GLOBAL_UNICAST:
            return False
        return judged.is_global and not judged.is_multicast and not judged.is_reserved

    def trust(self, ca: Path | None) -> ssl.SSLContext:
        """TLS 1.2 or later; certificate and host name are verified. Raises NotDeliveredError for a bad ``ca`` file."""
        context = _Context(ssl.PROTOCOL_TLS_CLIENT)
        context.until = self.until
        context.sslsocket_class = _TimedTls
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            if ca:
                context.load_verify_locations(cafile=ca)
            else:
                context.load_default_certs()
        except (OSError, ssl.SSLError) as error:
            raise NotDeliveredError(f"{ca}: certificates cannot be read ({reason(error)})") from error
        return context


def reason(error: BaseException) -> str:
    """What went wrong, in one short line."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not accepted: {error.verify_message}"
    said: Any = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(said).split())[:200]


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _carried(address: Address) -> IPv4Address | None:
    """The IPv4 address in an IPv6 one: mapped, 6to4, Teredo's client, NAT64 (RFC 4291, 3056, 4380, 6052)."""
    if not isinstance(address, IPv6Address):
        return None
    if address.teredo:
        return address.teredo[1]
    if address.packed.startswith(_NAT64):
        return IPv4Address(address.packed[12:])
    return address.ipv4_mapped or address.sixtofour
