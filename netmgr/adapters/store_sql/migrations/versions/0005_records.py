"""Records of what entries say together; entries are found by their ticket."""

import sqlalchemy as sa
from alembic import op

from netmgr.model.canonical import split

revision = "0005"
down_revision = "0004"

_PAGE = 5000


def upgrade() -> None:
    """Make the table, and file the entries that are there. Records are made when they are asked for."""
    op.create_table(
        "records",
        sa.Column("client", sa.String(63), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("client", "kind", "key", name="records_pk"),
    )
    op.create_index("records_number", "records", ["client", "kind", "number"])
    op.create_index("records_state", "records", ["client", "kind", "state", "number"])
    op.create_index("records_newest", "records", ["client", "kind", "seq"])
    op.add_column("entries", sa.Column("ticket", sa.String))
    _file()
    where = sa.text("ticket IS NOT NULL")
    op.create_index(
        "entries_ticket", "entries", ["client", "ticket", "seq"], sqlite_where=where, postgresql_where=where
    )


def _file() -> None:
    connection = op.get_bind()
    entries = sa.table(
        "entries",
        *(sa.column(name, sa.String) for name in ("client", "stream", "ticket")),
        sa.column("seq", sa.BigInteger),
        sa.column("line", sa.LargeBinary),
    )
    c = entries.c
    place = sa.tuple_(c.client, c.stream, c.seq)
    all_ = sa.select(c.client, c.stream, c.seq, c.line).order_by(c.client, c.stream, c.seq).limit(_PAGE)
    filed = sa.update(entries).where(
        *(c[name] == sa.bindparam(f"of_{name}") for name in ("client", "stream", "seq"))
    )
    last: tuple[str, str, int] = ("", "", 0)
    while rows := connection.execute(all_.where(place > last)).all():
        found = [
            {"of_client": row.client, "of_stream": row.stream, "of_seq": row.seq, "found": parts.ticket}
            for row in rows
            if (parts := split(row.line)) and parts.ticket
        ]
        if found:
            connection.execute(filed.values(ticket=sa.bindparam("found")), found)
        last = (rows[-1].client, rows[-1].stream, rows[-1].seq)
