"""The whole of mirroring on one screen: wanted → fetched → sniffed → scaled, stored → receipt.

What fetches, scales and speaks to a bucket is imported where there is something for it to do.
"""

from collections.abc import Callable, Iterable
from uuid import UUID, uuid4

from psycopg import Connection

from extract.mirror import moving, turns, worklist
from extract.mirror.folder import FolderStore
from extract.mirror.forgetting import forget_photos
from extract.mirror.holdings import Holdings, holdings
from extract.mirror.kinds import ALL_KINDS, Kind, chosen_kinds
from extract.mirror.ledger import Ledger
from extract.mirror.policy import Policy, policy_of
from extract.mirror.pruning import prune as prune_images
from extract.mirror.result import LISTED_AT_MOST, Mirrored, Pruned
from extract.mirror.store import Store
from extract.mirror.verifying import SAMPLE_SIZE, Verified
from extract.mirror.verifying import verify as verify_objects
from extract.postgres.connections import connect, database_url
from extract.settings import Settings

Progress = Callable[[Mirrored], None]


def mirror(
    settings: Settings,
    *,
    url: str | None = None,
    store: Store | None = None,
    kinds: Iterable[str] | None = None,
    dry_run: bool = False,
    prune: bool = False,
    sample: bool = False,
    accept_shrink: bool = False,
    on_progress: Progress | None = None,
    run_id: UUID | None = None,
) -> Mirrored:
    """Mirror what the warehouse wants and the store does not hold; then prune, if asked.

    Before it, photos of people who are to be forgotten leave the store.
    `url` is the database's; `store` another than the settings name; `kinds` go before those of the
    settings; a `dry_run` writes nothing anywhere; `sample` answers from the bundled images. Raises
    MirrorError where the run as a whole cannot go on; what came of single images is in the result.
    """
    policy = policy_of(settings, kinds)
    store = store or open_store(settings)
    run_id = run_id or uuid4()
    result = Mirrored()
    url = url or database_url(settings)
    with connect(url, application="showhouse mirror") as connection:
        if dry_run:
            _list(connection, policy, store, result)
        else:
            with turns.mirroring(connection):
                result.add(forget_photos(connection, store, run_id=run_id))
                ledger = Ledger(connection, store, run_id, result, on_progress)
                _mirror(settings, url, ledger, policy, sample=sample)
        if prune:
            pruned = prune_images(
                connection,
                store,
                _all_unless(kinds),
                run_id=run_id,
                dry_run=dry_run,
                accept_shrink=accept_shrink,
            )
            result.add(pruned)
    return result


def forget(settings: Settings) -> Pruned:
    """Take photos of people who are to be forgotten out of the store. Raises MirrorError."""
    with connect(database_url(settings), application="showhouse mirror") as connection:
        return forget_photos(connection, open_store(settings), run_id=uuid4())


def verify(
    settings: Settings,
    *,
    kinds: Iterable[str] | None = None,
    sample: int | None = SAMPLE_SIZE,
    dry_run: bool = False,
    accept_shrink: bool = False,
    on_progress: Callable[[Verified], None] | None = None,
) -> Verified:
    """Read so many objects back, all for None; what is wrong is wanted again.

    Raises MirrorError.
    """
    store = open_store(settings)
    with (
        connect(database_url(settings), application="showhouse mirror") as connection,
        turns.mirroring(connection),  # what a sweep deletes meanwhile would look lost
    ):
        return verify_objects(
            connection,
            store,
            _all_unless(kinds),
            run_id=uuid4(),
            sample=sample,
            connections=settings.tmdb_max_connections,
            dry_run=dry_run,
            accept_shrink=accept_shrink,
            on_progress=on_progress,
        )


def rebuild_urls(settings: Settings) -> int:
    """Land anew the receipts whose public address changed; how many. No image is asked for."""
    with (
        connect(database_url(settings), application="showhouse mirror") as connection,
        turns.mirroring(connection),
    ):
        return moving.move(connection, open_store(settings), uuid4())


def held(settings: Settings) -> Holdings:
    """What the store holds by its receipts."""
    with connect(database_url(settings), application="showhouse mirror") as connection:
        return holdings(connection, open_store(settings))


def _all_unless(kinds: Iterable[str] | None) -> tuple[Kind, ...]:
    # The policy says what is fetched; what is held may be of kinds that it names no more.
    return chosen_kinds([ALL_KINDS] if kinds is None else kinds)


def open_store(settings: Settings) -> Store:
    """The bucket, where one is set, else the folder `mirror` under SHOWHOUSE_HOME."""
    if settings.aws_s3_bucket:
        from extract.mirror.s3 import S3Store

        return S3Store(settings, connections=settings.tmdb_max_connections)
    return FolderStore(settings.showhouse_home / "mirror")


def _list(connection: Connection, policy: Policy, store: Store, result: Mirrored) -> None:
    if policy.rendition_widths:
        from extract.mirror import renewing

        result.lacking_renditions = renewing.stage(connection, policy, store.name)
    result.wanted = worklist.stage(connection, policy, store.name)
    for page in worklist.staged(connection):
        result.listed.extend(key for wanted in page for key in wanted.receipt_keys)
        if len(result.listed) >= LISTED_AT_MOST:
            break
    del result.listed[LISTED_AT_MOST:]


def _mirror(settings: Settings, url: str, ledger: Ledger, policy: Policy, *, sample: bool) -> None:
    ledger.result.moved = moving.move(ledger.connection, ledger.store, ledger.run_id)
    if policy.rendition_widths:
        from extract.mirror import renewing

        if renewing.stage(ledger.connection, policy, ledger.store.name):
            renewing.renew_staged(ledger, policy, settings.tmdb_max_connections)
    ledger.result.wanted = worklist.stage(ledger.connection, policy, ledger.store.name)
    if ledger.result.wanted:
        from extract.mirror import carrying

        carrying.carry_staged(settings, url, ledger, policy, sample=sample)
