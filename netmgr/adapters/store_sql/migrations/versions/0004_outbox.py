"""The outbox: what was appended and not told of yet, every notification, the problems that recipients know of."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables. What is in the log already is told to nobody."""
    op.create_table(
        "outbox",
        sa.Column("client", sa.String(63), nullable=False),
        sa.Column("stream", sa.String(63), nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("time", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("client", "stream", "first", name="outbox_pk"),
    )
    op.create_table(
        "notifications",
        sa.Column("client", sa.String(63), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("recipient", sa.String, nullable=False),
        sa.Column("severity", sa.String(8), nullable=False),
        sa.Column("created", sa.String(27), nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.String(7), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due", sa.String(27), nullable=False),
        sa.Column("error", sa.String),
        sa.Column("settled", sa.String(27)),
        sa.PrimaryKeyConstraint("client", "number", name="notifications_pk"),
    )
    op.create_index("notifications_id", "notifications", ["client", "id"], unique=True)
    waiting = sa.text("settled IS NULL")
    op.create_index(
        "notifications_waiting",
        "notifications",
        ["client", "recipient", "number"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "conditions",
        sa.Column("client", sa.String(63), nullable=False),
        sa.Column("recipient", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("severity", sa.String(8), nullable=False),
        sa.Column("since", sa.String(27), nullable=False),
        sa.Column("told", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("client", "recipient", "subject", name="conditions_pk"),
    )
