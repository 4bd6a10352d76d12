"""Host keys over SSH: the key exchange alone proves who answers, without a login. Records are known_hosts(5) files."""

import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from netmgr.adapters.directory_lock import locked
from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.nornir_fleet import in_parallel
from netmgr.adapters.private_files import private_directory, write_durably
from netmgr.errors import DeviceError, StoreError, Unreachable
from netmgr.model.host_key import Door, HostKey, KeyReport

if TYPE_CHECKING:
    from paramiko import HostKeys, PKey


class SshHostKeys:
    """See ``netmgr.ports.host_keys.HostKeys``. ``timeout`` in seconds for each step; ``workers`` at a time."""

    def __init__(self, *, timeout: int, workers: int) -> None:
        self._timeout, self._workers = timeout, workers
        self._jumps = JumpHosts(timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections to jump hosts."""
        self._jumps.close()

    def look(self, doors: Sequence[Door]) -> Mapping[Door, KeyReport | DeviceError]:
        """Jump hosts first, one connection to each."""
        for ways in self._jumps.closed(door.way for door in doors):
            in_parallel(ways, self._jumps.open, workers=self._workers)
        return in_parallel(doors, self._look, workers=self._workers)

    def record(self, door: Door, report: KeyReport) -> None:
        """One line more, under the directory's lock; the file is replaced as a whole, mode 0600."""
        path = Path(door.login.known_hosts)
        private_directory(path.parent)
        with locked(path.parent):
            try:
                before = path.read_bytes() if path.exists() else b""
            except OSError as error:
                raise StoreError(f"{path}: {error.strerror}; make it readable for you") from error
            if _known(path).lookup(report.known_as):
                raise StoreError(f"{path}: {report.known_as} has got a key meanwhile; look at it again")
            if before and not before.endswith(b"\n"):
                before += b"\n"
            line = f"{report.known_as} {report.offered.key_type} {report.offered.blob}\n"
            write_durably(path, before + line.encode())

    def _look(self, door: Door) -> KeyReport:
        from paramiko import SSHException

        login = door.login
        path = Path(login.known_hosts)
        recorded: Mapping[str, PKey] = _known(path).lookup(login.host_key_name) or {}
        try:
            sock: Any = self._jumps.channel(door.way, login, door.name) or socket.create_connection(
                (login.hostname, login.port), self._timeout
            )
            offered = _offered(sock, tuple(recorded), self._timeout)
        except TimeoutError:
            reason = f"{login.hostname}:{login.port}: no answer within {self._timeout} s"
            raise Unreachable(door.name, "connect", reason) from None
        except (OSError, EOFError, SSHException) as error:
            reason = f"{login.hostname}:{login.port}: {str(error) or 'the connection was closed'}"
            raise Unreachable(door.name, "connect", " ".join(reason.split())) from error
        made = HostKey(
            key_type=offered.get_name(), fingerprint=offered.fingerprint, blob=offered.get_base64()
        )
        if not recorded:
            return KeyReport(status="unknown", known_as=login.host_key_name, offered=made, record=str(path))
        same = recorded.get(offered.get_name())
        if same == offered:
            return KeyReport(status="known", known_as=login.host_key_name, offered=made, record=str(path))
        other = same or next(iter(recorded.values()))
        return KeyReport(
            status="changed",
            known_as=login.host_key_name,
            offered=made,
            record=f"{path}:{_line(path, login.host_key_name)}",
            recorded=f"{other.get_name()} {other.fingerprint}",
        )


def _offered(sock: Any, known: Sequence[str], timeout: int) -> "PKey":
    """The key that the server proves to hold; of several, a kind that is on record first, as ssh asks for it."""
    from paramiko import Transport

    transport = Transport(sock)
    try:
        options = transport.get_security_options()
        options.key_types = tuple(sorted(options.key_types, key=lambda kind: kind not in known))
        transport.start_client(timeout=timeout)
        return transport.get_remote_server_key()
    finally:
        transport.close()


def _known(path: Path) -> "HostKeys":
    from paramiko import HostKeys
    from paramiko.hostkeys import InvalidHostKey

    try:
        return HostKeys(str(path) if path.exists() else None)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}; make it readable for you") from error
    except InvalidHostKey as error:
        raise StoreError(f"{path}: a line cannot be read: {error.line.strip()[:60]}; remove it") from error


def _line(path: Path, name: str) -> int:
    """The number of the first line about ``name``."""
    from paramiko.hostkeys import HostKeyEntry, HostKeys

    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1):
        entry = HostKeyEntry.from_line(line) if line.strip() and not line.startswith("#") else None
        if entry is not None:
            one = HostKeys()
            one._entries.append(entry)  # type: ignore[attr-defined]  # hashed names need its look-up
            if one.lookup(name):
                return number
    return 1
