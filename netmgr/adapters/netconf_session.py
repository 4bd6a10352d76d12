"""A NETCONF session (RFC 6241, 6242) of ncclient's over a login of ours: the host key verified before anything is said.

ncclient verifies against the user's own files, takes a key recorded for another port, offers no key in memory, and
decodes what it read in pieces, so that a character on the border between two of them ends the session. What is here
reads bytes, in either framing, and gives up on a message that does not end.
"""

import logging
import re
import selectors
import socket
from contextlib import suppress
from typing import Any

from ncclient.transport.errors import SessionCloseError, TransportError
from ncclient.transport.session import NetconfBase
from ncclient.transport.ssh import SSHSession
from ncclient.xml_ import parse_root

logging.getLogger("ncclient").addHandler(logging.NullHandler())  # else what it warns of is printed

#: Bytes of one message; configurations are far below. More is no answer.
LONGEST = 32_000_000

_END = b"]]>]]>"
_CHUNK = re.compile(rb"\n#([1-9][0-9]{0,9})\n")
_END_OF_CHUNKS = b"\n##\n"
#: A header of a chunk is never longer.
_HEADER = 13


class BadAnswerError(TransportError):  # type: ignore[misc] # ncclient has no types
    """What the device sends is no NETCONF: nothing that it says over this connection can be told apart any more."""


class Framing:
    """Bytes as they come → whole messages. ``chunked`` from the moment on when both ends speak version 1.1."""

    def __init__(self) -> None:
        self.chunked = False
        self._buffer = bytearray()
        self._looked = 0
        """Up to where there is no end mark."""
        self._pieces: list[bytes] = []

    def feed(self, data: bytes) -> list[str]:
        """The messages that are complete now. Raises BadAnswerError for what is no framing, and for too much."""
        self._buffer += data
        if len(self._buffer) + sum(map(len, self._pieces)) > LONGEST:
            raise BadAnswerError(f"an answer is longer than {LONGEST // 1_000_000} MB")
        found = []
        while (message := self._chunks() if self.chunked else self._until_end()) is not None:
            found.append(message.decode("utf-8", "replace"))
        return found

    def _until_end(self) -> bytes | None:
        end = self._buffer.find(_END, self._looked)
        if end < 0:
            self._looked = max(0, len(self._buffer) - len(_END) + 1)
            return None
        message = bytes(self._buffer[:end]).strip()
        del self._buffer[: end + len(_END)]
        self._looked = 0
        return message

    def _chunks(self) -> bytes | None:
        while self._buffer:
            if self._buffer.startswith(_END_OF_CHUNKS):
                del self._buffer[: len(_END_OF_CHUNKS)]
                message, self._pieces = b"".join(self._pieces), []
                return message
            header = _CHUNK.match(self._buffer)
            if header is None:
                if len(self._buffer) > _HEADER:
                    raise BadAnswerError("the device does not frame its answers as RFC 6242 says")
                return None
            end = header.end() + int(header[1])
            if len(self._buffer) < end:
                return None
            self._pieces.append(bytes(self._buffer[header.end() : end]))
            del self._buffer[:end]
        return None


class NetconfSession(SSHSession):  # type: ignore[misc] # ncclient has no types
    """One session over ``client``, a paramiko.SSHClient that is logged in."""

    def __init__(self, device_handler: Any, client: Any) -> None:
        super().__init__(device_handler)
        self._client = client
        self._framing = Framing()
        self._sent = self._received = 0
        self._woken, self._waker = socket.socketpair()

    def begin(self, timeout: float) -> None:
        """Open the subsystem and exchange hellos. Raises what paramiko and ncclient do."""
        self._transport = self._client.get_transport()
        self._channel = self._transport.open_session(timeout=timeout)
        self._channel.settimeout(timeout)
        self._channel.invoke_subsystem("netconf")
        self._connected = True
        self._post_connect(timeout)
        self._framing.chunked = self._base == NetconfBase.BASE_11

    def send(self, message: str) -> None:
        """Put the message on its way now: ncclient's own loop would look for it in a tenth of a second."""
        super().send(message)
        self._sent += 1
        with suppress(OSError):  # it has just ended, and says so to whoever asks
            self._waker.send(b"!")

    @property
    def answers(self) -> bool:
        """Whether it is open, and everything that was asked has been answered."""
        return bool(self.connected) and self._received >= self._sent

    def run(self) -> None:
        """The session's own thread: ncclient starts it."""
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._channel, selectors.EVENT_READ)
                selector.register(self._woken, selectors.EVENT_READ)
                while True:
                    self._send_all()
                    for key, _ in selector.select():
                        if key.fileobj is self._woken:
                            self._woken.recv(512)
                        elif not self._receive():
                            return
        except Exception as error:  # noqa: BLE001 - whoever waits for an answer learns why there is none
            self._dispatch_error(error)
            self.close()

    def _dispatch_message(self, raw: str) -> None:
        """ncclient would drop what is no XML, and let whoever asked wait."""
        try:
            parse_root(raw)
        except Exception as error:
            raise BadAnswerError("the device answers with what is no XML") from error
        super()._dispatch_message(raw)

    def close(self) -> None:
        """End the connection, and the thread."""
        super().close()
        self._client.close()
        for end in (self._waker, self._woken):
            end.close()

    def _send_all(self) -> None:
        while not self._q.empty():
            data = self._q.get().encode()
            framed = (
                b"\n#%d\n%s%s" % (len(data), data, _END_OF_CHUNKS) if self._framing.chunked else data + _END
            )
            self._channel.sendall(framed)

    def _receive(self) -> bool:
        """False once the session has ended as it should."""
        data = self._channel.recv(65_536)
        if not data:
            if self._closing.is_set():
                return False
            raise SessionCloseError(b"")
        for message in self._framing.feed(data):
            self._received += 1
            self._dispatch_message(message)
        return True
