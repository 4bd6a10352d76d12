"""Logins of ours as napalm_frr's, and what an SSH server answers as one of our errors."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from netmgr.errors import AuthenticationFailed, DeviceError, HostKeyRejected, Unreachable
from netmgr.model.endpoint import Login

if TYPE_CHECKING:
    from napalm_frr.login import Login as SshLogin


def key_of(login: Login, name: str) -> Any:
    """The private key in memory as a paramiko.PKey, or None. Raises AuthenticationFailed where it cannot be used."""
    from napalm_frr.login import private_key

    if login.private_key is None:
        return None
    try:
        return private_key(login.private_key)
    except ValueError as error:
        raise AuthenticationFailed(name, "connect", f"credentials: {error}") from None


def known_hosts_of(login: Login, name: str) -> str:
    """The file of known host keys. Raises HostKeyRejected where there is none: then nobody is contacted."""
    if not Path(login.known_hosts).exists():
        raise HostKeyRejected(
            name,
            "connect",
            f"no host key on record: there is no {login.known_hosts}; `netmgr doctor` shows the key that is offered, "
            f"`netmgr doctor --enrol {name}` records it",
        )
    return login.known_hosts


def login_of(login: Login, timeout: float, sock: Any, name: str) -> "SshLogin":
    """The same login for napalm_frr.login.connect, over ``sock`` where one is given. ``name`` is for errors."""
    from napalm_frr.login import Login as SshLogin

    return SshLogin(
        host=login.hostname,
        port=login.port,
        username=login.username,
        password=login.password or "",
        timeout=timeout,
        key_file=login.key_file,
        pkey=key_of(login, name),
        known_hosts=(known_hosts_of(login, name),),
        allow_agent=login.use_agent,
        sock=sock,
    )


def login_error(error: Exception, name: str, phase: str, known_hosts: str) -> DeviceError | None:
    """What a login or its connection ended with, as an error of the device ``name``; None for anything else."""
    from napalm.base import exceptions as napalm

    from napalm_frr import errors as frr

    match error:
        case DeviceError():
            return error
        case frr.UnknownHostKeyError():
            remedy = f"compare it with the device's own, then run `netmgr doctor --enrol {name}`"
            return HostKeyRejected(name, phase, f"{one_line(error)}; {remedy}")
        case frr.HostKeyError():
            remedy = f"find out why; if the new one is right, delete the old line of {known_hosts}"
            return HostKeyRejected(name, phase, f"{one_line(error)}; {remedy}")
        case frr.PrivilegeError() | napalm.ConnectAuthError():
            return AuthenticationFailed(name, phase, one_line(error))
        case napalm.ConnectionException() | EOFError() | OSError():
            return Unreachable(name, phase, one_line(error))
    return None


def one_line(error: BaseException) -> str:
    """An exception's message without line breaks."""
    return " ".join(str(error).split())
