"""What the API needs to know, from the environment and `.env` at the repository root.

The same variables as the rest of the program reads, and only those that serving needs.
"""

import hashlib
import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.access import Key, parse_keys


class ApiSettingsError(Exception):
    """A setting that cannot be used: which, why, what to do."""

    def __init__(self, setting: str, why: str) -> None:
        self.setting = setting
        self.why = why
        super().__init__(
            f"Setting `{setting}` {why}; correct it in the environment or in `.env`, "
            "or unset it for the default."
        )


def _find_root() -> Path:
    """The directory of dbt_project.yml: this checkout, else upwards from here."""
    here = Path.cwd()
    for folder in (Path(__file__).parents[1], here, *here.parents):
        if (folder / "dbt_project.yml").is_file():
            return folder
    return here


ROOT = _find_root()


class ApiSettings(BaseSettings):
    """One field for each variable, named as in capitals; an empty string counts as unset."""

    model_config = SettingsConfigDict(
        env_file=os.environ.get("SHOWHOUSE_ENV_FILE") or ROOT / ".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_default=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    database_url: str | None = Field(None, repr=False)
    """Postgres 15 or later; else the embedded server's socket."""
    showhouse_home: Path = ROOT / ".showhouse"
    """Folder of the embedded defaults' state; the mirrored images lie in `mirror` under it."""
    showhouse_cors_origins: str = ""
    """Comma-separated origins whose pages may call the API; `*` for all; none by default."""
    showhouse_api_keys: str = Field("", repr=False)
    """Comma-separated `name:role:sha256[:rate]`; none: everybody may read."""

    @field_validator("showhouse_home", mode="after")
    @classmethod
    def _make_absolute(cls, home: Path) -> Path:
        return Path(os.path.abspath(home.expanduser()))  # noqa: PTH100 - resolve() would follow links

    @field_validator("database_url", mode="after")
    @classmethod
    def _check_database_url(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("is not of the form postgresql://user:password@host:5432/database")
        return url

    @field_validator("showhouse_api_keys", mode="after")
    @classmethod
    def _check_api_keys(cls, keys: str) -> str:
        parse_keys(keys)
        return keys

    @property
    def api_keys(self) -> tuple[Key, ...]:
        """The keys that admit; none: everybody may read."""
        return parse_keys(self.showhouse_api_keys)

    @property
    def media_folder(self) -> Path:
        """Where the folder mirror keeps its objects, by key."""
        return self.showhouse_home / "mirror"

    @property
    def cors_origins(self) -> list[str]:
        """The allowed origins, without trailing slashes."""
        origins = (origin.strip().rstrip("/") for origin in self.showhouse_cors_origins.split(","))
        return [origin for origin in origins if origin]

    @property
    def conninfo(self) -> str:
        """How libpq reaches the warehouse. Starts nothing: the embedded server is `showhouse`'s."""
        if self.database_url is not None:
            return self.database_url
        name = hashlib.md5(str(self.showhouse_home).encode(), usedforsecurity=False).hexdigest()
        return make_conninfo(
            host=f"/tmp/showhouse-{name[:12]}", port=5432, dbname="showhouse", user="showhouse"
        )


def load_settings(**overrides: Any) -> ApiSettings:
    """Read the settings; `overrides`, by field name, go first. Raises ApiSettingsError."""
    try:
        return ApiSettings(**overrides)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        setting = str(first["loc"][0]).upper() if first["loc"] else "?"
        why = first["msg"].removeprefix("Value error, ")
        raise ApiSettingsError(
            setting, why if why.startswith("is ") else f"is wrong: {why}"
        ) from None
