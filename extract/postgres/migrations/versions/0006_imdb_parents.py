"""Episodes of IMDb's files are found by their series."""

from alembic import op

from extract.postgres.migrations.migrate import run_sql_beside

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Execute 0006_imdb_parents.sql."""
    run_sql_beside(op.get_bind(), __file__)
