"""The books of landing, and the maker of resource tables."""

from alembic import op

from extract.postgres.migrations.migrate import run_sql_beside

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Execute 0001_raw.sql."""
    run_sql_beside(op.get_bind(), __file__)
