"""netmiko's connection to IOS, with answers that are waited for instead of asked for every few milliseconds.

netmiko looks for data a hundred times a second and runs regular expressions over all of it each time. Here a thread
sleeps until data comes, and only the end is looked at. What is read is kept as bytes until all of it is there, so that
a character in two packets stays one.
"""

import re
import time
from collections.abc import Callable
from typing import Any

from netmiko.cisco.cisco_ios import CiscoIosSSH
from netmiko.exceptions import ReadException, ReadTimeout
from paramiko import RejectPolicy, SSHClient

from napalm_frr.host_keys import entries
from napalm_frr.login import frugal_transport

#: The last line of an answer: a name, perhaps a mode in brackets, and the mark of user or privileged EXEC.
_PROMPT = re.compile(rb"[\r\n]([^\s#>()]{1,80})(\([^\s()]{1,40}\))?([#>]) ?$")
_MORE = re.compile(rb" ?-- ?[Mm]ore ?-- ?$")
_WIPED = re.compile(rb"\x08+ *\x08*")
#: No configuration and no table is longer; whoever sends more is not listened to any longer.
_LONGEST = 32_000_000
_CHUNK = 65_536
#: Letters that a command has beside the longest prompt in a terminal of 80.
_NARROW = 40
_SSH = 22


class IosTerminal(CiscoIosSSH):
    """A login. ``channel`` gives another way to the device through its jump hosts, None where there are none.

    An answer may take ``patience`` seconds.
    """

    channel_again: Callable[[], Any] = staticmethod(lambda: None)
    patience: float = 60.0
    user_exec = False

    def session_preparation(self) -> None:
        """No pages; the prompt is what follows the echo of the first command."""
        self.patience = float(self.timeout)
        self._name, self._wide = b"", False
        self.learn_prompt("terminal length 0")

    def _try_session_preparation(self, force_data: bool = True) -> None:  # noqa: ARG002 - netmiko's own name
        """Without netmiko's pause of a tenth of a second."""
        try:
            self.session_preparation()
        except Exception:
            self.disconnect()
            raise

    def cleanup(self, command: str = "exit") -> None:
        """Say goodbye, without looking first in which mode the terminal is."""
        self._write(command)

    def learn_prompt(self, command: str = "") -> None:
        """Find out what the device is called now. Whatever came before the command's echo is a banner or noise."""
        self._write(command)
        text = self._until(lambda data: _PROMPT.search(data) if self._echoed(data, command) else None)
        match = _PROMPT.search(text)
        if match is None:
            raise ReadException("the device shows no prompt")
        self._name = match[1]
        self.user_exec = match[3] == b">"
        self.base_prompt = match[1].decode("utf-8", "replace")[:16]

    @staticmethod
    def _echoed(data: bytearray, command: str) -> bool:
        return not command or command.encode() in data

    def find_prompt(self, delay_factor: float = 1.0, pattern: str | None = None) -> str:  # noqa: ARG002
        """Ask for it."""
        self.learn_prompt()
        return self._name.decode("utf-8", "replace") + (">" if self.user_exec else "#")

    def check_enable_mode(self, check_string: str = "#") -> bool:  # noqa: ARG002
        """As the last prompt said."""
        return not self.user_exec

    def enable(self, *_: Any, **__: Any) -> str:
        """To privileged EXEC, where the login did not lead there."""
        if not self.user_exec:
            return ""
        self._write("enable")
        self._until(lambda data: re.search(rb"assword: ?$", data) or _PROMPT.search(data))
        self.write_channel(f"{self.secret or self.password or ''}\n")
        self.learn_prompt()
        if not self.check_enable_mode():
            raise ValueError("enable was refused; name its password as the option `secret`")
        return ""

    def send_command(self, command_string: str, *_: Any, **options: Any) -> str:
        """The answer to one command, without its echo and the prompt. ``read_timeout`` in seconds, for all of it."""
        return self.ask(command_string, max(self.patience, float(options.get("read_timeout", 0) or 0)))

    def ask(self, command: str, seconds: float = 0.0, confirm: bool = False) -> str:
        """As ``send_command``. ``confirm``: what the device asks is answered as it proposes; its name may change."""
        if len(command) > _NARROW and not self._wide:
            self._wide = True  # else the echo of a long line is cut
            self.ask("terminal width 511")
        self._write(command)
        end = self._confirmed if confirm else self._ended
        data = self._until(lambda data: end(data, command), seconds or self.patience)
        answer = data.partition(command.encode())[2] if command else data
        lines = _decoded(answer).split("\n")
        if confirm and (match := _PROMPT.search(data)):
            self._name = match[1]
            self.base_prompt = match[1].decode("utf-8", "replace")[:16]
        return "\n".join(lines[1:-1]) if len(lines) > 1 else ""

    def _ended(self, data: bytearray, command: str) -> object:
        """Whether the last line is this device's prompt, and the command's echo came before."""
        tail = data[-200:]
        match = _PROMPT.search(tail)
        return match if match and match[1] == self._name and self._echoed(data, command) else None

    def _confirmed(self, data: bytearray, command: str) -> object:
        if re.search(rb"(\[confirm\]|\]\?) ?$", data[-80:]):
            self.write_channel("\n")
            return None
        return _PROMPT.search(data[-200:]) if self._echoed(data, command) else None

    def _write(self, command: str) -> None:
        self.write_channel(f"{command}\n")

    def _until(self, ended: Callable[[bytearray], object], seconds: float = 0.0) -> bytes:
        """What comes until ``ended`` finds something. Raises ReadTimeout after so many seconds, however much came."""
        limit = time.monotonic() + (seconds or self.patience)
        data = bytearray()
        conn: Any = self.remote_conn
        while True:
            left = limit - time.monotonic()
            if left <= 0:
                raise ReadTimeout(f"no whole answer within {seconds or self.patience:g} s")
            conn.settimeout(left)
            try:
                more = conn.recv(_CHUNK)
            except TimeoutError:
                continue
            if not more:
                raise ReadException("the device ended the connection")
            data += more
            if len(data) > _LONGEST:
                raise ReadException(f"the answer is longer than {_LONGEST // 1_000_000} MB")
            if more[-1:] in b"- " and (match := _MORE.search(data, max(0, len(data) - 20))):
                del data[match.start() :]
                self.write_channel(" ")
                continue
            if b"\x08" in more:
                data[:] = _WIPED.sub(b"", data)
            if not conn.recv_ready() and ended(data):
                return bytes(data)

    def _build_ssh_client(self) -> SSHClient:
        """Knows this host's keys alone: a file with those of a thousand is not understood a thousand times."""
        client = SSHClient()
        known = client.get_host_keys()
        name = self.host if self.port == _SSH else f"[{self.host}]:{self.port}"
        for entry in entries(self.alt_key_file, name):
            for each in entry.hostnames:
                known.add(each, entry.key.get_name(), entry.key)
        client.set_missing_host_key_policy(RejectPolicy())
        return client

    def _connect_params_dict(self) -> dict[str, Any]:
        """A second connection (SCP) through jump hosts has a channel of its own."""
        parameters: dict[str, Any] = super()._connect_params_dict()
        parameters["transport_factory"] = frugal_transport
        if self.sock is not None and getattr(self, "remote_conn", None) is not None:
            parameters["sock"] = self.channel_again()
        return parameters


def _decoded(data: bytes) -> str:
    """Text with line feeds. What is not UTF-8 is Latin-1, which every byte can be."""
    data = data.replace(b"\x00", b"").replace(b"\r\n", b"\n").replace(b"\r", b"")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
