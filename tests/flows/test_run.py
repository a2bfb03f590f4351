"""The whole job as a user starts it: every part is real, TMDb stands on this machine."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from extract.sample import KEYS, SERIES_IDS
from extract.settings import ROOT, Settings, load_settings
from tests.conftest import Fresh
from tests.flows.conftest import Ended, Run, Showhouse
from tests.flows.prefect_server import PrefectServer
from tests.flows.webhook import receiver
from tests.tmdb.faults import Faults
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

TOKEN = "token-that-must-be-seen-nowhere"


Observed = Callable[..., tuple[Ended, set[str], list[str]]]

OBSERVED = """
import atexit, json, os, sys
started = []

def note(event, arguments):
    if event in {"subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty", "os.exec"}:
        started.append(f"{event} {arguments[:2]}")

def tell():
    loaded = sorted({name.partition(".")[0] for name in sys.modules})
    with open(sys.argv[0], "w") as file:
        json.dump({"loaded": loaded, "started": started}, file)

sys.addaudithook(note)
sys.argv = sys.argv[1:]
atexit.register(tell)
from flows.cli import main
main(sys.argv[1:])
"""


@pytest.fixture
def run_observed(environment: dict[str, str], profile: None, tmp_path: Path) -> Observed:
    """Call the command in a process of its own; also what it imported, and what it started."""

    def call(*arguments: str) -> tuple[Ended, set[str], list[str]]:
        seen = tmp_path / "seen.json"
        ended = subprocess.run(
            [sys.executable, "-c", OBSERVED, str(seen), *arguments],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=os.environ | {"HOME": str(tmp_path / "user")},
        )
        told = json.loads(seen.read_text())
        return (
            Ended(ended.returncode, ended.stdout, ended.stderr),
            set(told["loaded"]),
            told["started"],
        )

    return call


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
    run_showhouse: Run, run_observed: Observed, settings: Settings, tmp_path: Path
) -> None:
    first, loaded, started = run_observed("run", "--sample")
    assert first.code == 0, first.err
    assert "dbt" in loaded and "prefect" not in loaded, "nobody named a Prefect server"
    assert [each for each in started if "uname" not in each] == []
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
    assert "Nothing has changed since the last build, so dbt was not started." in second.out

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

    assert not (settings.showhouse_home / "prefect").exists()
    assert not (tmp_path / "user" / ".prefect").exists()
    assert not (tmp_path / "user" / ".dbt").exists()


def test_no_command_loads_what_it_does_not_need(
    run_observed: Observed, settings: Settings, tmp_path: Path
) -> None:
    """Each of these takes up to three seconds of processor time to import."""
    large = {"prefect", "dbt", "boto3", "alembic", "sqlalchemy", "pyarrow", "PIL", "httpx"}
    large |= {"fastapi", "uvicorn"}
    first = run_observed("extract", "--sample", "--limit", "1")
    assert first[0].code == 0, first[0].err
    assert first[1] & large <= {"httpx", "alembic", "sqlalchemy", "pyarrow"}
    needed: dict[tuple[str, ...], set[str]] = {
        ("extract", "--sample", "--tmdb-id", str(SERIES_IDS[0])): {"httpx"},
        ("mirror", "--sample"): set(),
        ("track", "list"): set(),
        ("status",): set(),
        ("loads",): set(),
        ("export", str(tmp_path / "export")): set(),
        ("purge", "--dry-run"): set(),
        ("forget", "list"): set(),
        ("db", "url"): set(),
    }
    loaded = {command: run_observed(*command)[1] & large for command in needed}
    assert loaded == needed


def test_the_flow_and_the_plain_run_take_the_same_steps_and_end_alike_where_series_fail(
    run_showhouse: Run, settings: Settings, fresh: Fresh, prefect: PrefectServer
) -> None:
    faults = Faults(share=0.4, kinds=("wrong_id",), sticky=True)
    options = Options(series_count=12, people_count=40, tokens=(TOKEN,), faults=faults)
    with tmdb_server(options) as tmdb, receiver() as (webhook, alerts):
        ids = [argument for tmdb_id in tmdb.ids() for argument in ("--tmdb-id", str(tmdb_id))]
        for tmdb_id in tmdb.ids():
            tmdb.override(tmdb_id, "details", {"mood": "dark"})
        variables = {
            "TMDB_BASE_URL": tmdb.base_url,
            "TMDB_IMAGE_BASE_URL": tmdb.image_base_url,
            "TMDB_BEARER_TOKEN": TOKEN,
            "SHOWHOUSE_ALERT_WEBHOOK_URL": webhook,
        }
        houses = {
            "plain": settings,
            "flow": load_settings(
                database_url=fresh(), showhouse_home=settings.showhouse_home.with_name("flow")
            ),
        }
        ended: dict[str, Ended] = {}
        for way, house in houses.items():
            ended[way] = run_showhouse(
                "run",
                *ids,
                "--force",
                "--verbose",
                DATABASE_URL=house.database_url or "",
                SHOWHOUSE_HOME=str(house.showhouse_home),
                PREFECT_API_URL=prefect.url if way == "flow" else "",
                **variables,
            )
        extracted = run_showhouse("extract", *ids, "--force", "--verbose", **variables)
    plain, flow = ended["plain"], ended["flow"]
    for one_of_them in (plain, flow, extracted):
        assert one_of_them.code == 1
        assert "answers were rejected" in one_of_them.err
        assert TOKEN not in one_of_them.out + one_of_them.err
        strange = "never seen before: tmdb_tv_details has a new key, `mood`, in "
        assert (strange in one_of_them.out) == (one_of_them is not extracted)
    assert comparable(plain.out) == comparable(flow.out)
    assert steps_of(plain) == steps_of(flow)
    assert [alert["what"] for alert in alerts] == ["the run `refresh` failed"] * 2
    one_alert, other = (comparable("\n".join(alert["problems"])) for alert in alerts)
    assert one_alert == other
    for alert in alerts:
        assert any("answers were rejected" in problem for problem in alert["problems"])
        assert alert["problems"][0] in alert["text"]
        assert "showhouse status" in alert["look"]
        assert alert["at"].endswith("+00:00")
        for secret in (TOKEN, "secret-path", os.environ["DATABASE_URL"]):
            assert secret not in json.dumps(alert)
            assert secret not in plain.out + plain.err + flow.out + flow.err
    shows = {way: one(house, "select count(*) from core.shows") for way, house in houses.items()}
    assert 0 < shows["plain"] == shows["flow"] < 12
    refused = "select count(distinct key) from raw.rejects where resource = 'tmdb_tv_details'"
    for house in houses.values():
        assert one(house, refused) == 12 - shows["plain"]
        assert one(house, "select count(distinct run_id) from raw.loads") == 1
        files = [path for path in house.showhouse_home.rglob("*") if path.is_file()]
        assert files
        assert [path for path in files if holds(path, TOKEN)] == []
        assert tables_with(house, TOKEN) == []
    assert not (houses["flow"].showhouse_home / "prefect").exists()
    of_the_page(prefect, houses["flow"])


def of_the_page(prefect: PrefectServer, house: Settings) -> None:
    """The loads lead to the page of their run, which shows what was done and what failed."""
    run_id = one(house, "select max(run_id::text) from raw.loads")
    tasks = [name for name, _, _ in prefect.tasks(run_id)]
    batches = tasks.count("extract_batch")
    assert tasks == [
        "read_news",
        *["extract_batch"] * batches,
        "read_datasets",
        "read_wikis",
        "dbt_build",
        "mirror_images",
        "dbt_build",
    ]
    page = prefect.artifacts(run_id)
    assert page.keys() == {"refresh-summary", "refresh-resources", "refresh-failures"}
    assert "Something failed" in page["refresh-summary"]
    assert "## Never seen before" in page["refresh-summary"]
    assert "`mood`" in page["refresh-summary"]
    assert "answers were rejected" in page["refresh-summary"]
    assert {each["resource"] for each in page["refresh-resources"]} > {"tmdb_tv_details"}
    assert "series" in {each["what"] for each in page["refresh-failures"]}


def comparable(report: str) -> list[str]:
    """The lines of a report without what differs between runs: seconds, and who failed first."""
    timeless = re.sub(r"\(\d+ s\)", "(… s)", report)
    return sorted(re.sub(r"First: .*", "First: …", timeless).splitlines())


def steps_of(ended: Ended) -> list[str]:
    """The steps that a run told of, in the order in which they began."""
    told = [line.partition(" …")[0] for line in ended.err.splitlines() if " …" in line]
    return list(dict.fromkeys(told))


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
