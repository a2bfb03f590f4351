"""The settings of the whole program: environment variables, and `.env` at the repository root.

Each field is the variable of the same name in capitals. An empty string counts as unset; the
environment goes before `.env` (or the file that SHOWHOUSE_ENV_FILE names instead).
`python -m extract.settings` prints what is in force, without secrets.
"""

import os
import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from extract.errors import SettingsError


def _find_root() -> Path:
    """The directory of dbt_project.yml: this checkout, else upwards from here."""
    here = Path.cwd()
    for folder in (Path(__file__).parents[1], here, *here.parents):
        if (folder / "dbt_project.yml").is_file():
            return folder
    return here


ROOT = _find_root()

Rate = Annotated[float, Field(ge=0.01, le=1_000_000, allow_inf_nan=False)]
"""Requests a second: what is slower than one in 100 s would keep all others waiting for hours."""


class Settings(BaseSettings):
    """One field for each variable: its default, its unit, and what it is for."""

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
    """Postgres 15 or later; else the embedded server."""
    showhouse_home: Path = ROOT / ".showhouse"
    """Folder of the embedded defaults' state."""
    showhouse_user_agent: str = "Showhouse/0.1 (+https://github.com/showhouse/showhouse)"
    """Names the project and a contact; sent to every source."""

    tmdb_bearer_token: SecretStr | None = None
    """TMDb read token; preferred to the key."""
    tmdb_api_key: SecretStr | None = None
    """TMDb API key (v3)."""
    tmdb_base_url: str = "https://api.themoviedb.org/3"
    """TMDb's API."""
    tmdb_image_base_url: str = "https://image.tmdb.org/t/p"
    """TMDb's images."""
    tmdb_exports_base_url: str = "https://files.tmdb.org/p/exports"
    """TMDb's daily id exports."""
    tmdb_requests_per_second: Rate = 40
    """Over all processes and machines together."""
    tmdb_max_connections: int = Field(20, ge=1, le=100)
    """At once, per process."""

    imdb_datasets_base_url: str = "https://datasets.imdbws.com"
    """IMDb's daily datasets."""
    fandom_base_url: str = "https://{wiki}.fandom.com"
    """A Fandom wiki; {wiki} is its name."""
    fandom_requests_per_second: Rate = 1
    """Of each wiki, over all processes and machines together."""

    aws_s3_bucket: str | None = None
    """Bucket for mirrored images; else a folder."""
    aws_region: str | None = None
    """Region of the bucket."""
    aws_endpoint_url_s3: str | None = None
    """Another S3 server than Amazon's."""
    aws_cdn_base_url: str | None = None
    """Public address of the bucket's objects."""

    mirror_kinds: str = "networks,production_companies,watch_providers"
    """Comma-separated kinds of images to mirror, or all."""
    mirror_languages: str = ""
    """Comma-separated languages (ISO 639-1) of images to mirror; none: any."""
    mirror_images_per_owner: int = Field(1, ge=1, le=1000)
    """Of each kind, the first so many of an owner's images."""
    mirror_rendition_widths: str = ""
    """Comma-separated widths in pixels of small WebP copies of mirrored images; none: no copies."""
    mirror_requests_per_second: Rate = 10
    """Of each host of images, over all processes and machines together."""

    showhouse_api_keys: str = Field("", repr=False)
    """Comma-separated keys the API asks for, as hashes; none: open."""
    showhouse_cors_origins: str = ""
    """Comma-separated origins that may call the API."""

    showhouse_alert_webhook_url: SecretStr | None = None
    """Is told, by a POST of JSON, when a run fails or is overdue."""
    prefect_api_url: str | None = None
    """Prefect server that `showhouse run` runs its flow on; none: no Prefect."""

    @field_validator("showhouse_alert_webhook_url", mode="after")
    @classmethod
    def _check_webhook(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            _check_address(url.get_secret_value())
        return url

    @field_validator("showhouse_user_agent", mode="after")
    @classmethod
    def _check_user_agent(cls, agent: str) -> str:
        if not re.fullmatch(r"[!-~]([ -~]{0,198}[!-~])?", agent):
            raise ValueError("is not one line of 1 to 200 printable ASCII characters")
        return agent

    @field_validator("showhouse_home", mode="after")
    @classmethod
    def _make_absolute(cls, home: Path) -> Path:
        return Path(os.path.abspath(home.expanduser()))  # noqa: PTH100 - resolve() would follow links

    @field_validator("database_url", mode="after")
    @classmethod
    def _check_database_url(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("is not of the form postgresql://user:password@host:5432/database")
        if url is not None and "@" in url and "@" not in urlsplit(url).netloc:
            raise ValueError("is wrong (write /, ? and # within its password as %2F, %3F, %23)")
        if url is not None and not urlsplit(url).path.strip("/"):
            raise ValueError("is wrong (it names no database: postgresql://host/database)")
        return url

    @field_validator(
        "tmdb_base_url",
        "tmdb_image_base_url",
        "tmdb_exports_base_url",
        "imdb_datasets_base_url",
        "fandom_base_url",
        "aws_endpoint_url_s3",
        "aws_cdn_base_url",
        "prefect_api_url",
        mode="after",
    )
    @classmethod
    def _check_base_url(cls, url: str | None) -> str | None:
        if url is None:
            return None
        _check_address(url)
        return url.rstrip("/")

    @field_validator("fandom_base_url", mode="after")
    @classmethod
    def _check_wikis_are_apart(cls, url: str) -> str:
        if "{wiki}" not in url:
            raise ValueError("is wrong (it lacks {wiki}: all wikis would have one address)")
        return url


def _check_address(url: str) -> None:
    if not url.startswith(("https://", "http://")):
        raise ValueError("is not an http:// or https:// address")
    try:
        parts = urlsplit(url)
        is_usable = bool(parts.hostname) and parts.port != 0 and not re.search(r"\s", url)
    except ValueError:  # a port that is none, half an IPv6 address
        is_usable = False
    if not is_usable:
        raise ValueError("is wrong (its host or its port is none: https://host or http://host:80)")


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; `overrides`, by field name, go first. Raises SettingsError."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        setting = str(first["loc"][0]).upper() if first["loc"] else "?"
        why = first["msg"].removeprefix("Value error, ")
        why = why if why.startswith("is ") else f"is wrong ({why[:1].lower()}{why[1:]})"
        remedy = "correct it in the environment or in `.env`, or unset it for the default"
        raise SettingsError(setting, why, remedy) from None


if __name__ == "__main__":
    print(*repr(load_settings()).removeprefix("Settings(").removesuffix(")").split(", "), sep="\n")
