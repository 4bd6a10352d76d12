"""Drafts and chains for tests of the service log."""

import os
from datetime import UTC, datetime
from typing import Any

from netmgr.model.chain import GENESIS, Sealed, seal
from netmgr.model.entry import Body, Draft
from netmgr.model.verification import ChainVerifier, Verification

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def draft(**fields: Any) -> Draft:
    """A valid draft; ``fields`` replace or add."""
    defaults: dict[str, Any] = {
        "client": "acme",
        "target": "network",
        "kind": "change",
        "action": "deploy",
        "phase": "result",
        "actor": "p-17",
        "auth": "os",
        "request": "r-1",
        "on": "ops1",
    }
    return Draft(**(defaults | fields))


def intent(change: str, **fields: Any) -> Draft:
    """The beginning of a change."""
    return draft(**({"phase": "intent", "change": change, "facts": {"plan": f"plan-of-{change}"}} | fields))


def result(change: str, **fields: Any) -> Draft:
    """The end of a change, or of one device's part in it."""
    return draft(**({"phase": "result", "change": change, "outcome": "applied"} | fields))


def erasure(digest: str, **fields: Any) -> Draft:
    """An order to erase a body."""
    order = {
        "kind": "erasure",
        "action": "erase",
        "facts": {"basis": "GDPR-17", "digest": digest},
        "body": Body(b"the person asked for it", "text/plain"),
    }
    return draft(**(order | fields))


def chain(length: int = 6, *, client: str = "acme", stream: str = "main") -> list[Sealed]:
    """A chain with bodies at every second entry, and facts that try JSON's corners."""
    drafts = [
        draft(
            client=client,
            device=f"core{number}",
            change="c-1",
            outcome="applied",
            facts={
                "added": number,
                "note": 'zurück, \u2028 \x7f "quoted" \\ {} }{',
                "nested": {"b": [1, None, True, -(2**53) + 1], "a": {}},
                "hash": "0" * 64,
            },
            body=Body(b"diff %d" % number, "text/x-diff") if number % 2 else None,
        )
        for number in range(1, length + 1)
    ]
    return seal(client, stream, GENESIS, drafts, now=NOON, random=os.urandom, redact=bytes)


def sealed(*drafts: Draft, client: str = "acme") -> list[Sealed]:
    """The beginning of a chain."""
    return seal(client, "main", GENESIS, drafts, now=NOON, random=os.urandom, redact=bytes)


def verified(links: list[Sealed], witnesses: Any = (), gone: frozenset[str] = frozenset()) -> Verification:
    """Verify a chain with all its bodies but those that are ``gone``."""
    bodies = {
        link.body.digest: link.body.intact for link in links if link.body and link.body.digest not in gone
    }
    verifier = ChainVerifier("acme", "main", witnesses)
    verifier.page([link.stored for link in links], bodies)
    return verifier.finish()
