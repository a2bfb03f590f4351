"""Keys that are known and were never asked for."""

from alembic import op

from extract.postgres.migrations.migrate import run_sql_beside

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Execute 0003_discoveries.sql."""
    run_sql_beside(op.get_bind(), __file__)
