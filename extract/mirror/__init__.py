"""Images that the warehouse wants, mirrored into a bucket or a folder for good.

`mirror` does it all; the receipts it lands are what the `hosted_*` columns are made of.
"""

from extract.mirror.result import Mirrored, Problem
from extract.mirror.run import forget, held, mirror, open_store, rebuild_urls, verify
from extract.mirror.verifying import Verified

__all__ = [
    "Mirrored",
    "Problem",
    "Verified",
    "forget",
    "held",
    "mirror",
    "open_store",
    "rebuild_urls",
    "verify",
]
