"""Whatever a host answers is kept, refused or failed with the reason; docs/mirror.md says which.

Bytes that are no image are in `images.REFUSED`, and go through the whole mirror in
`test_mirroring.py`; here is what headers, status and transport can do.
"""

import gzip
import re

import pytest

from extract.errors import SourceUnavailable
from extract.mirror import hosts, mirror
from extract.settings import ROOT
from tests.extract.http.conftest import client_of, get
from tests.extract.http.faulty_server import Reply as Answered
from tests.extract.http.faulty_server import faulty_server
from tests.extract.mirror import images
from tests.extract.mirror.conftest import Place, Warehouse
from tests.extract.mirror.image_host import ImageHost, Reply

BOUND = 8 * 1024 * 1024
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ELSEWHERE = {"Location": "http://elsewhere.test/a.png"}

ANSWERS = {
    "a JPEG called PNG, sent as text/html": (
        Reply(images.JPEG, headers={"Content-Type": "text/html"}),
        "kept as image/jpeg",
    ),
    "a web page sent as image/png": (Reply(images.HTML), "html"),
    "an SVG with script": (Reply(SCRIPT), "kept as image/svg+xml"),
    "a body over the kind's bound": (Reply(images.png()[:8] + bytes(BOUND)), "too_large"),
    "a bomb: gzip that grows over the bound": (
        Reply(gzip.compress(bytes(4 * BOUND)), headers={"Content-Encoding": "gzip"}),
        "too_large",
    ),
    "an SVG packed by gzip, which no header says": (
        Reply(gzip.compress(images.SVG)),
        "kept as image/svg+xml",
    ),
    "a gzip stream that is damaged": (Reply(b"\x1f\x8b\x08" + bytes(60)), "stream is damaged"),
    "a redirect to another host": (Reply(b"", 302, ELSEWHERE), "not an allowed host"),
    "status 403 with an image": (Reply(images.png(), 403), "status 403"),
    "status 404": (Reply(b"", 404), "answered 404"),
    "status 410": (Reply(b"", 410), "answered 410"),
    "status 206 with a whole image": (Reply(images.png(), 206), "answered 206"),
}
"""What is sent for a logo, and what comes of it: its type, the reason of a refusal, the failure."""


@pytest.mark.parametrize("case", ANSWERS)
def test_what_headers_and_status_say_comes_to_a_known_end_and_holds_up_nobody(
    in_folder: Place, host: ImageHost, warehouse: Warehouse, case: str
) -> None:
    reply, end = ANSWERS[case]
    host.images["/odd.png"] = reply
    host.serve("/good.png", images.png(7))
    warehouse.want(("networks", 1, "/odd.png"), ("networks", 2, "/good.png"))
    mirror(in_folder.settings, kinds=["networks"])
    receipts = warehouse.receipts()
    assert receipts.pop("networks/2/good.png")["content_type"] == "image/png"
    assert len(in_folder.held()) == 1 + len(receipts)
    told = {
        **{key: f"kept as {receipt['content_type']}" for key, receipt in receipts.items()},
        **warehouse.rejects(),
        **warehouse.failures(),
    }
    assert told.keys() == {"networks/1/odd.png"}
    assert end in told["networks/1/odd.png"]


def test_a_host_that_asks_for_fewer_requests_gets_fewer_and_the_image_is_kept(
    in_folder: Place, host: ImageHost, warehouse: Warehouse
) -> None:
    host.serve("/logo.png", images.png())
    host.refusals.extend([403, 428, 429])
    warehouse.want(("networks", 1, "/logo.png"))
    done = mirror(in_folder.settings, kinds=["networks"])
    assert (done.uploaded, done.failed, host.requests) == (1, 0, 4)
    assert warehouse.one("select count(*) from raw.rate_gates where last_cut_at > '-infinity'") == 1


@pytest.mark.parametrize(("status", "attempts"), [(403, 5), (428, 10), (429, 10)])
def test_a_refusal_by_the_host_of_images_is_never_held_for_a_bug_of_ours(
    status: int, attempts: int
) -> None:
    asking = {"classify": hosts.classify, "slowdowns": hosts.IMAGE_SLOWDOWNS}
    with faulty_server() as faulty:
        faulty.usual = Answered(status, b"<html>Slow down</html>")
        with pytest.raises(SourceUnavailable, match=f"in {attempts} attempt.*status {status}"):
            get(client_of(faulty, **asking))
        assert len(faulty.asked) == attempts


def test_the_docs_say_what_comes_of_each_hostile_answer() -> None:
    told = {what: end for what, (_, end) in ANSWERS.items()}
    told |= {what: reason for what, (_, reason) in images.REFUSED.items()}
    section = (ROOT / "docs/mirror.md").read_text().partition("## What a host may answer")[2]
    rows = re.findall(r"^\| ([^|]+) \| `([^|`]+)` \|$", section.partition("\n## ")[0], re.M)
    assert dict(rows) == told
