"""From a loopback port of the caller's network namespace to a router's management address."""

import asyncio
import contextlib
import socket
from functools import partial

SSH_PORT = 22
#: Seconds until a login to a router that does not answer is closed, as a client's own limit would do.
_CONNECT_LIMIT = 10.0
_CHUNK = 65536


async def forward(listener: socket.socket, address: str) -> asyncio.Server:
    """Serve ``listener``. Connections are made to ``address`` from this process's network namespace.

    asyncio sets TCP_NODELAY on both sides, so that a keystroke costs no delay.
    """
    return await asyncio.start_server(partial(_connection, address), sock=listener)


async def _connection(address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        async with asyncio.timeout(_CONNECT_LIMIT):
            device_reader, device_writer = await asyncio.open_connection(address, SSH_PORT)
    except OSError:  # TimeoutError too: the device cannot be reached, which the client learns by the closed connection
        writer.transport.abort()
        return
    await asyncio.gather(_copy(reader, device_writer), _copy(device_reader, writer))
    for each in (device_writer, writer):
        each.close()
        with contextlib.suppress(OSError):  # the other side reset the connection while it was closing
            await each.wait_closed()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until end of file and pass that on; a broken connection breaks the other side too."""
    try:
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.transport.abort()
