"""The dbt runner: `dbt build` in this process, one build at a time, its result in a few words.

In process because dbt takes seconds to import and tenths of a second to run. The profile is the
user's (in `DBT_PROFILES_DIR`, or `profiles.yml` at the root) where there is one, else a copy of
`profiles.example.yml`; what dbt writes goes under `SHOWHOUSE_HOME/dbt`. A session advisory lock is
held for the whole build, which a lock of dbt's own could not be: each of its threads has its own
connection.

Not called `dbt`: Prefect puts this folder on the path of a deployed flow, where it would hide dbt.

Run it alone with `showhouse build`.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import yaml
from psycopg.errors import InsufficientPrivilege

from extract.postgres.connections import connect, database_url
from extract.settings import ROOT, Settings, load_settings
from flows.build import Build
from flows.builds import Built
from flows.dbt_arguments import AS_OF, Arguments, split
from flows.errors import BuildFailed
from flows.invoking import Dbt, OnNode
from flows.needed import Books
from flows.project import Project, code_hash, database_of, keep, kept, parse, without_collector

Say = Callable[[str], None]


def build(
    settings: Settings,
    arguments: Sequence[str] = (),
    *,
    say: Say = lambda _: None,
    on_node: OnNode = lambda _: None,
    quiet: bool = True,
    only_if_needed: bool = False,
) -> Built:
    """Build what `arguments` of `dbt build` select, waiting for any other build to end.

    Without arguments, what changed since the last build. The tests of data are those of what was
    written; with `--all-tests`, and where the code changed, all. `only_if_needed`: where nothing
    can have changed, dbt is not started. `on_node` is called with the name of each node as it
    ends. Not quiet, dbt prints what it prints. Raises DbtNotRun where dbt stops before its first
    node; failed nodes are in the result.
    """
    asked, url = split(arguments), database_url(settings)
    with between_builds(url, say), _environment(settings) as profile:
        _keep_out(settings)
        code, database = code_hash(profile), database_of(profile, settings.database_url)
        if only_if_needed and asked.is_plain and _is_current(url, code):
            return Built((), 0.0, is_left_out=True)
        with without_collector():
            dbt = Dbt(_project(asked, code, database), on_node, quiet)
            return Build(url, asked, code, dbt).run()


def keep_project() -> None:
    """Parse the project and keep it, as the first build would."""
    settings = load_settings()
    with _environment(settings) as profile:
        database = database_of(profile, settings.database_url)
        _project(Arguments(), code_hash(profile), database)


def _is_current(url: str, code: str) -> bool:
    with connect(url) as connection:
        books = Books(connection)
        last = books.last_complete()
        return last is not None and books.is_current(code, last)


def _project(asked: Arguments, code: str, database: str | None) -> Project:
    """The parsed project: the kept one, unless another target or other variables are named."""
    if asked.parsing or {name for name, _ in asked.variables} - {AS_OF}:
        return parse([*asked.parsing, "--vars", yaml.safe_dump(dict(asked.variables))])
    found = kept(code, database)
    if found is None:
        found = parse()
        keep(code, found)
    return found


def _keep_out(settings: Settings) -> None:
    """Decide of the forgotten who came under another id; who may not land leaves it to a purge."""
    from extract.suppression import follow

    with suppress(InsufficientPrivilege), connect(database_url(settings)) as connection:
        follow(connection)


def require_success(built: Built) -> None:
    """Raise BuildFailed where anything in the build failed."""
    if built.failures:
        raise BuildFailed(built.summary())


@contextmanager
def between_builds(url: str, say: Say) -> Iterator[None]:
    """Hold the lock of builds, waiting for one that runs."""
    with connect(url, application="showhouse build") as connection:
        connection.execute("set statement_timeout = 0")
        connection.execute("set lock_timeout = 0")
        lock = "lock(hashtext('showhouse.build'))"
        taken = connection.execute(f"select pg_try_advisory_{lock}").fetchone()
        if taken is None or not taken[0]:
            say("Another build of this warehouse is running; waiting until it has ended.")
            connection.execute(f"select pg_advisory_{lock}")
        yield


@contextmanager
def _environment(settings: Settings) -> Iterator[Path]:
    """What dbt and the profile read from the environment, for one build; gives the profile."""
    home = settings.showhouse_home / "dbt"
    profiles = os.environ.get("DBT_PROFILES_DIR") or str(_profiles_directory(home))
    ours = {
        "SHOWHOUSE_HOME": str(settings.showhouse_home),
        "DBT_PROJECT_DIR": str(ROOT),
        "DBT_PROFILES_DIR": profiles,
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    if settings.database_url:
        ours["DATABASE_URL"] = settings.database_url
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield Path(profiles, "profiles.yml")
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _profiles_directory(home: Path) -> Path:
    if (ROOT / "profiles.yml").is_file():
        return ROOT
    home.mkdir(parents=True, exist_ok=True)
    example = (ROOT / "profiles.example.yml").read_bytes()
    # Renamed into place: two commands may start at once, and dbt must never read half of it.
    with tempfile.NamedTemporaryFile(dir=home, delete=False) as draft:
        draft.write(example)
    Path(draft.name).replace(home / "profiles.yml")
    return home
