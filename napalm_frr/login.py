"""SSH logins: the host key verified, the credentials in memory, and every refusal a NAPALM exception with one line."""

from __future__ import annotations

import io
import logging
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paramiko
from napalm.base.exceptions import ConnectAuthError, ConnectionException, ConnectTimeoutError

from napalm_frr.errors import HostKeyError, UnknownHostKeyError
from napalm_frr.host_keys import entries

PROGRAM_DIRECTORY = "/var/lib/netmgr-frr"
_KEEPALIVE = 15  # seconds
_SSH = 22
_LOG = "napalm_frr.ssh"
logging.getLogger(_LOG).addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Login:
    """How to reach and enter a device.

    ``sock`` is a connected channel to use instead of a new TCP connection, ``pkey`` a paramiko.PKey in memory. The host
    key is looked up under ``host`` (and ``port``, where it is not 22) whatever the way there.
    """

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    timeout: float
    key_file: str | None = None
    pkey: Any = field(default=None, repr=False)
    passphrase: str | None = field(default=None, repr=False)
    known_hosts: tuple[str, ...] = ()
    allow_agent: bool = False
    use_keys: bool = False
    sudo: bool = False
    program_dir: str = PROGRAM_DIRECTORY
    sock: Any = None

    @property
    def where(self) -> str:
        """The router's address for messages."""
        return f"{self.host}:{self.port}"


def connect(login: Login) -> paramiko.SSHClient:
    """Connect, verify the host key and log in.

    Raises ``HostKeyError``, ``ConnectAuthError``, ``ConnectTimeoutError`` or, for whatever else keeps the device out of
    reach, ``ConnectionException``.
    """
    client = paramiko.SSHClient()
    client.set_log_channel(_LOG)  # paramiko's own would print tracebacks where logging is not set up
    try:
        _load_host_keys(client, login)
        client.set_missing_host_key_policy(_Unknown())
        client.connect(
            login.host,
            port=login.port,
            username=login.username,
            password=login.password or None,
            pkey=login.pkey,
            key_filename=login.key_file,
            passphrase=login.passphrase,
            timeout=login.timeout,
            banner_timeout=login.timeout,
            auth_timeout=login.timeout,
            channel_timeout=login.timeout,
            allow_agent=login.allow_agent,
            look_for_keys=login.use_keys,
            sock=login.sock,
            transport_factory=_kept_alive,
        )
    except Exception as error:
        client.close()
        raise explained(login, error) from error
    return client


def private_key(text: str) -> paramiko.PKey:
    """The private key in ``text`` (PEM, OpenSSH's own format or the older ones), without a passphrase.

    Raises ValueError, which says what is wrong and shows nothing of the key.
    """
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text))
        except paramiko.PasswordRequiredException:
            raise ValueError(
                "the private key is locked with a passphrase; use the SSH agent for it"
            ) from None
        except (paramiko.SSHException, ValueError, IndexError):  # another kind of key, or none
            continue
    raise ValueError("the private key is none that can be read; OpenSSH's ed25519, ecdsa and rsa are")


class _Unknown(paramiko.MissingHostKeyPolicy):
    """Refuses a host whose key is not known, and says which key it offered."""

    def missing_host_key(
        self,
        client: paramiko.SSHClient,  # noqa: ARG002 - paramiko's signature
        hostname: str,
        key: paramiko.PKey,
    ) -> None:
        raise UnknownHostKeyError(
            f"{hostname}: unknown host key: it offers {_fingerprint(key)}, none is on record"
        )


def frugal_transport(sock: Any, **options: Any) -> paramiko.Transport:
    """A transport that prefers what costs least CPU, and sends small packets at once.

    paramiko compares each packet's MAC byte by byte; with AES-GCM (RFC 5647) it has none to compare. With Nagle's
    algorithm (RFC 896) a login waits twice for an acknowledgement that the router delays by 40 ms.
    """
    if isinstance(sock, socket.socket) and sock.family in (socket.AF_INET, socket.AF_INET6):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    transport = paramiko.Transport(sock, **options)
    security = transport.get_security_options()
    security.kex = tuple(sorted(security.kex, key=lambda name: not name.startswith("curve25519")))
    security.ciphers = tuple(sorted(security.ciphers, key=lambda name: "-gcm@" not in name))
    return transport


def _kept_alive(sock: Any, **options: Any) -> paramiko.Transport:
    transport = frugal_transport(sock, **options)
    transport.set_keepalive(_KEEPALIVE)
    return transport


def _load_host_keys(client: paramiko.SSHClient, login: Login) -> None:
    files = login.known_hosts
    if not files:
        usual = (Path("/etc/ssh/ssh_known_hosts"), Path("~/.ssh/known_hosts").expanduser())
        files = tuple(str(place) for place in usual if place.exists())
    name = login.host if login.port == _SSH else f"[{login.host}]:{login.port}"
    known = client.get_host_keys()
    for file in files:
        for entry in entries(file, name):
            for host in entry.hostnames:
                known.add(host, entry.key.get_name(), entry.key)


def _fingerprint(key: paramiko.PKey) -> str:
    return f"{key.get_name()} {key.fingerprint}"


def explained(login: Login, error: Exception) -> Exception:
    """The NAPALM exception for whatever a connection attempt raised."""
    where = login.where
    meaning = error
    match error:
        case ConnectionException():
            pass
        case paramiko.BadHostKeyException():
            offered, known = _fingerprint(error.key), _fingerprint(error.expected_key)
            meaning = HostKeyError(f"{where}: wrong host key: it offers {offered}, on record is {known}")
        case paramiko.hostkeys.InvalidHostKey():
            meaning = HostKeyError(
                f"{where}: a line of known_hosts cannot be read: {error.line.strip()[:60]}"
            )
        case paramiko.SSHException() if str(error) == "No authentication methods available":
            meaning = ConnectAuthError(
                f"{where}: login as {login.username}: there is no credential to offer"
                f"{': the SSH agent holds no key, or does not run' if login.allow_agent else ''}"
            )
        case paramiko.AuthenticationException() | paramiko.PasswordRequiredException():
            meaning = ConnectAuthError(f"{where}: login as {login.username} refused: {error}")
        case TimeoutError():
            meaning = ConnectTimeoutError(f"{where}: no answer within {login.timeout:g} s")
        case EOFError():
            meaning = ConnectionException(f"{where}: the device closed the connection during the login")
        case paramiko.SSHException() | OSError() | ValueError():
            meaning = ConnectionException(f"{where}: cannot connect: {str(error) or type(error).__name__}")
    return meaning
