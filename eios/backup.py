"""One file with everything an installation needs to live on: database, stored files, and a manifest to check them by.

A copy is a plain tar: `database`, then `media/…`, then `manifest.json`, which is last because it holds the checksums of
what went before; a copy cut short has none and is refused. The installation's keys are never inside.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.models import SchoolCard, User
from eios import dumps

FORMAT = 1
DATABASE, MANIFEST, MEDIA = "database", "manifest.json", "media/"
STAGING = ".restore"
CHUNK = 1024 * 1024
MANIFEST_LIMIT = 256 * 1024 * 1024
# Told as work goes on: bytes done, bytes in all.
Report = Callable[[int, int], None]


class BackupError(Exception):
    """Why a copy can't be made or restored, in Russian."""


@dataclass(frozen=True)
class Manifest:
    """What a copy holds. `files` maps a name in the tar to [size in bytes, sha256]; `keys` maps a key to its mark."""

    format: int
    created: str
    version: str
    engine: str
    keys: dict[str, str]
    migrations: list[str]
    tables: dict[str, int]
    files: dict[str, list]

    @property
    def day(self) -> str:
        return f"{datetime.fromisoformat(self.created):%d.%m.%Y}"

    @property
    def rows(self) -> int:
        return sum(self.tables.values())

    @property
    def media_count(self) -> int:
        return sum(name.startswith(MEDIA) for name in self.files)

    @property
    def size(self) -> int:
        return sum(size for size, _ in self.files.values())


def portal_version() -> str:
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def key_marks() -> dict[str, str]:
    """Marks by which keys are told apart; nothing of a key can be learnt from its mark."""
    keys = {f"FIELD_KEYS {name}": key for name, key in settings.FIELD_KEYS.items()} | {"AUDIT_KEY": settings.AUDIT_KEY}
    return {name: hashlib.sha256(b"eios backup key mark\0" + key).hexdigest()[:32] for name, key in keys.items()}


# --- making a copy -------------------------------------------------------------------------------------------------


def create(target: Path, report: Report, *, by: Actor) -> tuple[Manifest, list[str]]:
    """Write a copy of this installation to `target`, which appears only when it is whole; the trail keeps who took it.

    Returns the manifest and the names of stored files whose bytes are missing or differ from what was uploaded.
    Raises BackupError.
    """
    with _errors_in_russian():
        if target.exists():
            raise BackupError(f"файл {target} уже есть: укажите другое имя")
        if not dumps.is_migrated():
            raise BackupError("база пуста — сохранять нечего")
        target.parent.mkdir(parents=True, exist_ok=True)
        with _workplace(target.parent / f".{target.name}.tmp") as place:
            held = dumps.dump(place / DATABASE)
            manifest = _write(place / "copy.tar", place / DATABASE, held, report)
            (place / "copy.tar").rename(target)
        _sync_folder(target.parent)
        _record(by, "backup.made", manifest)
    files = {name: sha256 for name, (_, sha256) in manifest.files.items()}
    return manifest, sorted(path for path, sha256 in held.stored.items() if files.get(MEDIA + path) != sha256)


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """A folder of one's own for unfinished files, removed in the end; left over from a crash, it is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _errors_in_russian() -> Iterator[None]:
    try:
        yield
    except dumps.DumpError as error:
        raise BackupError(str(error)) from error
    except DatabaseError as error:
        raise BackupError(f"база данных не отвечает или отказала ({str(error).strip()})") from error
    except OSError as error:
        raise BackupError(f"{error.filename or 'диск'}: {error.strerror or error}") from error


def _write(draft: Path, database: Path, held: dumps.Contents, report: Report) -> Manifest:
    """The tar itself. Its manifest comes last, when the checksums of everything before it are known."""
    media = settings.MEDIA_ROOT
    sources = [(DATABASE, database), *((MEDIA + path.relative_to(media).as_posix(), path) for path in _media_files())]
    total = sum(path.stat().st_size for _, path in sources if path.exists())
    files, done = {}, 0
    with (
        open(draft, "xb", opener=_private) as out,
        tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, path in sources:
            try:
                source = path.open("rb")
            except FileNotFoundError:
                continue  # removed by the clean-up of orphans since the list was made
            with source:
                files[name] = _add(tar, name, source, os.fstat(source.fileno()).st_size)
            done += files[name][0]
            report(min(done, total), total)
        manifest = _manifest(held, files)
        text = _sealed(asdict(manifest))
        _add(tar, MANIFEST, io.BytesIO(text), len(text))
        tar.close()
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _media_files() -> Iterator[Path]:
    """Stored files, without drafts (dotted names) and links."""
    for folder, folders, names in os.walk(settings.MEDIA_ROOT):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = (Path(folder, name) for name in sorted(names) if not name.startswith("."))
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class _Digest:
    """Reads through a file, counting its checksum on the way."""

    def __init__(self, source: BinaryIO):
        self.source, self.sha256 = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.sha256.update(data)
        return data


def _add(tar: tarfile.TarFile, name: str, source: BinaryIO, size: int) -> list:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    reader = _Digest(source)
    tar.addfile(info, reader)
    return [size, reader.sha256.hexdigest()]


def _manifest(held: dumps.Contents, files: dict[str, list]) -> Manifest:
    return Manifest(
        format=FORMAT,
        created=timezone.localtime().isoformat(timespec="seconds"),
        version=portal_version(),
        engine=dumps.engine(),
        keys=key_marks(),
        migrations=held.migrations,
        tables=held.tables,
        files=files,
    )


def _sealed(fields: dict) -> bytes:
    """The manifest's text with a checksum of its own."""
    body = json.dumps(fields, ensure_ascii=False)
    return json.dumps(
        {"sha256": hashlib.sha256(body.encode()).hexdigest(), "manifest": fields}, ensure_ascii=False
    ).encode()


def _sync_folder(folder: Path) -> None:
    """Make the renamed file's name survive a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- checking a copy -----------------------------------------------------------------------------------------------


def verify(source: Path, report: Report) -> Manifest:
    """Read the whole copy and compare it with its manifest. Raises BackupError, naming what is wrong."""
    found, manifest = {}, None
    with _reading(source) as tar:
        for member in tar:
            if manifest is not None:
                raise BackupError(f"после {MANIFEST} есть лишнее: {member.name!r}")
            _refuse_unsafe(member, found)
            if member.name == MANIFEST:
                manifest = _parse(tar.extractfile(member).read())
                continue
            digest = _Digest(tar.extractfile(member))
            while digest.read(CHUNK):
                report(tar.fileobj.tell(), source.stat().st_size)
            found[member.name] = [member.size, digest.sha256.hexdigest()]
    if manifest is None:
        raise BackupError("в копии нет описи manifest.json: файл оборван или это не копия портала")
    _compare(found, manifest)
    return manifest


@contextmanager
def _reading(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:") as tar:
            yield tar
    except FileNotFoundError as error:
        raise BackupError(f"нет файла {source}") from error
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{source} — не копия портала или файл повреждён ({error})") from error
    except OSError as error:
        raise BackupError(f"{source} не читается: {error.strerror or error}") from error


def _refuse_unsafe(member: tarfile.TarInfo, seen: dict) -> None:
    """Only ordinary files, under the names that `create` gives, each once: nothing may land outside its folder."""
    name = member.name
    path = PurePosixPath(name)
    ordinary = member.isreg() and str(path) == name and not path.is_absolute() and "\\" not in name and "\0" not in name
    hidden = any(part.startswith(".") for part in path.parts)
    known = name in (DATABASE, MANIFEST) or (name.startswith(MEDIA) and len(path.parts) > 1)
    if not ordinary or hidden or not known:
        raise BackupError(f"недопустимое имя внутри копии: {name!r}")
    if name in seen:
        raise BackupError(f"имя повторяется внутри копии: {name!r}")
    if name == MANIFEST and member.size > MANIFEST_LIMIT:
        raise BackupError("опись manifest.json слишком велика")


def _parse(text: bytes) -> Manifest:
    try:
        fields = json.loads(text)["manifest"]
        if fields["format"] != FORMAT:
            raise BackupError(f"копия в формате {fields['format']}, эта версия портала понимает {FORMAT}")
        if _sealed(fields) != text:
            raise BackupError(f"контрольная сумма не сходится: {MANIFEST}")
        return Manifest(**fields)
    except (ValueError, TypeError, LookupError) as error:
        raise BackupError(f"опись {MANIFEST} не читается") from error


def _compare(found: dict[str, list], manifest: Manifest) -> None:
    for name in sorted(manifest.files.keys() | found.keys()):
        if name not in found:
            raise BackupError(f"в копии не хватает файла {name}")
        if found[name] != list(manifest.files.get(name, [])):
            raise BackupError(f"контрольная сумма не сходится: {name}")
    if DATABASE not in found:
        raise BackupError("в копии нет базы данных")


# --- restoring -----------------------------------------------------------------------------------------------------


def check_fits(manifest: Manifest, *, other_keys: bool = False) -> None:
    """Raise BackupError unless this installation can take the copy: same engine, version not older, same keys."""
    if manifest.engine != dumps.engine():
        raise BackupError(f"копия сделана с базы {manifest.engine}, а здесь {dumps.engine()}: базы должны совпадать")
    known = {f"{app}.{name}" for app, name in MigrationLoader(connection=None).disk_migrations}
    if newer := sorted(set(manifest.migrations) - known):
        raise BackupError(f"копия сделана версией портала {manifest.version}, новее этой: обновите портал ({newer[0]})")
    here = key_marks()
    lost = sorted(name for name, mark in manifest.keys.items() if here.get(name) != mark)
    if lost and not other_keys:
        raise BackupError(
            f"ключи этой установки не те, с которыми сделана копия ({', '.join(lost)}). Перенесите их из прежней "
            "установки или добавьте --other-keys: тогда зашифрованное не прочитать, а журнал аудита не проверить"
        )


def check_empty() -> None:
    """Raise BackupError if somebody lives here already: a restored copy replaces everything."""
    with _errors_in_russian():
        _refuse_inhabited()


def _refuse_inhabited() -> None:
    if User._meta.db_table in connection.introspection.table_names() and User.objects.exists():
        raise BackupError(
            f"в этой установке уже есть люди ({User.objects.count()}): восстанавливать можно только в пустую"
        )
    if next(_media_files(), None):
        raise BackupError(f"в папке файлов {settings.MEDIA_ROOT} уже есть файлы: восстанавливать можно только в пустую")


def restore(source: Path, manifest: Manifest, report: Report) -> None:
    """Bring a verified copy into this empty installation, database and files. Raises BackupError."""
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    with _workplace(settings.MEDIA_ROOT / STAGING) as place, _errors_in_russian():
        _unpack(source, place, manifest, report)
        dumps.load(place / DATABASE)
        if dumps.contents().tables != manifest.tables:
            raise BackupError("число строк в базе после восстановления не сошлось с описью")
        for folder in sorted((place / MEDIA).glob("*")):
            folder.rename(settings.MEDIA_ROOT / folder.name)


def _unpack(source: Path, place: Path, manifest: Manifest, report: Report) -> None:
    (place / MEDIA).mkdir()
    with _reading(source) as tar:
        for member in tar:
            if member.name not in manifest.files:
                continue
            target = place / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            digest = _Digest(tar.extractfile(member))
            with open(target, "xb") as out:
                shutil.copyfileobj(digest, out, CHUNK)
            if digest.sha256.hexdigest() != manifest.files[member.name][1]:
                raise BackupError(f"копия изменилась во время восстановления: {member.name}")
            report(tar.fileobj.tell(), source.stat().st_size)


def note_restored(manifest: Manifest, *, by: Actor) -> None:
    """Leave a trace of the restoration, when the database has been brought up to date."""
    _record(by, "backup.restored", manifest)


def _record(by: Actor, action: str, manifest: Manifest) -> None:
    held = {"created": manifest.created, "rows": manifest.rows, "files": manifest.media_count}
    audit.record(by, action, SchoolCard.current(), {name: [None, value] for name, value in held.items()})


def default_name(moment: datetime) -> str:
    return f"eios-{moment:%Y-%m-%d-%H%M%S}.tar"
