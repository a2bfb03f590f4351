"""People of IMDb's are found by the id that TMDb claims for them."""

from alembic import op

from extract.postgres.migrations.migrate import run_sql_beside

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Execute 0007_imdb_people.sql."""
    run_sql_beside(op.get_bind(), __file__)
