"""A jump host: an SSH server that forwards connections, and says so of each. ``python -m … KEY AUTHORIZED``."""

import asyncio
import sys

import asyncssh


class Server(asyncssh.SSHServer):
    """Lets the one key in, and through to wherever it asks."""

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> bool:
        print("through", flush=True)
        return True


async def main(key: str, authorized: str) -> None:
    server = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=Server, server_host_keys=[key], authorized_client_keys=authorized
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
