"""Alembic's entry: runs the revisions in the transaction that `upgrade` holds."""

from alembic import context

from extract.postgres.migrations.upgrade import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], **VERSION_TABLE)
with context.begin_transaction():
    context.run_migrations()
