"""The keys whose last try failed are found by what they belong to."""

from alembic import op

from extract.postgres.migrations.migrate import run_sql_beside

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Execute 0009_failing_keys.sql."""
    run_sql_beside(op.get_bind(), __file__)
