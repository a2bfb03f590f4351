"""People who asked to be forgotten: the decisions, and a view of those in force."""

from alembic import op

from extract.postgres.migrations.migrate import run_sql_beside

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Execute 0004_suppressed_people.sql."""
    run_sql_beside(op.get_bind(), __file__)
