"""Run by Alembic: migrates over the connection, and in the transaction, that `store_sql.migrate` hands it."""

from alembic import context

from netmgr.adapters.store_sql.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
