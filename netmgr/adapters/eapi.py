"""eAPI over HTTPS as netmgr trusts it: certificates verified, an answer within its time and of a bearable size.

pyeapi verifies nothing by default, waits for ever where a byte comes now and then, and takes whatever comes.
"""

import logging
import ssl
import time
from typing import Any

from pyeapi.eapilib import HttpsConnection, HttpsEapiConnection

#: Bytes of one answer. A configuration of 100,000 lines has about 5 million.
MOST = 32 * 2**20

#: It logs each failed request with its traceback, which without any handler lands on standard error.
logging.getLogger("pyeapi").setLevel(logging.CRITICAL + 1)


def trusting(certificates: str) -> ssl.SSLContext:
    """TLS that accepts whoever shows a certificate of ``certificates``, in its own name.

    They are authorities' or devices' own (PEM). Raises OSError where the file cannot be read.
    """
    context = ssl.create_default_context(cafile=certificates)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # A device's own certificate may be trusted without its issuer's (RFC 5280, 6.1: any trust anchor).
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.sslsocket_class = _BoundedSocket
    return context


class Eapi(HttpsEapiConnection):  # type: ignore[misc]  # pyeapi publishes no types
    """pyeapi's connection over ours. ``context`` comes from ``trusting``."""

    def __init__(
        self,
        host: str,
        port: int,
        username: str,
        password: str,
        context: ssl.SSLContext,
        timeout: float = 60,
        **_: Any,
    ) -> None:
        super().__init__(
            host, port=port, username=username, password=password, context=context, timeout=timeout
        )
        self.transport = _Connection("/command-api", host, port, context=context, timeout=timeout)

    def patience(self, seconds: float) -> None:
        """From the next request on, an answer may take so long."""
        self.transport.timeout = seconds


class _Connection(HttpsConnection):  # type: ignore[misc]  # as above
    """One request each: pyeapi closes it after every answer."""

    def connect(self) -> None:
        super().connect()
        self.sock.deadline = time.monotonic() + self.timeout


class _BoundedSocket(ssl.SSLSocket):
    """Reads until its deadline, and so much; then it fails as a silent device does."""

    deadline: float | None = None
    taken = 0

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        if self.deadline is not None:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer takes too long")
            self.settimeout(left)
        count = super().recv_into(buffer, nbytes, flags)
        self.taken += count
        if self.taken > MOST:
            raise OSError(f"the answer has more than {MOST // 2**20} MiB")
        return count
