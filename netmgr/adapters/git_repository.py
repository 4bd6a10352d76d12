"""A bare git repository that only netmgr writes to, through git's plumbing: durable, running nothing that it finds.

A repository can name programs to run: hooks, ``core.fsmonitor`` and half a dozen other keys of its configuration. So
that is ours, byte by byte, and put right before each use; hooks and fsmonitor are switched off on each
command line besides; no attribute, pager, signature or text conversion takes part in plumbing.

git's defaults lose acknowledged commits in a power cut: here the pack, its index and its directory are flushed before
the branch moves, and the branch before ``commit`` returns.
"""

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from netmgr.adapters.directory_lock import locked
from netmgr.adapters.private_files import private_directory, synced, write_durably
from netmgr.errors import StoreError

#: A repository's own configuration may name programs to run; whatever we do with one must run none.
INERT = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_DURABLE = ("-c", "core.fsync=all", "-c", "core.fsyncMethod=fsync", "-c", "fastimport.unpackLimit=1")
_CONFIG = b"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"
#: ssh's word, at the end of many others.
_NOT_VERIFIED = "Host key verification failed"
_NOT_KNOWN = f"{_NOT_VERIFIED}: the host's key is not in your known_hosts, or is another; compare it, then put it there"
_INCOMING = "refs/netmgr/incoming"
_NONE = "0" * 40
_LIMIT = 120  # seconds for one command of git
_PACKS = 50  # so many, and they are made one


class GitRepository:
    """One repository, made on first use. Every method raises StoreError."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    @property
    def exists(self) -> bool:
        """Whether anything was ever kept in it."""
        return (self.path / "HEAD").exists()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One writer at a time. What a killed one left behind is removed: nobody else can be at work."""
        private_directory(self.path)
        try:
            with locked(self.path):
                if not self.exists:
                    self._run("init", "--quiet", "--bare", "--template=", "--initial-branch=network")
                for pattern in ("*.lock", "refs/**/*.lock", "objects/pack/tmp_*", "objects/pack/.tmp-*"):
                    for left in self.path.glob(pattern):
                        left.unlink()
                yield
        except OSError as error:
            raise StoreError(f"{self.path}: {error.strerror}; make it writable for you") from error

    def head(self, branch: str) -> str | None:
        """The branch's newest commit; None where there is none yet."""
        return self._ref(f"refs/heads/{branch}")

    def _ref(self, name: str) -> str | None:
        """As git keeps it: a file of its own, as long as nobody packs references."""
        try:
            return (self.path / name).read_text().strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{self.path / name}: {error.strerror}; make it readable for you") from error

    def commit(
        self,
        branch: str,
        files: Mapping[str, bytes],
        *,
        removed: Iterable[str],
        message: str,
        seconds: int,
    ) -> str:
        """Put the files on the branch as one commit made ``seconds`` after 1970; its hash. Within ``writing`` only."""
        before = self.head(branch)
        stream = [
            f"commit {_INCOMING}\n".encode(),
            f"committer netmgr <netmgr@localhost> {seconds} +0000\n".encode(),
            _data(message.encode()),
            f"from {before}\n".encode() if before else b"",
            *(f"D {name}\n".encode() for name in removed),
        ]
        for name, content in files.items():
            stream += [f"M 100644 inline {name}\n".encode(), _data(content)]
        options = ("--quiet", "--force", "--date-format=raw")
        self._run(*_DURABLE, "fast-import", *options, data=b"".join(stream))
        self._flush("objects/pack", "objects", ".")
        made = self._ref(_INCOMING) or _NONE
        self._run(*_DURABLE, "update-ref", f"refs/heads/{branch}", made, before or _NONE)
        self._flush("refs/heads", "refs", ".")
        self._tidy()
        return made

    def _tidy(self) -> None:
        """A pack for each commit would make reading slow."""
        if sum(1 for _ in (self.path / "objects/pack").glob("*.pack")) > _PACKS:
            self._run(*_DURABLE, "repack", "-a", "-d", "--quiet")
            self._flush("objects/pack")

    def contents(self, names: Sequence[str]) -> dict[str, bytes]:
        """Name, as ``COMMIT:PATH``, → content; what is not there is not in the answer. Raises StoreError where the
        repository is damaged.
        """
        answers = self._run("cat-file", "--batch", data="".join(f"{name}\n" for name in names).encode())
        found: dict[str, bytes] = {}
        at = 0
        for name in names:
            end = answers.index(b"\n", at)
            header = answers[at:end]
            at = end + 1
            if header.endswith((b" missing", b" ambiguous")):
                continue
            size = int(header.rsplit(b" ", 1)[1])
            found[name] = answers[at : at + size]
            at += size + 1
        return found

    def names(self, commit: str, *under: str) -> frozenset[str]:
        """What stands directly under directories (which end in ``/``) of the commit's tree."""
        listed = self._run("ls-tree", "-z", "--name-only", commit, "--", *under).decode()
        return frozenset(listed.split("\0")) - {""}

    def history(self, branch: str) -> list[tuple[str, tuple[str, ...]]]:
        """(commit, the files that it touches), newest first; of the oldest kept every file."""
        if self.head(branch) is None:
            return []
        commits = self._run("rev-list", f"refs/heads/{branch}")
        options = (
            "--stdin",
            "--root",
            "-r",
            "-z",
            "--name-only",
            "--no-renames",
            "--no-textconv",
            "--no-ext-diff",
        )
        touched = self._run("diff-tree", *options, data=commits).decode()
        known = set(commits.decode().split())
        found: list[tuple[str, list[str]]] = []
        for word in touched.replace("\n", "\0").split("\0"):
            if word in known:
                found.append((word, []))
            elif word:
                found[-1][1].append(word)
        return [(commit, tuple(files)) for commit, files in found]

    def resolved(self, branch: str, prefix: str) -> str | None:
        """The one commit of the branch whose hash begins so."""
        if self.head(branch) is None:
            return None
        commits = self._run("rev-list", f"refs/heads/{branch}").decode().split()
        fitting = [commit for commit in commits if commit.startswith(prefix)]
        return fitting[0] if len(fitting) == 1 else None

    def boundary(self, branch: str, before: int) -> str | None:
        """The commit in force at ``before`` (seconds after 1970), if there are older ones: the oldest to be kept."""
        if self.head(branch) is None:
            return None
        commits = self._run("rev-list", "--timestamp", f"refs/heads/{branch}").decode().splitlines()
        old = [line.split()[1] for line in commits if int(line.split()[0]) <= before]
        return old[0] if len(old) > 1 else None

    def cut(self, branch: str, boundary: str) -> None:
        """Forget what is older than the commit, whose own hash and content stay. Within ``writing`` only.

        git calls such a history shallow: the commit's parents are taken for absent, and what only they had goes.
        """
        shallow = self.path / "shallow"
        others = shallow.read_text().split() if shallow.exists() else []
        mine = set(self._run("rev-list", f"refs/heads/{branch}").decode().split())
        kept = sorted({boundary, *(commit for commit in others if commit not in mine)})
        write_durably(shallow, "".join(f"{commit}\n" for commit in kept).encode())
        self._run(*_DURABLE, "repack", "-a", "-d", "--quiet")
        self._run("prune", "--expire=now")
        self._flush("objects/pack", "objects")

    def take(self, source: "GitRepository", branch: str) -> None:
        """Make the branch what it is in ``source``, whose older history may be gone. Within ``writing`` only."""
        source._own_configuration()
        reference = f"+refs/heads/{branch}:refs/heads/{branch}"
        options = (
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--update-shallow",
            "--no-auto-maintenance",
        )
        unpack = ("-c", "fetch.unpackLimit=1", "-c", "fetch.fsckObjects=true")
        self._run(*_DURABLE, *unpack, "fetch", *options, str(source.path), reference)
        self._flush("objects/pack", "objects", "refs/heads", "refs", ".")

    def push(self, remote: str, branch: str) -> None:
        """Send the branch to a remote, in the name of the user whose SSH agent and git settings these are."""
        ours = {
            "GIT_DIR": str(self.path),
            "GIT_TERMINAL_PROMPT": "0",
            # A key that nobody has accepted is refused, whatever the settings say: nobody is here to be asked.
            "GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=20",
        }
        theirs = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        reference = f"refs/heads/{branch}:refs/heads/{branch}"
        self._run("push", "--quiet", "--no-verify", "--", remote, reference, environment={**theirs, **ours})

    def damage(self) -> str:
        """What git's own check says is wrong; empty where nothing is."""
        done = self._git("fsck", "--full", "--no-dangling", "--no-progress")
        said = (done.stderr + done.stdout).decode(errors="replace")
        # Left by a writer that was killed; nothing depends on it.
        lines = [line for line in said.splitlines() if _INCOMING not in line]
        return "; ".join(lines) if done.returncode else ""

    def _flush(self, *directories: str) -> None:
        for name in directories:
            synced(self.path / name)

    def _run(self, *arguments: str, data: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
        done = self._git(*arguments, data=data, environment=environment)
        if done.returncode:
            said = " ".join(done.stderr.decode(errors="replace").split())
            said = _NOT_KNOWN if _NOT_VERIFIED in said else said[:200]
            raise StoreError(f"{self.path}: git {_verb(arguments)}: {said or f'exit {done.returncode}'}")
        return done.stdout

    def _git(
        self, *arguments: str, data: bytes = b"", environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        self._own_configuration()
        try:
            return subprocess.run(
                ["git", *INERT, *arguments],
                cwd=self.path,
                env=environment or quiet_environment(self.path),
                input=data,
                capture_output=True,
                timeout=_LIMIT,
                check=False,
                umask=0o077,
            )
        except FileNotFoundError as error:
            raise StoreError("backups need git, which is not installed; apt-get install git") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StoreError(f"{self.path}: git {_verb(arguments)} does not answer: {error}") from error

    def _own_configuration(self) -> None:
        """Whatever was written into the repository's configuration is not netmgr's: it is not read."""
        config = self.path / "config"
        try:
            known = config.read_bytes() == _CONFIG and not config.is_symlink()
        except OSError:
            known = False
        if not known and self.exists:
            if config.is_dir():
                raise StoreError(f"{config}: is a directory; remove it")
            write_durably(config, _CONFIG)


def quiet_environment(path: Path) -> dict[str, str]:
    """Nobody's settings but the command line's."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "HOME": "/nonexistent",
        "GIT_DIR": str(path),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
    }


def _data(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)


def _verb(arguments: Sequence[str]) -> str:
    words = iter(arguments)
    for word in words:
        if word == "-c":
            next(words)
        else:
            return word
    return ""
