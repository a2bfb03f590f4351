"""What can go wrong with images, below `extract.errors.MirrorError`.

MirrorError
├── KindUnknown             no images of that name are mirrored
├── MirrorBusy              a mirror waits for a prune, or a prune for a mirror
├── WorkListMissing         the warehouse was never built
├── ImageNotStored          the store did not take one image
├── StoreUnusable           the store takes nothing
├── PruneRefused            the list of references looks truncated
└── VerifyRefused           so much is wrong that the store looks like another one
"""

from dataclasses import dataclass

from extract.errors import MirrorError


@dataclass(eq=False)
class KindUnknown(MirrorError):
    """`kind` is none of the `known` kinds of images."""

    kind: str
    known: tuple[str, ...]

    def listed(self) -> str:
        """The known kinds in a sentence."""
        return ", ".join(f"`{kind}`" for kind in self.known)

    def __str__(self) -> str:
        kind = f"`{self.kind}` is no kind of image that is mirrored"
        return f"{kind}. Use one of {self.listed()}, or `all`."


@dataclass(eq=False)
class MirrorBusy(MirrorError):
    """After `waited_seconds`, `other` still works on the images."""

    other: str
    waited_seconds: int

    def __str__(self) -> str:
        return (
            f"{self.other} has been working on the images for more than {self.waited_seconds} "
            "seconds, and the two must not overlap. Run again when it has ended."
        )


@dataclass(eq=False)
class WorkListMissing(MirrorError):
    """`relation`, which says what is wanted or in use, does not exist yet."""

    relation: str

    def __str__(self) -> str:
        return (
            f"`{self.relation}` does not exist, so it is not known which images are wanted. "
            "Run `showhouse build` first."
        )


@dataclass(eq=False)
class ImageNotStored(MirrorError):
    """The store did not take the image of `key`."""

    key: str
    why: str

    def __str__(self) -> str:
        return (
            f"Image `{self.key}` was not stored: {self.why}. It will be tried again at a later run."
        )


@dataclass(eq=False)
class StoreUnusable(MirrorError):
    """Nothing can be done with the `store` of images as a whole."""

    store: str
    why: str

    def __str__(self) -> str:
        return (
            f"The image store `{self.store}` cannot be used: {self.why}. What was mirrored before "
            "is kept; correct the `AWS_…` settings or the folder's permissions and run again."
        )


@dataclass(eq=False)
class PruneRefused(MirrorError):
    """Too few references to believe: `why`."""

    why: str

    def __str__(self) -> str:
        return (
            f"Nothing was pruned: {self.why}. That looks like a truncated list of references; "
            "build the warehouse in full and look at `showhouse mirror --prune --dry-run`."
        )


@dataclass(eq=False)
class VerifyRefused(MirrorError):
    """`wrong` of the `objects` that were read back are not what was stored; the first, `why`."""

    wrong: int
    objects: int
    why: str

    def __str__(self) -> str:
        return (
            f"{self.wrong:,} of {self.objects:,} objects are not what was stored (the first: "
            f"{self.why}), so this is probably not the store that it was. No receipt was given "
            "up; look at the `AWS_…` settings or the folder, or add --accept-shrink if it is true."
        )
