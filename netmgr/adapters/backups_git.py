"""Backups in a bare git repository for each client: a branch for each target, a directory for each device.

``devices/NAME/`` holds the newest good version (``running.age``, ``startup.age``, ``facts.age``, each an age file that
age itself opens, and ``version.json`` in the clear), ``quarantine/NAME/`` a newer one that is not trusted. Every commit
has all devices as they were kept then. age encrypts anew each time, so what is unchanged is known by a keyed HMAC
(RFC 2104, SHA-256) of the plain content.
"""

import hmac
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netmgr.adapters.git_repository import GitRepository
from netmgr.adapters.private_files import private_directory, synced, write_durably
from netmgr.backup.judgement import lines_of
from netmgr.errors import InputError, StoreError, UsageError
from netmgr.model.backup import (
    DOCUMENTS,
    BackupProblem,
    Document,
    Expiry,
    KeptDocument,
    Offered,
    Stored,
    Version,
    VersionNote,
)
from netmgr.model.backup_set import SecondCopy
from netmgr.model.names import Target

if TYPE_CHECKING:
    import pyrage

_GOOD, _QUARANTINE, _NOTE = "devices", "quarantine", "version.json"
_README = b"""\
Backups of network devices, made by netmgr. Each document is an age file (https://age-encryption.org): with the identity
that was put away,

    git show BRANCH:devices/NAME/running.age | age -d -i offline.key

gives the configuration. version.json says when it was read. What lies under quarantine/ is not whole, or not trusted.
"""


def make_identity(path: Path) -> str:
    """A new age identity in a new file, to be put away; its public key. Raises StoreError."""
    import pyrage

    if path.exists() or path.is_symlink():
        raise StoreError(f"{path}: is there already; name another file")
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    write_durably(path, f"# public key: {public}\n{identity}\n".encode())
    return public


class GitBackups:
    """See ``netmgr.ports.backups.Backups``.

    ``key`` is the workspace's own age identity and ``hmac_key`` the key of the digests, both files made on first use;
    ``offline`` are public keys of identities that are kept elsewhere, ``others`` gives more identities to read with.
    """

    def __init__(
        self,
        directory: Path,
        *,
        key: Path,
        hmac_key: Callable[[], bytes],
        offline: Sequence[str],
        others: Callable[[], Sequence[Any]] = tuple,
    ) -> None:
        self._directory, self._key, self._hmac_key = directory, key, hmac_key
        self._offline, self._others = tuple(offline), others

    @property
    def offline(self) -> tuple[str, ...]:
        """The recipients that are kept elsewhere. Raises as ``ready`` does; makes no key."""
        self.ready()
        return self._offline

    def ready(self) -> None:
        """At least one recipient that nobody can reach from here."""
        import pyrage

        if not self._offline:
            raise InputError(
                [
                    "config/netmgr.yaml:1: backups.recipients: names nobody, so a backup would be lost with this "
                    "machine; run `netmgr backup key FILE`, put FILE away, and add the line that it prints"
                ]
            )
        own = (
            [self._identity()] if self._key.exists() else []
        )  # a key that is yet to be made is nobody else's
        here = {str(identity.to_public()) for identity in (*own, *self._others())}
        for recipient in self._offline:
            try:
                pyrage.x25519.Recipient.from_str(recipient)
            except pyrage.RecipientError as error:
                raise InputError(
                    [f"config/netmgr.yaml:1: backups.recipients: {recipient} is no age recipient: {error}"]
                ) from error
        if here.issuperset(self._offline):
            raise InputError(
                [
                    "config/netmgr.yaml:1: backups.recipients: every identity named is on this machine; one must be "
                    "kept elsewhere"
                ]
            )

    @property
    def recipients(self) -> tuple[str, ...]:
        """The workspace's own, then those that are kept elsewhere."""
        self.ready()
        return tuple(dict.fromkeys((str(self._identity().to_public()), *self._offline)))

    def newest(self, client: str, target: Target) -> Mapping[str, Version]:
        """As of the branch's head."""
        return self._at_head(self._repository(client), target)[_GOOD]

    def put(
        self, client: str, target: Target, offered: Sequence[Offered], message: str
    ) -> Mapping[str, Stored]:
        """One commit for all that is new."""
        import pyrage

        recipients = self.recipients
        keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
        repository = self._repository(client)
        with repository.writing():
            there = self._at_head(repository, target)
            good, doubtful = there[_GOOD], there[_QUARANTINE]
            files: dict[str, bytes] = {} if repository.head(target) else {"README.md": _README}
            removed: list[str] = []
            found: dict[str, Stored] = {}
            changed: list[str] = []
            for each in offered:
                note = self._note(each, recipients)
                known = (doubtful if each.findings else good).get(each.device)
                where = f"{_QUARANTINE if each.findings else _GOOD}/{each.device}"
                cleared = not each.findings and each.device in doubtful
                if cleared:
                    removed.append(f"{_QUARANTINE}/{each.device}")
                if known and _same(known.note, note):
                    found[each.device] = Stored(commit=known.commit, changed=False)
                    continue
                changed.append(each.device)
                if known:
                    removed.append(where)
                for name, content in each.documents.items():
                    files[f"{where}/{name}.age"] = bytes(pyrage.encrypt(content, keys))
                files[f"{where}/{_NOTE}"] = note.model_dump_json(indent=1, exclude_none=True).encode() + b"\n"
            if changed or removed:
                seconds = max(int(datetime.fromisoformat(each.taken).timestamp()) for each in offered)
                commit = repository.commit(target, files, removed=removed, message=message, seconds=seconds)
                found |= {device: Stored(commit=commit, changed=True) for device in changed}
            return found

    def versions(self, client: str, target: Target) -> Sequence[Version]:
        """Newest first, by the commits that touch a device's directory."""
        repository = self._repository(client)
        if not repository.exists:
            return ()
        wanted: list[tuple[str, str, str]] = []
        for commit, files in repository.history(target):
            for place in (_GOOD, _QUARANTINE):
                devices = {name.split("/")[1] for name in files if name.startswith(f"{place}/")}
                wanted += [(commit, place, device) for device in sorted(devices)]
        return tuple(self._read_notes(repository, target, wanted).values())

    def find(self, client: str, target: Target, device: str, version: str | None) -> Version:
        """What stands in the commit's tree; in quarantine where it does so there."""
        repository = self._repository(client)
        none = f"no backup of {device} of {client} on the {target}"
        if not repository.exists or repository.head(target) is None:
            raise UsageError(f"{none}; run `netmgr backup run -c {client}`")
        if version is None:
            newest = self.newest(client, target).get(device)
            if newest is None:
                raise UsageError(f"{none}; `netmgr backup list -c {client}` shows what there is")
            return newest
        if not re.fullmatch(r"[0-9a-f]{4,40}", version):
            raise UsageError(f"{version!r} is no version; give the first digits that `backup list` shows")
        commit = repository.resolved(target, version)
        kept = commit and self._read_notes(
            repository, target, [(commit, _QUARANTINE, device), (commit, _GOOD, device)]
        )
        if not kept:
            raise UsageError(f"{none} at {version}; `netmgr backup list -c {client}` shows what there is")
        return next(iter(kept.values()))

    def read(self, client: str, version: Version) -> Mapping[Document, bytes]:
        """Decrypted, and proved to be what was put."""
        return self._opened(self._repository(client), [version])[0]

    def expiring(self, client: str, target: Target, before: datetime) -> Expiry | None:
        """By the times of commits."""
        repository = self._repository(client)
        if not repository.exists:
            return None
        oldest = repository.boundary(target, int(before.timestamp()))
        if oldest is None:
            return None
        commits = [commit for commit, _ in repository.history(target)]
        return Expiry(oldest=oldest, commits=tuple(commits[commits.index(oldest) + 1 :]))

    def expire(self, client: str, target: Target, expiry: Expiry) -> None:
        """The history becomes shallow there."""
        repository = self._repository(client)
        with repository.writing():
            repository.cut(target, expiry.oldest)

    def remove(self, client: str) -> None:
        """The repository is renamed first, so that it is there whole, or not at all."""
        path = self._directory / client
        leaving = self._directory / f".{client}.removed"
        try:
            if path.exists() and not path.is_symlink():
                shutil.rmtree(leaving, ignore_errors=True)
                path.rename(leaving)
                synced(self._directory)
            if leaving.exists():
                shutil.rmtree(leaving)
                synced(self._directory)
        except OSError as error:
            raise StoreError(f"{path}: cannot be removed: {error.strerror}; repeat it") from error

    def copy(self, client: str, target: Target, to: SecondCopy, before: datetime | None) -> str:
        """A directory is a repository of ours, which takes; to a remote it is pushed."""
        source = self._repository(client)
        head = source.head(target) if source.exists else None
        if head is None:
            raise StoreError(f"{source.path}: nothing is kept of the {target} yet")
        if to.git is not None:
            source.push(to.git, target)
            return head
        place = Path(str(to.directory))
        if not place.is_dir():
            raise StoreError(f"{place}: is no directory; mount it, or make it")
        copy = GitRepository(place / client)
        with copy.writing():
            if copy.head(target) != head:
                copy.take(source, target)
            oldest = copy.boundary(target, int(before.timestamp())) if before else None
            if oldest is not None:
                copy.cut(target, oldest)
        return head

    def check(self, client: str, versions: Iterable[Version]) -> tuple[BackupProblem, ...]:
        """git's own check, then every document."""
        repository = self._repository(client)
        if not repository.exists:
            return ()
        problems = [BackupProblem(what=f"{repository.path}: {said}")] if (said := repository.damage()) else []
        for version in versions:
            try:
                self._opened(repository, [version])
            except StoreError as error:
                problems.append(
                    BackupProblem(what=str(error), device=version.note.device, version=version.commit)
                )
        return tuple(problems)

    def _repository(self, client: str) -> GitRepository:
        return GitRepository(self._directory / client)

    def _at_head(self, repository: GitRepository, target: Target) -> dict[str, dict[str, Version]]:
        """Place → device → what stands there now, with the commit that brought it."""
        found: dict[str, dict[str, Version]] = {_GOOD: {}, _QUARANTINE: {}}
        if not repository.exists or (head := repository.head(target)) is None:
            return found
        places = set(repository.names(head, f"{_GOOD}/", f"{_QUARANTINE}/"))
        wanted: list[tuple[str, str, str]] = []
        for commit, files in repository.history(target):
            touched = {name.rpartition("/")[0] for name in files} & places
            for place in sorted(touched):
                directory, _, device = place.partition("/")
                wanted.append((commit, directory, device))
            places -= touched
            if not places:
                break
        for (_, place, device), version in self._read_notes(repository, target, wanted).items():
            found[place][device] = version
        return found

    @staticmethod
    def _read_notes(
        repository: GitRepository, target: Target, wanted: Sequence[tuple[str, str, str]]
    ) -> dict[tuple[str, str, str], Version]:
        """(commit, place, device) → what stands there; what does not is left out."""
        names = {(c, place, device): f"{c}:{place}/{device}/{_NOTE}" for c, place, device in wanted}
        notes = repository.contents(list(names.values()))
        try:
            return {
                key: Version(
                    commit=key[0],
                    target=target,
                    quarantined=key[1] == _QUARANTINE,
                    note=VersionNote.model_validate_json(notes[name]),
                )
                for key, name in names.items()
                if name in notes
            }
        except ValueError as error:
            said = " ".join(str(error).split())[:120]
            raise StoreError(f"{repository.path}: a {_NOTE} is not netmgr's: {said}") from error

    def _opened(self, repository: GitRepository, versions: Sequence[Version]) -> list[dict[Document, bytes]]:
        names = {
            (number, name): f"{v.commit}:{_QUARANTINE if v.quarantined else _GOOD}/{v.note.device}/{name}.age"
            for number, v in enumerate(versions)
            for name in v.note.documents
        }
        sealed = repository.contents(list(names.values()))
        found: list[dict[Document, bytes]] = [{} for _ in versions]
        for (number, name), path in names.items():
            note = versions[number].note
            where = f"{repository.path}: {note.device} at {versions[number].commit[:12]}: {name}"
            if path not in sealed:
                raise StoreError(f"{where}: is not there; take it from the second copy")
            plain = self._decrypted(sealed[path], where)
            if not hmac.compare_digest(self._digest(note.device, name, plain), note.documents[name].hmac):
                raise StoreError(
                    f"{where}: is not what was kept; it was altered, or the HMAC key is another one"
                )
            found[number][name] = plain
        return found

    def _decrypted(self, sealed: bytes, where: str) -> bytes:
        import pyrage

        try:
            return bytes(pyrage.decrypt(sealed, self._identities()))
        except pyrage.DecryptError as error:
            raise StoreError(
                f"{where}: {error}; {self._key} is not its key, name the file of one that is in NETMGR_AGE_IDENTITY"
            ) from error

    def _note(self, offered: Offered, recipients: tuple[str, ...]) -> VersionNote:
        return VersionNote(
            device=offered.device,
            platform=offered.platform,
            taken=offered.taken,
            documents={
                name: KeptDocument(
                    hmac=self._digest(offered.device, name, offered.documents[name]),
                    bytes=len(offered.documents[name]),
                    lines=lines_of(offered.documents[name]),
                )
                for name in DOCUMENTS
                if name in offered.documents
            },
            recipients=recipients,
            change=offered.change,
            request=offered.request,
            findings=offered.findings,
        )

    def _digest(self, device: str, name: str, content: bytes) -> str:
        """Of the content and of what it is, so that one document never passes for another."""
        return hmac.new(self._hmac_key(), f"{device}\0{name}\0".encode() + content, "sha256").hexdigest()

    def _identities(self) -> "list[pyrage.x25519.Identity]":
        return [self._identity(), *self._others()]

    def _identity(self) -> "pyrage.x25519.Identity":
        import pyrage

        if not self._key.exists():
            private_directory(self._key.parent)
            write_durably(self._key, f"{pyrage.x25519.Identity.generate()}\n".encode())
        try:
            return pyrage.x25519.Identity.from_str(self._key.read_text().strip())
        except (OSError, pyrage.IdentityError) as error:
            raise StoreError(f"{self._key}: is no age identity: {error}") from error


def _same(known: VersionNote, note: VersionNote) -> bool:
    """Whether the contents are equal and the same people can open them."""
    return (
        {name: document.hmac for name, document in known.documents.items()},
        known.recipients,
        [finding.check for finding in known.findings],
    ) == (
        {name: document.hmac for name, document in note.documents.items()},
        note.recipients,
        [finding.check for finding in note.findings],
    )
