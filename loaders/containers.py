"""Files that wrap another one (gzip, zip), opened only as far as is safe.

Sizes in a header are the sender's claim, so every member is unpacked in steps and stopped at a cap.
"""

import gzip
import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO

from loaders.reading import Refused

MEGABYTE = 1 << 20
LARGEST_FILE = 2048 * MEGABYTE
LARGEST_UNPACKED = 1024 * MEGABYTE
# Text and spreadsheets shrink 5 to 60 times; a member that grows more than this is made to harm.
LARGEST_RATIO = 200
# Below this a high ratio does no harm: a small file of zeros shrinks as far as anything.
HARMLESS = 20 * MEGABYTE
MOST_MEMBERS = 2000
STEP = MEGABYTE
# Everything that the standard library was seen to raise on altered zip files.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
# What publishers put beside the one file of data (NHS organisation data comes so).
DESCRIPTIONS = (".pdf", ".doc", ".docx", ".rtf")


def gunzipped(data: bytes, name: str) -> bytes:
    """All of a gzip file; raises `Refused` when it is cut off, damaged or grows without measure."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as unpacked:
            return _in_steps(unpacked, len(data), name)
    except EOFError:
        raise Refused(f"{name} is a gzip file that is cut off: fetch it again") from None
    except (gzip.BadGzipFile, zlib.error, OSError):
        raise Refused(f"{name} is a damaged gzip file: fetch it again") from None


def only_member(data: bytes, name: str) -> tuple[bytes, str]:
    """The bytes and name of the only file in a zip."""
    members = [info for info in checked_members(data, name) if not _is_clutter(info)]
    if len(members) != 1:
        found = ", ".join(info.filename for info in members[:5]) or "nothing"
        raise Refused(
            f"{name} must hold one file and holds {len(members)} ({found}): send each by itself"
        )
    packed = max(1, members[0].compress_size)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(members[0]) as member:
            return _in_steps(member, packed, name), PurePosixPath(members[0].filename).name
    except BROKEN:
        raise Refused(f"{name} is a damaged zip file: fetch it again") from None


def checked_members(data: bytes, name: str) -> list[zipfile.ZipInfo]:
    """The members of a zip or of a workbook (which is one), after the caps on number and size."""
    members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    if len(members) > MOST_MEMBERS:
        raise Refused(
            f"{name} holds {len(members):,} parts, more than {MOST_MEMBERS:,}: not opened"
        )
    if any(info.flag_bits & 1 for info in members):
        raise Refused(f"{name} is locked with a password: send it without one")
    for info in members:
        _within_caps(info.file_size, info.compress_size, name)
    _within_caps(sum(info.file_size for info in members), len(data), name)
    return members


def _in_steps(unpacked: IO[bytes] | gzip.GzipFile, packed: int, name: str) -> bytes:
    whole = bytearray()
    while step := unpacked.read(STEP):
        whole += step
        _within_caps(len(whole), packed, name)
    return bytes(whole)


def _within_caps(size: int, packed: int, name: str) -> None:
    if size > LARGEST_UNPACKED:
        raise Refused(
            f"{name} unpacks to more than {LARGEST_UNPACKED // MEGABYTE:,} MB: send it in parts"
        )
    if size > HARMLESS and size > LARGEST_RATIO * max(1, packed):
        raise Refused(
            f"{name} unpacks to more than {LARGEST_RATIO} times its size, as a zip bomb does: "
            "ask the sender what it is"
        )


def _is_clutter(info: zipfile.ZipInfo) -> bool:
    """Folders, what a Mac adds to every zip that it makes, and a description beside the data."""
    path = PurePosixPath(info.filename)
    made_by_mac = path.parts[:1] == ("__MACOSX",) or path.name == ".DS_Store"
    return info.is_dir() or made_by_mac or path.suffix.lower() in DESCRIPTIONS
