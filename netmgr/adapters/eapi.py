"""eAPI over HTTPS as netmgr trusts it: certificates verified, an answer within its time and of a bearable size.

pyeapi verifies nothing by default, waits for ever where a byte comes now and then, takes whatever comes, and knows no
way through jump hosts.
"""

import io
import logging
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from pyeapi.eapilib import HttpsConnection, HttpsEapiConnection

#: Bytes of one answer. A configuration of 100,000 lines has about 5 million.
MOST = 32 * 2**20
_CHUNK = 65536

Dial = Callable[[], Any]
"""Gives a new connection through the jump hosts; None where there are none."""

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
        dial: Dial,
        timeout: float = 60,
        **_: Any,
    ) -> None:
        super().__init__(
            host, port=port, username=username, password=password, context=context, timeout=timeout
        )
        self.transport = _Connection(host, port, context, dial, timeout)

    def patience(self, seconds: float) -> None:
        """From the next request on, an answer may take so long."""
        self.transport.timeout = seconds


class _Connection(HttpsConnection):  # type: ignore[misc]  # as above
    """One request each: pyeapi closes it after every answer."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, dial: Dial, timeout: float) -> None:
        super().__init__("/command-api", host, port, context=context, timeout=timeout)
        self._tls, self._dial = context, dial

    def connect(self) -> None:
        """The name in the certificate is the device's own, whatever the way there."""
        deadline = time.monotonic() + self.timeout
        stream = self._dial() or socket.create_connection((self.host, self.port), self.timeout)
        try:
            if isinstance(stream, socket.socket):
                stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sock = _Tls(stream, self._tls, self.host, deadline)
        except BaseException:
            stream.close()
            raise


class _Tls:
    """TLS over a stream that need not be a socket; as much of a socket as http.client asks for.

    Reads until its deadline, and ``MOST`` bytes; then it fails as a silent device does. As with a socket, the stream
    is closed when its readers are closed too: http.client lets go of a connection before it has read the answer.
    """

    def __init__(self, stream: Any, context: ssl.SSLContext, name: str, deadline: float) -> None:
        self._stream, self._deadline, self._taken = stream, deadline, 0
        self._readers, self._closing = 0, False
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)
        self._until_done(self._tls.do_handshake)

    def sendall(self, data: bytes) -> None:
        """All of it, or an exception."""
        view = memoryview(data)
        while view:
            view = view[self._until_done(lambda: self._tls.write(view)) :]  # noqa: B023 - called at once

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:
        """The stream of answers."""
        self._readers += 1
        return io.BufferedReader(_Reader(self), _CHUNK)

    def read_into(self, buffer: Any) -> int:
        """What has come, at least a byte; 0 at the end."""
        try:
            count = int(self._until_done(lambda: self._tls.read(len(buffer), buffer)))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return 0
        self._taken += count
        if self._taken > MOST:
            raise OSError(f"the answer has more than {MOST // 2**20} MiB")
        return count

    def close(self) -> None:
        """Once nobody reads any more."""
        self._closing = True
        if not self._readers:
            self._stream.close()

    def released(self) -> None:
        """A reader is closed."""
        self._readers -= 1
        if self._closing:
            self.close()

    def _until_done(self, step: Callable[[], Any]) -> Any:
        while True:
            try:
                found = step()
            except ssl.SSLWantReadError:
                self._flush()
                self._feed()
                continue
            self._flush()
            return found

    def _flush(self) -> None:
        if data := self._outgoing.read():
            self._stream.settimeout(self._left())
            self._stream.sendall(data)

    def _feed(self) -> None:
        self._stream.settimeout(self._left())
        if data := self._stream.recv(_CHUNK):
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        return left


class _Reader(io.RawIOBase):
    """What http.client reads an answer from."""

    def __init__(self, tls: _Tls) -> None:
        super().__init__()
        self._tls = tls

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As a file's."""
        return self._tls.read_into(buffer)

    def close(self) -> None:
        """Tell the connection, once."""
        if not self.closed:
            self._tls.released()
        super().close()
