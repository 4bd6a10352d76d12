"""How one device is reached."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Address and credentials of one device. ``password`` is the secret itself, in memory only, and never shown.

    ``platform`` names the platform's form. ``known_hosts`` is the file that host keys are verified against.
    """

    device: str
    platform: str
    hostname: str
    port: int
    username: str
    known_hosts: str
    password: str | None = field(default=None, repr=False)
    key_file: str | None = None
    use_agent: bool = False
