"""Samples of probes, and how devices stood when the log was last told."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "samples",
        sa.Column("client", sa.String(63), nullable=False),
        sa.Column("target", sa.String(7), nullable=False),
        sa.Column("device", sa.String, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("interval", sa.Integer, nullable=False),
        sa.Column("state", sa.String(7), nullable=False),
        sa.PrimaryKeyConstraint("client", "target", "device", "first", name="samples_pk"),
    )
    op.create_index("samples_last", "samples", ["client", "target", "last"])
    op.create_table(
        "probed",
        sa.Column("client", sa.String(63), nullable=False),
        sa.Column("target", sa.String(7), nullable=False),
        sa.Column("device", sa.String, nullable=False),
        sa.Column("state", sa.String(7), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("client", "target", "device", name="probed_pk"),
    )
