"""Scheduled runs: what was run, and up to when a job's runs are accounted for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "runs",
        sa.Column("client", sa.String(63), nullable=False),
        sa.Column("job", sa.String(63), nullable=False),
        sa.Column("due", sa.String(27), nullable=False),
        sa.Column("state", sa.String(7), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("begun", sa.String(27)),
        sa.Column("ended", sa.String(27)),
        sa.Column("outcome", sa.String),
        sa.PrimaryKeyConstraint("client", "job", "due", name="runs_pk"),
    )
    running = sa.text("state = 'running'")
    op.create_index(
        "runs_running", "runs", ["client", "job", "due"], sqlite_where=running, postgresql_where=running
    )
    op.create_table(
        "standings",
        sa.Column("client", sa.String(63), nullable=False),
        sa.Column("job", sa.String(63), nullable=False),
        sa.Column("fingerprint", sa.String(16), nullable=False),
        sa.Column("last", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("client", "job", name="standings_pk"),
    )
