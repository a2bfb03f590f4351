"""The warehouse: read only, bounded, one query a request; away, replaced, restarted, forbidden."""

import asyncio
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from api.database import Database, Row
from api.settings import load_settings
from extract.postgres.server import Server
from tests.api.conftest import fresh_database, serve
from tests.api.marts import create_marts
from tests.api.test_problems import problem
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

READS = ["/ready", "/meta", "/shows", "/shows/tmdb:1396", "/networks/174"]


def _ask(url: str, query: Any) -> Row | None:
    async def ask() -> Row | None:
        database = Database(url)
        await database.open()
        try:
            return await database.row(query, {})
        finally:
            await database.close()

    answered: Coroutine[Any, Any, Row | None] = ask()
    return asyncio.run(answered)


def test_the_api_reads_as_the_reader_and_cannot_write(marts: str) -> None:
    settings = "current_user::text, current_setting('default_transaction_read_only')"
    row = _ask(marts, f"select {settings}, current_setting('statement_timeout')")
    assert row == (b"showhouse_reader", b"on", b"5s")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        _ask(marts, "create temp table t as select 1")
    with pytest.raises(Exception, match="cannot be read by the role"):
        _ask(marts, "select * from raw.secrets")


def test_a_slow_answer_is_given_up(marts: str) -> None:
    with pytest.raises(Exception, match="longer than 5 s"):
        _ask(marts, "select pg_sleep(3600)")


@pytest.mark.parametrize("path", READS)
def test_without_postgres_reads_are_503_and_health_is_not(tmp_path: Any, path: str) -> None:
    settings = load_settings(showhouse_home=tmp_path)
    with serve(settings) as url, httpx.Client(base_url=url, timeout=30) as client:
        answer = client.get(path)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert str(tmp_path) not in answer.text
        problem(answer)
        assert client.get("/health").status_code == 200
        assert client.get("/openapi.json").status_code == 200


def test_without_marts_reads_are_503_until_they_are_built(server: Server) -> None:
    with (
        fresh_database(server) as url,
        serve(load_settings(database_url=url)) as address,
        httpx.Client(base_url=address, timeout=300) as client,
    ):
        for path in READS:
            answer = client.get(path)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
            assert "`showhouse run`" in problem(answer).detail
        create_marts(url)
        assert [client.get(path).status_code for path in READS] == [200] * len(READS)


def test_connections_that_were_cut_are_replaced_without_an_error(server: Server) -> None:
    with fresh_database(server) as url, serve(load_settings(database_url=url)) as address:
        create_marts(url)
        with (
            httpx.Client(base_url=address, timeout=300) as client,
            psycopg.connect(url) as connection,
        ):
            for _ in range(3):
                assert client.get("/shows/tmdb:1396").status_code == 200
                connection.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where application_name = 'showhouse-api' and datname = current_database()"
                )
                connection.commit()
            assert client.get("/shows/tmdb:1396").status_code == 200


def test_a_restart_of_postgres_costs_503s_that_say_when_to_return_and_nothing_else(
    tmp_path: Path,
) -> None:
    own = Server(tmp_path / "home")
    own.start()
    try:
        url = own.url()
        create_marts(url)
        settings = load_settings(database_url=url)
        with serve(settings) as address, httpx.Client(base_url=address, timeout=20) as client:
            assert client.get("/shows/tmdb:1396").status_code == 200
            own.stop()
            answer = client.get("/shows/tmdb:1396")
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            problem(answer)
            own.start()
            wait_until(lambda: _is_back(client), "Postgres is not asked again", every=0.25)
    finally:
        own.remove()


def _is_back(client: httpx.Client) -> bool:
    answer = client.get("/shows/tmdb:1396")
    assert answer.status_code in (200, 503)
    return answer.status_code == 200


def test_a_build_may_replace_the_marts_at_any_time(server: Server) -> None:
    with fresh_database(server) as url, serve(load_settings(database_url=url)) as address:
        create_marts(url)
        with httpx.Client(base_url=address, timeout=300) as client:
            for _ in range(10):  # until the statement is prepared on the connection
                assert client.get("/shows/tmdb:1396").status_code == 200
            with psycopg.connect(url) as connection:
                connection.execute(
                    "create table marts.new as select * from marts.show_documents;"
                    "alter table marts.new alter document type varchar;"
                    "drop table marts.show_documents;"
                    "alter table marts.new rename to show_documents;"
                    "grant select on marts.show_documents to showhouse_reader"
                )
            assert client.get("/shows/tmdb:1396").status_code == 200


POISON = """
create function marts.poison() returns text stable language plpgsql as
$$ begin return (1 / 0)::text || 'a secret'; end $$;
alter table marts.show_documents rename to kept;
create view marts.show_documents as
    select show_id, tmdb_id, imdb_id, etag, marts.poison() as document from marts.kept;
grant select on marts.show_documents, marts.kept to showhouse_reader;
"""


def test_a_304_never_reads_the_document_and_an_error_of_ours_tells_nothing(server: Server) -> None:
    with fresh_database(server) as url, serve(load_settings(database_url=url)) as address:
        create_marts(url)
        with httpx.Client(base_url=address, timeout=300) as client:
            tag = client.get("/shows/tmdb:1396").headers["etag"]
            with psycopg.connect(url) as connection:
                connection.execute(POISON)
            held = client.get("/shows/tmdb:1396", headers={"If-None-Match": tag})
            assert held.status_code == 304
            broken = client.get("/shows/tmdb:1396", headers={"X-Request-Id": "find-me"})
            assert broken.status_code == 500
            assert "`find-me`" in problem(broken).detail
            assert "secret" not in broken.text
            assert "zero" not in broken.text


def test_a_request_is_one_query(server: Server) -> None:
    def committed(name: str) -> int:
        time.sleep(0.5)
        with psycopg.connect(server.url("postgres")) as connection:
            row = connection.execute(
                "select xact_commit from pg_stat_database where datname = %s", [name]
            ).fetchone()
        assert row is not None
        return int(row[0])

    paths = ["/shows", "/shows/tmdb:1396", "/shows/tmdb:1396/seasons/1", "/networks/174", "/meta"]
    with fresh_database(server) as url:
        create_marts(url)
        name = str(conninfo_to_dict(url)["dbname"])
        before = committed(name)
        with (
            serve(load_settings(database_url=url)) as address,
            httpx.Client(base_url=address, timeout=300) as client,
        ):
            for path in paths * 40:
                assert client.get(path).status_code == 200
        # Backends tell their statistics when they end; opening a connection costs one or two.
        wait_until(lambda: committed(name) - before >= 200, "statements are not counted")
        assert committed(name) - before < 220
