"""Loads that give payloads up or take a load back, and the marks that they leave on versions."""

from alembic import op

from extract.postgres.migrations.migrate import run_sql_beside

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Execute 0002_marks.sql."""
    run_sql_beside(op.get_bind(), __file__)
