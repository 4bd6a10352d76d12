"""How one device is reached, and the jump hosts on the way there."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Address and credentials of one SSH server. The secrets themselves are in memory only, and never shown.

    ``known_hosts`` is the file that host keys are verified against, under ``hostname`` (and ``port``, where it is not
    22), whatever the way there. ``private_key`` is a key's text, ``key_file`` a path.
    """

    hostname: str
    port: int
    username: str
    known_hosts: str
    password: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)
    key_file: str | None = None
    use_agent: bool = False

    @property
    def host_key_name(self) -> str:
        """The name under which known_hosts has the key, as ssh writes it."""
        return self.hostname if self.port == 22 else f"[{self.hostname}]:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop(Login):
    """One jump host. ``name`` is what client.yaml or ssh_config calls it."""

    name: str


Way = tuple[Hop, ...]
"""Jump hosts in their order: the first is reached directly, each other one through those before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Login):
    """One device. ``platform`` names the platform's form; ``options`` are for its driver, ``timeout`` in seconds."""

    device: str
    platform: str
    jump: Way = ()
    options: Mapping[str, object] = field(default_factory=dict, repr=False, hash=False)
    timeout: int | None = None

    @property
    def trusted_certificates(self) -> str:
        """The file of certificates (PEM) that HTTPS is verified against: beside that of host keys, `.pem` behind."""
        return f"{self.known_hosts}.pem"
