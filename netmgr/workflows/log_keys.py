"""The key that signs checkpoints: what it is, and how another one takes its place, in every client's log."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from netmgr.errors import Refused, UsageError
from netmgr.model.access import Actor
from netmgr.model.digest import sha256_hex
from netmgr.model.entry import MAIN, Draft
from netmgr.model.key_rotation import ACTION, KIND, Rotation
from netmgr.ports.store import RotatingSigner, ServiceLog


@dataclass(frozen=True, slots=True)
class KeyKeeping:
    """What a rotation needs: it is of the whole workspace, and every client's log says so.

    ``logs`` are the clients whose logs there are, or will be; ``permitted``: whether the actor may do it for one.
    """

    log: ServiceLog
    signer: RotatingSigner
    actor: Actor
    request: str
    logs: Callable[[], Iterable[str]]
    permitted: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Announced:
    """A rotation, and the clients whose logs say so since now, with the seq of the entry."""

    rotation: Rotation
    resumed: bool
    """Whether it had been begun before."""
    entries: tuple[tuple[str, int], ...]

    @property
    def fingerprint(self) -> str:
        """Of the key that signs from now on, as agreements name it."""
        return sha256_hex(self.rotation.new)


def rotate(keeping: KeyKeeping, *, lost: bytes | None = None) -> Announced:
    """Let a new key take the old one's place. What was cut short, or a restored log does not say, is finished first.

    ``lost``: the public key that cannot sign any more; then ours takes its place without a signature, and the client
    sees that. Raises Refused, UsageError where ``lost`` is not, StoreError.
    """
    clients = sorted(set(keeping.logs()))
    for client in clients:
        if not keeping.permitted(client):
            raise Refused(
                "access",
                f"{keeping.actor.id} may not agree {client}, whose log the key signs too",
                "config/people.yaml says who may; ask somebody with the role",
            )
    resumed = keeping.signer.under_way()
    if not resumed and (earlier := _earlier(keeping, clients)):
        return earlier
    if lost is not None:
        return _replace(keeping, clients, lost)
    if not resumed and (finished := _unsaid(keeping, clients)):
        return finished
    with keeping.signer.begun() as rotation:
        return Announced(rotation, resumed, _announce(keeping, clients, rotation))


def unsaid(keeping: KeyKeeping) -> tuple[str, ...]:
    """The clients whose logs do not lead to the key that signs: `rotate` tells them."""
    clients = sorted(set(keeping.logs()))
    rotations = keeping.signer.rotations()
    return tuple(client for client in clients if any(_needs(keeping, client, each) for each in rotations))


def _earlier(keeping: KeyKeeping, clients: Sequence[str]) -> Announced | None:
    """What the first command with this request did."""
    found = [
        (client, entry)
        for client in clients
        for entry in keeping.log.entries(client, kind=KIND, request=keeping.request)
    ]
    if not found:
        return None
    seqs = tuple((client, entry.seq) for client, entry in found)
    return Announced(Rotation.parse(found[-1][1].facts), resumed=True, entries=seqs)


def _unsaid(keeping: KeyKeeping, clients: Sequence[str]) -> Announced | None:
    """Say again what logs that were restored do not know any more."""
    found: Announced | None = None
    for rotation in keeping.signer.rotations():
        concerned = [client for client in clients if _needs(keeping, client, rotation)]
        if concerned:
            before = found.entries if found else ()
            found = Announced(rotation, True, before + _announce(keeping, concerned, rotation))
    return found


def _needs(keeping: KeyKeeping, client: str, rotation: Rotation) -> bool:
    """Whether the old key has signed something of this log, which does not say what took its place."""
    said = _said(keeping, client)
    if any(each.old == rotation.old for each in said):
        return False
    if any(each.new == rotation.old for each in said):
        return True
    with keeping.log.snapshot(client) as held:
        return any(each.raw_key == rotation.old for each in held.checkpoints())


def _replace(keeping: KeyKeeping, clients: Sequence[str], lost: bytes) -> Announced:
    signer = keeping.signer
    if lost == signer.public_key() or any(each.old == lost and each.signature for each in signer.rotations()):
        raise UsageError(
            "--lost names a key that is not lost; leave it out, and the key signs its own rotation"
        )
    rotation = signer.replaces(lost)
    return Announced(rotation, resumed=False, entries=_announce(keeping, clients, rotation))


def _announce(keeping: KeyKeeping, clients: Iterable[str], rotation: Rotation) -> tuple[tuple[str, int], ...]:
    """An entry in each log that does not have it yet."""
    entries = []
    for client in clients:
        if rotation in _said(keeping, client):
            continue
        draft = Draft(
            client=client,
            target="network",
            kind=KIND,
            action=ACTION,
            phase="result",
            outcome="rotated" if rotation.signature else "replaced",
            visibility="client",
            actor=keeping.actor.id,
            auth=keeping.actor.auth,
            on=keeping.actor.on,
            request=keeping.request,
            facts=rotation.facts(),
        )
        (entry,) = keeping.log.append(client, [draft], stream=MAIN)
        entries.append((client, entry.seq))
    return tuple(entries)


def _said(keeping: KeyKeeping, client: str) -> list[Rotation]:
    found = []
    for entry in keeping.log.entries(client, kind=KIND):
        try:
            found.append(Rotation.parse(entry.facts))
        except ValueError:
            continue  # `log verify` says so
    return found
