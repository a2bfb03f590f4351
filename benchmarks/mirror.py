"""Objects per second: the mirror against a bare boto3 upload of the same bytes, in the same run.

Both have the same number of connections and the same S3 protocol server, in a process of its own.
The mirror also fetches each image from an HTTP server, through a rate gate that is set so high that
it never waits, looks at its bytes, checks the digest of the object and lands a receipt.
A last run finds nothing to do, and both servers are asked whether they were asked for anything.
`python -m benchmarks.mirror [--images 1000] [--bytes 20000] [--runs 3]`; with `--kills 10` nothing
is measured, but mirrors are killed so many times, and what is left in the end is counted.
"""

import argparse
import hashlib
import logging
import multiprocessing
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection as Pipe
from multiprocessing.synchronize import Event
from random import Random
from typing import Literal, LiteralString
from uuid import uuid4

import boto3
from botocore.config import Config

from benchmarks.figures import Figure, report
from benchmarks.warehouse import scratch
from extract.mirror import mirror
from extract.mirror.kinds import KINDS
from extract.mirror.pruning import prune
from extract.mirror.s3 import S3Store
from extract.postgres.connections import connect
from extract.settings import Settings, load_settings
from tests.extract.mirror.image_host import image_host
from tests.extract.mirror.images import png
from tests.extract.mirror.object_store import ObjectServer

BUCKET = "benchmark"
AT_LEAST = 0.7
KILLED = "from extract import mirror, settings; mirror.mirror(settings.load_settings())"


def main() -> int:
    """Measure and print; 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--bytes", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--runs", type=int, default=3, help="of each; the median is shown")
    parser.add_argument("--kills", type=int, default=0)
    asked = parser.parse_args()
    os.environ |= {"AWS_ACCESS_KEY_ID": "benchmark", "AWS_SECRET_ACCESS_KEY": "benchmark"}
    bodies = [png(number, padding=asked.bytes) for number in range(asked.images)]
    with (
        scratch() as place,
        beside(serve_objects) as objects,
        beside(serve_images, asked.images, asked.bytes) as images,
    ):
        url = place.migrated()
        settings = load_settings(
            database_url=url,
            showhouse_home=place.folder,
            tmdb_image_base_url=images.url,
            mirror_requests_per_second=1_000_000,
            tmdb_max_connections=asked.connections,
            aws_s3_bucket=BUCKET,
            aws_endpoint_url_s3=objects.url,
        )
        want(settings, asked.images)
        if asked.kills:
            survive(settings, asked.images, asked.kills, images)
            return 0
        code = measure(settings, bodies, asked.runs)
        before = objects.asked(), images.asked()
        again = seconds(lambda: mirror_again(settings))
        requests = objects.asked() - before[0], images.asked() - before[1]
        print(f"mirror, nothing to do: {again:.2f} s, requests to store and host: {requests}")
        return code if requests == (0, 0) else 1


def measure(settings: Settings, bodies: list[bytes], runs: int) -> int:
    """Take turns, so that whatever else the machine does meets all alike."""
    ways: dict[str, Callable[[], None]] = {
        "bare boto3 upload": lambda: upload(settings, bodies),
        "mirror": lambda: mirror_all(settings, bodies, "answer"),
        "mirror, digest read back": lambda: mirror_all(settings, bodies, "stored"),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, work in ways.items():
            empty(settings)
            rates[name].append(len(bodies) / seconds(work))
    bare = statistics.median(rates["bare boto3 upload"])
    size = sum(map(len, bodies)) // len(bodies)
    print(f"{len(bodies)} images of {size:,} bytes, {settings.tmdb_max_connections} connections")
    for name, measured in rates.items():
        rate = statistics.median(measured)
        print(f"{name:30} {rate:7.0f} objects/s   {rate / bare:.2f} x")
    rate = statistics.median(rates["mirror"])
    ratio = statistics.median(
        ours / theirs
        for ours, theirs in zip(rates["mirror"], rates["bare boto3 upload"], strict=True)
    )
    return report(
        Figure("mirror", rate, "images/s", "bare boto3 upload", bare, ratio, at_least=AT_LEAST)
    )


def seconds(work: Callable[[], None]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def upload(settings: Settings, bodies: list[bytes]) -> None:
    """The peer: nothing but `put_object`, by as many threads."""
    client = boto3.client(
        "s3",
        endpoint_url=settings.aws_endpoint_url_s3,
        region_name="us-east-1",
        config=Config(max_pool_connections=settings.tmdb_max_connections),
    )

    def put(body: bytes) -> None:
        key = f"bare/{hashlib.sha256(body).hexdigest()}.png"
        client.put_object(Bucket=BUCKET, Key=key, Body=body, ContentType="image/png")

    with ThreadPoolExecutor(settings.tmdb_max_connections) as threads:
        list(threads.map(put, bodies))


def mirror_all(
    settings: Settings, bodies: list[bytes], verify: Literal["stored", "answer"]
) -> None:
    """Everything that `showhouse mirror` does."""
    store = S3Store(settings, connections=settings.tmdb_max_connections, verify=verify)
    done = mirror(settings, store=store)
    if done.uploaded != len(bodies):
        raise SystemExit(f"only {done.uploaded} were mirrored: {done.problems[:3]}")


def mirror_again(settings: Settings) -> None:
    """A run that finds nothing to do."""
    if mirror(settings).wanted:
        raise SystemExit("a second run wanted something")


def survive(settings: Settings, count: int, kills: int, images: "Beside") -> None:
    """Kill mirrors at any moment: nothing is lost, nothing there twice, nothing left over."""
    chance, held = Random(count + kills), 0
    for number in range(1, kills + 1):
        before = images.asked()
        with subprocess.Popen([sys.executable, "-c", KILLED], env=environment(settings)) as process:
            while images.asked() == before and process.poll() is None:
                time.sleep(0.01)
            time.sleep(chance.uniform(0.5, 6))
            process.kill()
        was, held = held, len(receipts(settings))
        print(f"kill {number:2}: {held:,} of {count:,} images held", flush=True)
        if held < was or (number == 1 and held == count):
            raise SystemExit("receipts were lost, or the kills come too late to show anything")
    last = mirror(settings)
    store = S3Store(settings)
    with connect(settings.database_url or "") as connection:
        kinds = [KINDS["networks"]]
        prune(connection, store, kinds, run_id=uuid4(), grace=timedelta(0), accept_shrink=True)
    found, named = [each.key for each in store.objects("images/")], receipts(settings)
    print(f"then {last.uploaded:,} uploaded, {last.skipped:,} found held without a receipt")
    print(f"{len(found):,} objects, {len(named):,} receipts, {len(set(named)):,} of them different")
    if sorted(found) != sorted(named) or len(set(named)) != count or mirror(settings).wanted:
        raise SystemExit("something is lost, there twice, or left over")


def receipts(settings: Settings) -> list[str]:
    """The object that each receipt names, all versions of receipts counted."""
    with connect(settings.database_url or "") as connection:
        statement = "select payload ->> 'key' from raw.showhouse_mirrored_images"
        return [str(key) for (key,) in connection.execute(statement)]


def environment(settings: Settings) -> dict[str, str]:
    """What a process needs to have the same settings."""
    names = ["database_url", "showhouse_home", "tmdb_image_base_url", "aws_s3_bucket"]
    names += ["mirror_requests_per_second", "tmdb_max_connections", "aws_endpoint_url_s3"]
    return os.environ | {name.upper(): str(getattr(settings, name)) for name in names}


def empty(settings: Settings) -> None:
    """Forget receipts and objects."""
    with connect(settings.database_url or "") as connection:
        connection.execute("truncate raw.showhouse_mirrored_images, raw.fetches, raw.loads")
    store = S3Store(settings)
    store.delete([found.key for prefix in ("images/", "bare/") for found in store.objects(prefix)])


WANTED: LiteralString = """
    create schema marts;
    create table marts.image_candidates as
    select 'networks' as kind, '1' as owner_id, 'tmdb' as source, '' as file_path,
        null::text as language, 1 as rank, null::text as hosted_key
    where false
"""


def want(settings: Settings, count: int) -> None:
    """List so many logos as wanted."""
    with connect(settings.database_url or "") as connection:
        connection.execute(WANTED)
        connection.execute(
            "insert into marts.image_candidates"
            " select 'networks', number::text, 'tmdb', '/' || number || '.png', null, 1"
            " from generate_series(0, %s) as number",
            (count - 1,),
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """A server in a process of its own."""

    url: str
    pipe: Pipe

    def asked(self) -> int:
        """How many requests there were so far."""
        self.pipe.send(None)
        count: int = self.pipe.recv()
        return count


@contextmanager
def beside(serve: Callable[..., None], *arguments: int) -> Iterator[Beside]:
    """Run a server in a process of its own."""
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    enough = spawning.Event()
    process = spawning.Process(target=serve, args=(there, enough, *arguments), daemon=True)
    process.start()
    try:
        yield Beside(here.recv(), here)
    finally:
        enough.set()
        process.join(10)


def answer_until(enough: Event, pipe: Pipe, asked: Callable[[], int]) -> None:
    """Tell how many requests there were, as often as somebody wants to know."""
    while not enough.is_set():
        if pipe.poll(0.1):
            pipe.recv()
            pipe.send(asked())


def serve_objects(pipe: Pipe, enough: Event) -> None:
    """Run the S3 protocol server."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    counted = ObjectServer()
    app = counted(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    boto3.client("s3", endpoint_url=url, region_name="us-east-1").create_bucket(Bucket=BUCKET)
    pipe.send(url)
    answer_until(enough, pipe, counted.asked.total)
    server.shutdown()


def serve_images(pipe: Pipe, enough: Event, count: int, size: int) -> None:
    """Run the host of images."""
    with image_host() as host:
        for number in range(count):
            host.serve(f"/{number}.png", png(number, padding=size))
        pipe.send(host.base_url)
        answer_until(enough, pipe, host.asked.total)


if __name__ == "__main__":
    sys.exit(main())
