"""The API's settings: the same variables as the rest of the program, read by itself."""

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from api.settings import ApiSettingsError, load_settings
from extract.postgres.server import Server


def test_without_a_database_url_the_embedded_server_of_the_home_is_meant(tmp_path: Path) -> None:
    ours = conninfo_to_dict(load_settings(showhouse_home=tmp_path / "home").conninfo)
    theirs = conninfo_to_dict(Server(tmp_path / "home").url())
    for part in ("host", "dbname", "user"):
        assert ours[part] == theirs[part]
    assert str(ours["port"]) == str(theirs.get("port", 5432))


def test_a_database_url_goes_before_the_embedded_server() -> None:
    url = "postgresql://somebody@database.test/warehouse"
    assert load_settings(database_url=url).conninfo == url


def test_images_lie_in_the_mirror_folder_of_the_home(tmp_path: Path) -> None:
    assert load_settings(showhouse_home=tmp_path).media_folder == tmp_path / "mirror"


def test_a_relative_home_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(showhouse_home="state/../home").showhouse_home == tmp_path / "home"


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert load_settings().database_url is None


def test_origins_are_a_list_between_commas() -> None:
    settings = load_settings(showhouse_cors_origins="https://a.test/, ,https://b.test")
    assert settings.cors_origins == ["https://a.test", "https://b.test"]


def test_a_wrong_setting_is_one_sentence_without_its_value() -> None:
    with pytest.raises(ApiSettingsError) as caught:
        load_settings(database_url="mysql://root:hunter2@host/db")
    assert "`DATABASE_URL` is not of the form `postgresql://" in str(caught.value).replace(
        "form postgresql", "form `postgresql"
    )
    assert "hunter2" not in str(caught.value)


def test_the_password_of_the_database_is_not_shown() -> None:
    url = "postgresql://somebody:hunter2@database.test/warehouse"
    assert "hunter2" not in repr(load_settings(database_url=url))
