"""The service log: store, entries with their indexes, bodies, checkpoints."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_CHANGE_LEVEL = "device IS NULL AND change IS NOT NULL"
_INDEXES = (
    ("kind", ["client", "kind", "seq"], None),
    ("request", ["client", "request", "seq"], None),
    ("change", ["client", "change", "seq"], "change IS NOT NULL"),
    ("device", ["client", "device", "seq"], "device IS NOT NULL"),
    ("body", ["client", "body"], "body IS NOT NULL"),
    ("subject", ["client", "kind", "subject", "seq"], "subject IS NOT NULL"),
    ("intent", ["client", "target", "change"], f"phase = 'intent' AND {_CHANGE_LEVEL}"),
    ("result", ["client", "change"], f"phase = 'result' AND {_CHANGE_LEVEL}"),
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "store",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("created", sa.String(27), nullable=False),
    )
    op.create_table(
        "entries",
        sa.Column("client", sa.String(63), nullable=False),
        sa.Column("stream", sa.String(63), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("line", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.String(64)),
        sa.Column("change", sa.String),
        sa.Column("device", sa.String),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("phase", sa.String(8), nullable=False),
        sa.Column("request", sa.String, nullable=False),
        sa.Column("target", sa.String(7), nullable=False),
        sa.Column("subject", sa.String),
        sa.PrimaryKeyConstraint("client", "stream", "seq", name="entries_pk"),
    )
    op.create_index("entries_id", "entries", ["client", "id"], unique=True)
    for name, columns, condition in _INDEXES:
        where = None if condition is None else sa.text(condition)
        op.create_index(f"entries_{name}", "entries", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "bodies",
        sa.Column("client", sa.String(63), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("client", "digest", name="bodies_pk"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("client", sa.String(63), nullable=False),
        sa.Column("stream", sa.String(63), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("signature", sa.String(88), nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("client", "stream", "seq", "signature", name="checkpoints_pk"),
    )
