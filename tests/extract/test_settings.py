"""Settings: what is read from where, and what a wrong one says."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from extract.errors import SettingsError
from extract.settings import ROOT, load_settings

SECRET = "not-to-be-seen"


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMDB_BASE_URL", "")
    monkeypatch.setenv("DATABASE_URL", "")
    settings = load_settings()
    assert settings.tmdb_base_url == "https://api.themoviedb.org/3"
    assert settings.database_url is None


def test_the_home_stands_beside_the_project_and_is_absolute(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SHOWHOUSE_HOME")
    assert load_settings().showhouse_home == ROOT / ".showhouse"
    monkeypatch.setenv("SHOWHOUSE_HOME", "elsewhere/../here")
    monkeypatch.chdir(tmp_path)
    assert load_settings().showhouse_home == tmp_path / "here"


def test_an_agent_of_200_characters_is_taken_and_the_default_names_a_contact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "https://" in load_settings().showhouse_user_agent
    monkeypatch.setenv("SHOWHOUSE_USER_AGENT", "x" * 200)
    assert load_settings().showhouse_user_agent == "x" * 200


def test_a_host_of_images_is_asked_no_more_than_ten_times_a_second_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MIRROR_REQUESTS_PER_SECOND")
    monkeypatch.setenv("TMDB_REQUESTS_PER_SECOND", "400")
    assert load_settings().mirror_requests_per_second == 10


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMDB_BEARER_TOKEN", SECRET)
    monkeypatch.setenv("TMDB_API_KEY", SECRET)
    monkeypatch.setenv("SHOWHOUSE_API_KEYS", SECRET)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://showhouse:{SECRET}@localhost/showhouse")
    settings = load_settings()
    assert settings.tmdb_bearer_token == SecretStr(SECRET)
    assert SECRET not in repr(settings) + str(settings)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TMDB_REQUESTS_PER_SECOND", "fast", "should be a valid number"),
        ("TMDB_REQUESTS_PER_SECOND", "1e-9", "greater than or equal to 0.01"),
        ("TMDB_REQUESTS_PER_SECOND", "1e9", "less than or equal to 1000"),
        ("FANDOM_REQUESTS_PER_SECOND", "inf", "should be a finite number"),
        ("MIRROR_REQUESTS_PER_SECOND", "nan", "should be a finite number"),
        ("TMDB_MAX_CONNECTIONS", "101", "less than or equal to 100"),
        ("TMDB_MAX_CONNECTIONS", "2.5", "should be a valid integer"),
        ("TMDB_BASE_URL", SECRET, "is not an http:// or https:// address"),
        ("TMDB_BASE_URL", f"http://{SECRET}:abc", "its host or its port is none"),
        ("TMDB_IMAGE_BASE_URL", f"http://{SECRET}:99999", "its host or its port is none"),
        ("TMDB_EXPORTS_BASE_URL", "http://", "its host or its port is none"),
        ("AWS_ENDPOINT_URL_S3", "http://[::1", "its host or its port is none"),
        ("IMDB_DATASETS_BASE_URL", "https:///path", "its host or its port is none"),
        ("SHOWHOUSE_ALERT_WEBHOOK_URL", f"https:///{SECRET}", "its host or its port is none"),
        ("FANDOM_BASE_URL", f"https://{SECRET}.example", "it lacks {wiki}"),
        ("SHOWHOUSE_USER_AGENT", f"{SECRET}\nX-Header: 1", "is not one line of 1 to 200"),
        ("SHOWHOUSE_USER_AGENT", f"{SECRET}\n", "is not one line of 1 to 200"),
        ("SHOWHOUSE_USER_AGENT", f"{SECRET} für alle", "printable ASCII"),
        ("SHOWHOUSE_USER_AGENT", " ", "is not one line of 1 to 200"),
        ("SHOWHOUSE_USER_AGENT", "x" * 201, "is not one line of 1 to 200"),
        ("DATABASE_URL", f"mysql://u:{SECRET}@h/d", "is not of the form postgresql://"),
        ("DATABASE_URL", f"postgresql://u:{SECRET}/x@h/d", "write /, ? and #"),
        ("DATABASE_URL", f"postgresql://u:{SECRET}@h", "names no database"),
    ],
)
def test_a_wrong_setting_is_one_sentence_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    text = str(raised.value)
    assert text.startswith(f"Setting `{name}` is ")
    assert says in text
    assert "correct it" in text
    assert "\n" not in text
    assert SECRET not in text


def test_the_file_gives_what_the_environment_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "dotenv"
    file.write_text("AWS_S3_BUCKET=from-the-file\nAWS_REGION=from-the-file\nUNKNOWN=1\n")
    monkeypatch.setenv("SHOWHOUSE_ENV_FILE", str(file))
    monkeypatch.setenv("AWS_REGION", "from-the-environment")
    shown = subprocess.run(
        [sys.executable, "-m", "extract.settings"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "aws_s3_bucket='from-the-file'" in shown
    assert "aws_region='from-the-environment'" in shown


def test_the_example_names_every_setting_and_its_default() -> None:
    example = (ROOT / ".env.example").read_text()
    for name, field in type(load_settings()).model_fields.items():
        if name == "showhouse_home":
            continue
        default = "" if field.default is None else str(field.default).removesuffix(".0")
        assert f"{name.upper()}={default}\n" in example
