"""Numbers of invoices, handed out by series."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table: nothing has been handed out by an older netmgr."""
    op.create_table(
        "numbers",
        sa.Column("entity", sa.String(63), nullable=False),
        sa.Column("series", sa.String(16), nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("entity", "series", name="numbers_pk"),
    )
