"""What the vendors' libraries raise, as errors of the device: pyeapi, netmiko, paramiko, ncclient, PyEZ, sockets, TLS.

Drivers wrap their transports' exceptions, often without their kind: the whole chain is looked at, and what is known of
a connection counts for more than what was made of it. Classes are told by name, so that none is imported for it.
"""

from collections.abc import Iterator

from netmgr.errors import (
    AuthenticationFailed,
    ConfigRejected,
    DeviceError,
    Fenced,
    HostKeyRejected,
    Unreachable,
)

#: Whom we speak to, or whether at all: counts wherever it stands in the chain.
_CONNECTION: dict[str, type[DeviceError]] = {
    "ssl.SSLCertVerificationError": HostKeyRejected,
    "paramiko.ssh_exception.BadHostKeyException": HostKeyRejected,
    "ncclient.transport.errors.SSHUnknownHostError": HostKeyRejected,
    "paramiko.ssh_exception.AuthenticationException": AuthenticationFailed,
    "ncclient.transport.errors.AuthenticationError": AuthenticationFailed,
    "jnpr.junos.exception.ConnectAuthError": AuthenticationFailed,
    "napalm.base.exceptions.ConnectAuthError": AuthenticationFailed,
    "paramiko.ssh_exception.SSHException": Unreachable,
    "netmiko.exceptions.NetmikoTimeoutException": Unreachable,
    "netmiko.exceptions.ReadException": Unreachable,
    "ncclient.transport.errors.TransportError": Unreachable,
    "ncclient.operations.errors.TimeoutExpiredError": Unreachable,
    "jnpr.junos.exception.ConnectError": Unreachable,
    "jnpr.junos.exception.RpcTimeoutError": Unreachable,
    "napalm.base.exceptions.ConnectionException": Unreachable,
    "pyeapi.eapilib.ConnectionError": Unreachable,
    "builtins.EOFError": Unreachable,
    "builtins.OSError": Unreachable,
}
#: What the device said.
_ANSWER: dict[str, type[DeviceError]] = {
    "napalm.base.exceptions.ReplaceConfigException": ConfigRejected,
    "napalm.base.exceptions.MergeConfigException": ConfigRejected,
    "napalm.base.exceptions.CommitError": ConfigRejected,
    "napalm.base.exceptions.SessionLockedException": Fenced,
    "napalm.base.exceptions.LockError": Fenced,
    "netmiko.exceptions.ConfigInvalidException": ConfigRejected,
    "jnpr.junos.exception.LockError": Fenced,
    "jnpr.junos.exception.ConfigLoadError": ConfigRejected,
    "jnpr.junos.exception.CommitError": ConfigRejected,
    "napalm.base.exceptions.CommandErrorException": DeviceError,
    "pyeapi.eapilib.CommandError": DeviceError,
}
#: Where a library has one class for several reasons, its words tell.
_WORDS = (
    ("not found in known_hosts", HostKeyRejected),
    ("Unable to authenticate", AuthenticationFailed),
    ("Unauthorized", AuthenticationFailed),
)
#: No message of a device or library is longer in ours.
_LONGEST = 600


def vendor_error(error: BaseException, name: str, phase: str) -> DeviceError | None:
    """The error of the device ``name``; None where nothing in the chain is known."""
    chain = list(chain_of(error))
    for each in chain:
        if isinstance(each, DeviceError):  # of ours, on its way through a library
            return each
    best: tuple[type[DeviceError], BaseException] | None = None
    for each in chain:
        found = _kind(each, _CONNECTION)
        if found is Unreachable:
            found = next((kind for words, kind in _WORDS if words in str(each)), found)
        # A rejected key says why the connection failed, wherever in the chain it stands.
        if found and (best is None or (best[0] is Unreachable and found is not Unreachable)):
            best = found, each
    if best is None:
        best = next(((kind, each) for each in chain if (kind := _kind(each, _ANSWER))), None)
    return best[0](name, phase, words(best[1])) if best else None


def words(error: BaseException) -> str:
    """An exception's message on one line, cut where it gets long; its class where it has none."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _kind(error: BaseException, table: dict[str, type[DeviceError]]) -> type[DeviceError] | None:
    return next(
        (
            table[name]
            for each in type(error).__mro__
            if (name := f"{each.__module__}.{each.__qualname__}") in table
        ),
        None,
    )


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """The exception, and what it was made of; each once."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
