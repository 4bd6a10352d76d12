"""A workspace with two clients' logs, git, a link and secrets, and a second place for its archives."""

import shutil
import subprocess
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest

from netmgr.adapters.settings_yaml import load_settings
from netmgr.cli.main import run
from netmgr.model.entry import Body, Draft
from netmgr.wiring import Wiring

ROOT = Path(__file__).parents[3]
CANARY = "canary-9fK2-secret"
GIT = (
    "git",
    "-c",
    "user.name=netmgr",
    "-c",
    "user.email=netmgr@example.net",
    "-c",
    "init.defaultBranch=trunk",
)


@dataclass(frozen=True)
class Place:
    """The workspace, the directory around it, and whose keys open its archives."""

    around: Path
    identities: tuple[Path, Path]

    @property
    def workspace(self) -> Path:
        return self.around / "workspace"

    @property
    def second(self) -> Path:
        return self.around / "second"

    def archives(self) -> list[Path]:
        return sorted(self.second.glob("*.netmgr-state.age"))

    def netmgr(self, *words: str) -> int:
        return run(["-w", str(self.workspace), *words])

    def git(self, *words: str, at: Path | None = None) -> str:
        done = subprocess.run(
            [*GIT, *words], cwd=at or self.workspace, capture_output=True, text=True, check=True
        )
        return done.stdout

    def append(self, client: str, count: int, *, workspace: Path | None = None) -> None:
        with wired(workspace or self.workspace) as log:
            log.append(client, [note(client, number) for number in range(count)])


def note(client: str, number: int) -> Draft:
    body = Body(f"{CANARY} {client} {number}".encode(), "text/plain")
    return Draft(
        client=client, target="network", kind="note", action="write", phase="result", actor="uid-1", auth="os",
        on="here", request=f"r-{number}", facts={"number": number}, body=body,
    )  # fmt: skip


def wired(workspace: Path):
    return Wiring(workspace, load_settings(workspace)).service_log


def forms_of(secret: str) -> list[bytes]:
    """As it is, and in base64 wherever in a longer text it stands."""
    whole = [b64encode(bytes(pad) + secret.encode())[4 if pad else 0 : -4] for pad in range(3)]
    return [secret.encode(), *whole]


def settings(directory: Path, *keys: str, more: str = "") -> None:
    (directory / "config").mkdir(exist_ok=True)
    text = f"state:\n  to: ../second\n  recipients: [{', '.join(keys)}]\n  keep: 3\n{more}"
    (directory / "config/netmgr.yaml").write_text(text)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = [pyrage.x25519.Identity.generate() for _ in range(2)]
    paths = (tmp_path / "ours.key", tmp_path / "offline.key")
    for path, identity in zip(paths, made, strict=True):
        path.write_text(f"# created: today\n{identity}\n")
    found = Place(tmp_path, paths)
    found.workspace.mkdir()
    settings(found.workspace, *(str(identity.to_public()) for identity in made))
    shutil.copytree(ROOT / "inventory/acme", found.workspace / "inventory/acme")
    (found.workspace / "templates").mkdir(mode=0o750)
    (found.workspace / "current").symlink_to("inventory/acme")
    (found.workspace / "secrets").mkdir(mode=0o700)
    secret = found.workspace / "secrets/acme"
    secret.write_text(CANARY)
    secret.chmod(0o600)
    for name in ("cache", "lab"):
        (found.workspace / ".netmgr" / name).mkdir(parents=True)
        (found.workspace / ".netmgr" / name / "left").write_text("made again")
    found.git("init", "-q")
    (found.workspace / ".gitignore").write_text(".netmgr/\nsecrets/\n")
    found.git("add", "-A")
    found.git("commit", "-q", "-m", "one")
    found.git("remote", "add", "origin", "https://example.net/acme.git")
    bare = found.workspace / ".netmgr/backups/acme"
    bare.parent.mkdir(parents=True)
    found.git("commit", "-q", "--allow-empty", "-m", "two")
    found.git("clone", "-q", "--bare", "--depth", "1", f"file://{found.workspace}", str(bare))
    found.append("acme", 5)
    found.append("abilene", 3)
    return found
