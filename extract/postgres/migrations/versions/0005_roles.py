"""Roles with least rights, beside the API's: who lands, who builds, who reads."""

from alembic import op

from extract.postgres.migrations.migrate import run_sql_beside

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Execute 0005_roles.sql."""
    run_sql_beside(op.get_bind(), __file__)
