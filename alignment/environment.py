"""What the environment decides (README lists it), read once and typed."""

from __future__ import annotations

import os
import secrets
import socket
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

PROJECT = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
# What means every address, and where this machine reaches it.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not proposed
# How soon a database that is gone is noticed (R22): seconds, and milliseconds for what was sent and not received.
NETWORK = {
    "connect_timeout": 3, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}  # fmt: skip
# What the database ends by itself: `alignment.wsgi` and `alignment.worker` set how soon; commands have no limit.
LIMITS = {
    "statement_timeout": "STATEMENT_TIMEOUT",
    "lock_timeout": "LOCK_TIMEOUT",
    "idle_in_transaction_session_timeout": "IDLE_TIMEOUT",
}


def text(name: str, default: str = "") -> str:
    """A variable that is set to nothing counts as not set."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    word = text(name).lower()
    return word in {"1", "true", "yes", "on"} if word else default


def number(name: str, default: float) -> float:
    """Raises ImproperlyConfigured, which names the variable, for what is no number or below 0."""
    said = text(name, str(default))
    try:
        value = float(said)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise ImproperlyConfigured(f"{name} must be a number from 0, not {said!r}.")
    return value


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def data_dir() -> Path:
    return Path(text("DATA_DIR", str(PROJECT / ".data"))).expanduser().absolute()


def limits() -> str:
    """As PostgreSQL takes them when a connection begins."""
    return " ".join(f"-c {name}={text(variable, '0')}" for name, variable in LIMITS.items())


def allowed_hosts() -> list[str]:
    """The names by which a one-command run may be called: this machine's, HOST and ALLOWED_HOSTS."""
    host = text("HOST", LOCAL_HOSTS[0])
    return [*LOCAL_HOSTS, socket.gethostname(), f"[{host}]" if ":" in host else host, *words("ALLOWED_HOSTS")]


def site_url() -> str:
    """How links begin unless SITE_URL says it: by HOST, or by this machine's name where that means every address."""
    host = text("HOST", LOCAL_HOSTS[0])
    return url_of(socket.gethostname() if host in EVERYWHERE else host, text("PORT", "8000"))


def url_of(host: str, port: str | int) -> str:
    """Without a slash at its end; an IPv6 address stands in brackets."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def broker_url(redis_url: str) -> str:
    """Celery's word for a Redis socket differs from everybody else's."""
    if redis_url.startswith("unix://"):
        path, _, query = redis_url.removeprefix("unix://").partition("?")
        return f"redis+socket://{path}?virtual_host={query.removeprefix('db=') or 0}"
    return redis_url


def cache_url(redis_url: str) -> str:
    """Database 1 of the same server: clearing the cache must not empty the broker."""
    if redis_url.startswith("unix://"):
        return redis_url.partition("?")[0] + "?db=1"
    scheme, _, rest = redis_url.partition("://")
    return f"{scheme}://{rest.partition('?')[0].split('/')[0]}/1"


def stored_secret_key(folder: Path) -> str:
    """The key kept in the folder, made on first use and readable for its owner alone."""
    path = folder / "secret_key"
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=folder)  # 0600
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # the first of two at once wins
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text().strip()
