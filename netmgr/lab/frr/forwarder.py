"""From a loopback port of the caller's network namespace to a router's management address."""

import asyncio
import contextlib
import socket
from functools import partial

SSH_PORT = 22
#: Seconds until a login to a router that does not answer is closed, as a client's own limit would do.
_CONNECT_LIMIT = 10.0
_CHUNK = 65536


async def forward(listener: socket.socket, address: str) -> None:
    """Serve ``listener`` from now on. Connections are made to ``address`` from this process's network namespace.

    asyncio sets TCP_NODELAY on both sides, so that a keystroke costs no delay.
    """
    await asyncio.start_server(partial(_connection, address), sock=listener)


async def _connection(address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        async with asyncio.timeout(_CONNECT_LIMIT):
            device_reader, device_writer = await asyncio.open_connection(address, SSH_PORT)
    except (
        OSError
    ):  # TimeoutError too: the device cannot be reached, which the client learns by the closed connection
        writer.transport.abort()
        return
    # SSH closes both directions at once, so the first end of file ends the connection: a client that has gone does not
    # wait for a device that was cut off. What is still buffered is sent first.
    copies = [
        asyncio.create_task(_copy(reader, device_writer)),
        asyncio.create_task(_copy(device_reader, writer)),
    ]
    await asyncio.wait(copies, return_when=asyncio.FIRST_COMPLETED)
    for task in copies:
        task.cancel()
    for each in (device_writer, writer):
        each.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until the end of file or until one of the connections breaks."""
    with contextlib.suppress(OSError):  # a reset is an end as well
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
