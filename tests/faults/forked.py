"""Commands that start at once: each is forked off a process that has loaded netmgr, and stops before it begins.

Stopped, so that strace can attach before the first system call of the command itself. It ends like any other process:
by its own exit, its files closed, or by a signal.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

from tests.faults.strace import strace

ROOT = Path(__file__).parents[2]
_PR_SET_PTRACER = 0x59616D61
LIMIT = 300  # seconds that a command may take, traced, on a busy machine


class Forks:
    """The process that commands are forked off. Its environment is the caller's, without the caller's own settings."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._server = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**environment, "PYTHONPATH": _path(environment), "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def close(self) -> None:
        """End it."""
        stdin, stdout = _pipes(self._server)
        stdin.close()
        self._server.wait(timeout=60)
        stdout.close()

    def run(
        self,
        arguments: list[str],
        environment: dict[str, str],
        *,
        out: Path,
        err: Path,
        heard: Path,
        strace_options: list[str] | None,
    ) -> int:
        """Run one command to its end; its exit code, negative for a signal."""
        request = {"arguments": arguments, "environment": environment}
        files = {"out": str(out), "err": str(err), "heard": str(heard)}
        pid = self._ask({**request, **files})["pid"]
        tracer = _attached(pid, strace_options) if strace_options is not None else None
        code = self._ask({"continue": pid})["code"]
        if tracer:
            tracer.communicate(timeout=LIMIT)
        return int(code)

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        stdin, stdout = _pipes(self._server)
        stdin.write(json.dumps(question) + "\n")
        stdin.flush()
        answer: dict[str, Any] = json.loads(stdout.readline())
        return answer


def _path(environment: dict[str, str]) -> str:
    return ":".join(filter(None, (environment.get("PYTHONPATH"), str(ROOT))))


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin
    assert process.stdout
    return process.stdin, process.stdout


def _attached(pid: int, options: list[str]) -> subprocess.Popen[str]:
    """strace, once it watches the stopped command."""
    tracer = subprocess.Popen(
        [*strace(), *options, "-p", str(pid)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert tracer.stderr
    said = tracer.stderr.readline()
    assert "attached" in said, f"strace did not attach: {said}"
    return tracer


def _serve() -> list[str] | None:
    """Answer requests. Returns the arguments in the process of a command, and None at the end."""
    for line in sys.stdin:
        request = json.loads(line)
        if "continue" in request:
            pid = request["continue"]
            os.kill(pid, signal.SIGCONT)
            _, status = os.waitpid(pid, 0)
            answer = {"code": os.waitstatus_to_exitcode(status)}
        else:
            pid = os.fork()
            if not pid:
                return _begin(request)
            os.waitpid(pid, os.WUNTRACED)
            answer = {"pid": pid}
        print(json.dumps(answer), flush=True)
    return None


def _begin(request: dict[str, Any]) -> list[str]:
    """Become the command: its files, its environment; then wait to be watched."""
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    for descriptor, path in ((1, request["out"]), (2, request["err"]), (3, request["heard"])):
        opened = os.open(path, flags, 0o600)
        if opened != descriptor:
            os.dup2(opened, descriptor)
            os.close(opened)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(request["environment"], FAULTS_ACKNOWLEDGED="3")
    os.kill(os.getpid(), signal.SIGSTOP)
    arguments: list[str] = request["arguments"]
    return arguments


def _load() -> None:
    """Import all that a change imports, by making one somewhere else."""
    import tempfile

    from tests.faults.workspace import Workspace

    with tempfile.TemporaryDirectory() as directory:
        site = Workspace(Path(directory) / "site")
        site.create()
        site.here("deploy", "--yes")
        site.here("rollback", str(site.entries()[-1].change), "--yes")
        site.here("recover")


if __name__ == "__main__":
    _load()
    begun = _serve()
    if begun is not None:
        from tests.faults.netmgr_on_files import on_files

        sys.exit(on_files(os.environ, begun))
