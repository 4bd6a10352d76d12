"""What vendors' libraries raise comes out as one of netmgr's errors, however it was wrapped on the way."""

import ssl
from importlib import import_module

import pytest
from napalm.base.exceptions import CommandErrorException, ConnectionException, ReplaceConfigException
from pyeapi.eapilib import CommandError
from pyeapi.eapilib import ConnectionError as EapiConnectionError

from netmgr.adapters import vendor_errors
from netmgr.adapters.vendor_errors import vendor_error
from netmgr.errors import AuthenticationFailed, ConfigRejected, DeviceError, HostKeyRejected, Unreachable


def wrapped(inner: BaseException, outer: BaseException) -> BaseException:
    """``outer`` as it comes out of an ``except`` that meant to hide ``inner``."""
    outer.__context__ = inner
    return outer


@pytest.mark.parametrize("name", [*vendor_errors._CONNECTION, *vendor_errors._ANSWER])
def test_every_class_of_the_table_is_still_called_so(name):
    module, _, qualname = name.rpartition(".")
    assert isinstance(getattr(import_module(module), qualname), type)


REJECTED = ssl.SSLCertVerificationError(1, "certificate verify failed")
CASES = {
    "a certificate": (REJECTED, HostKeyRejected),
    "a certificate, inside pyeapi's": (
        wrapped(REJECTED, EapiConnectionError("https", "Socket error")),
        HostKeyRejected,
    ),
    "a password": (
        EapiConnectionError("https", "Unauthorized. Unable to authenticate user: bad"),
        AuthenticationFailed,
    ),
    "silence, inside what NAPALM makes of a command": (
        wrapped(
            wrapped(TimeoutError("timed out"), EapiConnectionError("https", "x")), CommandErrorException("y")
        ),
        Unreachable,
    ),
    "a refused line": (
        wrapped(
            CommandError(1002, "invalid command", command_error="bogus"), ReplaceConfigException("bogus")
        ),
        ConfigRejected,
    ),
    "a refused command": (CommandError(1000, "no"), DeviceError),
    "no connection": (ConnectionException("refused"), Unreachable),
}


@pytest.mark.parametrize(("error", "kind"), CASES.values(), ids=CASES)
def test_a_chain_is_judged_by_what_it_says_of_the_connection_first(error, kind):
    found = vendor_error(error, "core1", "load")
    assert type(found) is kind
    assert (found.device, found.phase) == ("core1", "load")


def test_what_nobody_knows_is_left_to_the_caller():
    assert vendor_error(KeyError("vrfs"), "core1", "state") is None


def test_a_message_is_one_line_and_no_flood():
    found = vendor_error(CommandError(1000, "a\nb" * 10_000), "core1", "show")
    assert "\n" not in found.message
    assert len(found.message) == 601
