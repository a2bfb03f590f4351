"""Server settings for a warehouse on this machine's memory."""

import os
from pathlib import Path

_MEGABYTE = 1024 * 1024
_LIMITS_OF_THE_CONTAINER = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
_SHARED_MEMORY_WANTED = 256 * _MEGABYTE


def memory_bytes() -> int:
    """What this process may use: the machine's memory, or the container's where that is less."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for file in _LIMITS_OF_THE_CONTAINER:
        if file.is_file() and (limit := file.read_text().strip()).isdigit():
            memory = min(memory, int(limit))
    return memory


def tuned_settings(memory: int) -> dict[str, str]:
    """Settings for a server that shares `memory` bytes with dbt, Prefect and the API."""
    megabytes = memory // _MEGABYTE

    def share(part: int, low: int, high: int) -> str:
        return f"{min(max(megabytes // part, low), high)}MB"

    return {
        "shared_buffers": share(8, 64, 4096),
        "effective_cache_size": share(2, 256, 1024 * 1024),
        "work_mem": share(256, 4, 128),
        "maintenance_work_mem": share(32, 32, 1024),
        "max_wal_size": share(4, 512, 8192),
        "max_connections": "100",
        "max_locks_per_transaction": "256",
        "random_page_cost": "1.1",
        "jit": "off",
        "wal_compression": "lz4",
        "default_toast_compression": "lz4",
        # Nothing replicates from an embedded server, and a table that dbt builds anew need not be
        # written twice: with minimal logging it is synced to disk at commit instead.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "dynamic_shared_memory_type": _dynamic_shared_memory(),
    }


def _dynamic_shared_memory() -> str:
    # Containers are given 64 MB of /dev/shm, which a parallel hash join overruns.
    try:
        room = os.statvfs("/dev/shm")
    except OSError:
        return "mmap"
    return "posix" if room.f_frsize * room.f_blocks >= _SHARED_MEMORY_WANTED else "mmap"
