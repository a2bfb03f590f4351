"""People are forgotten by every id that is known of them, IMDb's among them."""

from alembic import op

from extract.postgres.migrations.migrate import run_sql_beside

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Execute 0008_suppressed_names.sql."""
    run_sql_beside(op.get_bind(), __file__)
