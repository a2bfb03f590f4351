"""The whole job as a user starts it: every part is real, TMDb stands on this machine."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from extract.sample import KEYS, SERIES_IDS
from extract.settings import ROOT, Settings
from tests.flows.conftest import Run, Showhouse, artifacts
from tests.tmdb.faults import Faults
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

TOKEN = "token-that-must-be-seen-nowhere"


def one(settings: Settings, query: str) -> Any:
    with psycopg.connect(settings.database_url or "") as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]


def objects(settings: Settings) -> dict[str, int]:
    folder = settings.showhouse_home / "mirror"
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in files}


def holds(file: Path, secret: str) -> bool:
    return secret.encode() in file.read_bytes()


def tables_with(settings: Settings, secret: str) -> list[str]:
    with psycopg.connect(settings.database_url or "") as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables"
            " where schemaname not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        found = []
        for schema, table in tables:
            query = sql.SQL("select count(*) from {} as t where strpos(t::text, %s) > 0")
            row = connection.execute(query.format(sql.Identifier(schema, table)), [secret])
            if row.fetchone() != (0,):
                found.append(f"{schema}.{table}")
        return found


def test_the_sample_lands_builds_and_is_mirrored_once_however_often_it_is_run(
    run_showhouse: Run, settings: Settings, tmp_path: Path
) -> None:
    first = run_showhouse("run", "--sample")
    assert first.code == 0, first.err
    assert f"{len(SERIES_IDS)} series, {len(KEYS['people'])} people" in first.out
    assert "Extracting series … " in first.err
    assert "Extracting people … " in first.err
    assert "Building and testing models … " in first.err
    assert one(settings, "select count(*) from core.shows") == len(SERIES_IDS)
    hosted = "select count(*) from core.networks where hosted_logo_key is not null"
    assert one(settings, hosted) > 0
    held = objects(settings), one(settings, "select count(*) from raw.loads")
    assert held[0]

    second = run_showhouse("run", "--sample")
    assert second.code == 0, second.err
    assert "Nothing was due." in second.out
    assert "Images: 0 wanted, 0 stored" in second.out
    assert (objects(settings), one(settings, "select count(*) from raw.loads")) == held
    built = json.loads((settings.showhouse_home / "dbt/target/run_results.json").read_text())
    kinds = {each["unique_id"].partition(".")[0] for each in built["results"]}
    assert "test" in kinds and "unit_test" not in kinds

    whole = run_showhouse("mirror", "--verify", "all")
    assert whole.code == 0 and ": 0 are not what was stored." in whole.out
    key = next(iter(held[0]))
    (settings.showhouse_home / "mirror" / key).unlink()
    damaged = run_showhouse("mirror", "--verify", "all")
    assert damaged.code == 1 and f"wrong  {key}: it is missing" in damaged.out
    mended = run_showhouse("mirror", "--sample")
    assert mended.code == 0 and "Images: 1 wanted, 1 stored" in mended.out
    assert f"Held: {len(held[0])} images in {len(held[0])} objects" in mended.out
    assert objects(settings).keys() == held[0].keys()
    unmoved = run_showhouse("mirror", "--rebuild-urls")
    assert unmoved.code == 0 and unmoved.out.startswith("0 receipts follow")

    status = run_showhouse("status")
    assert status.out.startswith(f"The warehouse holds {len(SERIES_IDS)} shows, ")

    pages = artifacts(settings.showhouse_home, "refresh-summary")
    assert ["tmdb_tv_details" in page for page in pages] == [True, False]
    assert all("All well" in page for page in pages)
    assert not (tmp_path / "user" / ".prefect").exists()
    assert not (tmp_path / "user" / ".dbt").exists()


def test_series_that_fail_are_told_and_the_others_complete_and_the_token_is_seen_nowhere(
    run_showhouse: Run, settings: Settings
) -> None:
    faults = Faults(share=0.4, kinds=("wrong_id",), sticky=True)
    with tmdb_server(
        Options(series_count=12, people_count=40, tokens=(TOKEN,), faults=faults)
    ) as tmdb:
        ids = [argument for tmdb_id in tmdb.ids() for argument in ("--tmdb-id", str(tmdb_id))]
        for tmdb_id in tmdb.ids():
            tmdb.override(tmdb_id, "details", {"mood": "dark"})
        for command in ("run", "extract"):
            ended = run_showhouse(
                command,
                *ids,
                "--force",
                "--verbose",
                TMDB_BASE_URL=tmdb.base_url,
                TMDB_IMAGE_BASE_URL=tmdb.image_base_url,
                TMDB_BEARER_TOKEN=TOKEN,
            )
            assert ended.code == 1
            assert "answers were rejected" in ended.err
            assert TOKEN not in ended.out + ended.err
            strange = "never seen before: tmdb_tv_details has a new key, `mood`, in "
            assert (strange in ended.out) == (command == "run")
    shows = one(settings, "select count(*) from core.shows")
    assert 0 < shows < 12
    refused = "select count(distinct key) from raw.rejects where resource = 'tmdb_tv_details'"
    assert one(settings, refused) == 12 - shows
    [page] = artifacts(settings.showhouse_home, "refresh-summary")
    assert "Something failed" in page
    assert "## Never seen before" in page and "`mood`" in page
    assert "answers were rejected" in page
    files = [path for path in settings.showhouse_home.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if holds(path, TOKEN)] == []
    assert tables_with(settings, TOKEN) == []


def test_a_rejected_token_stops_at_once_and_a_missing_one_is_named(
    showhouse: Showhouse, settings: Settings, monkeypatch: Any
) -> None:
    with tmdb_server(Options(series_count=3, tokens=(TOKEN,))) as tmdb:
        monkeypatch.setitem(os.environ, "TMDB_BASE_URL", tmdb.base_url)
        missing = showhouse("extract", "--tmdb-id", str(tmdb.ids()[0]))
        assert missing.code == 1
        assert missing.err.splitlines()[-1].startswith("Setting `TMDB_BEARER_TOKEN` is missing")
        monkeypatch.setitem(os.environ, "TMDB_BEARER_TOKEN", "wrong")
        rejected = showhouse("extract", "--tmdb-id", str(tmdb.ids()[0]))
    assert rejected.code == 1
    assert "TMDb answered 401" in rejected.err
    assert "Traceback" not in missing.err + rejected.err
    assert one(settings, "select count(*) from raw.loads") == 0


def test_extract_lands_only_the_parts_named_and_a_dry_run_nothing(
    showhouse: Showhouse, settings: Settings
) -> None:
    plan = showhouse("extract", "--sample", "--dry-run", "--limit", "2")
    assert plan.code == 0
    assert "2 series would be asked for" in plan.out
    assert plan.out.count("  GET /tv/") == 2
    assert one(settings, "select count(*) from raw.loads") == 0
    named = showhouse("extract", "tmdb_tv_keywords", "--sample", "--limit", "2")
    assert named.code == 0
    assert one(settings, "select count(*) from raw.tmdb_tv_keywords") == 2
    assert one(settings, "select count(*) from raw.tmdb_tv_videos") == 0
    status = showhouse("status", str(one(settings, "select key from raw.tmdb_tv_keywords")))
    assert "tmdb_tv_keywords" in status.out


def test_a_run_that_is_interrupted_says_how_to_go_on(
    environment: dict[str, str], profile: None
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "run", "--sample"],
        env=dict(os.environ),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # Ignored by who is started in the background, and then by all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as run:
        assert run.stderr is not None
        assert any(line.startswith("Building and testing") for line in run.stderr)
        run.send_signal(signal.SIGINT)
        said = run.stderr.read()
    assert run.returncode == 1
    assert said.endswith(
        "Interrupted. What was landed stays; run the same command again to go on.\n"
    )
    assert "Traceback" not in said
