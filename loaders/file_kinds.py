"""What a file is by its bytes, before any reader may touch it.

Readers of tables accept almost anything in silence: UTF-16, compressed bytes, pages of HTML. So the
kind is decided here from the bytes, compared with the file's name; text is decoded in one place.
"""

import io
import re
import zipfile
from typing import Literal

from loaders.containers import BROKEN
from loaders.reading import Refused

Kind = Literal["text", "xlsx", "xls", "ods", "parquet", "gzip", "zip"]
WORKBOOKS: tuple[Kind, ...] = ("xlsx", "xls", "ods")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".geojson", ".ndjson", ".jsonl")

WIDE_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
FOREIGN = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ\x00": "compressed with xz",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "compressed with zstandard",
    b"SQLite format 3": "a database",
}
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
# In an XLS file the record that names the cipher follows the one that opens the workbook.
FILEPASS = re.compile(rb"\x09\x08\x10\x00.{16}\x2f\x00", re.DOTALL)
LOCKED = "{} is locked with a password: send it without one"
UTF8_PAIR = re.compile(rb"[\xc3\xc2][\x80-\xbf]|\xe2\x80[\x80-\xbf]")
# Letters and punctuation of western Europe; the rest of Windows-1252 is control codes and symbols
# that in practice mean the bytes are something else.
WINDOWS_TEXT = re.compile(rb"[\x80\x85\x91-\x97\x99\xa0-\xff]")
JSON_START = re.compile(rb"\s*[\[{]\s*[\"{\[\]}]")


def kind_of(data: bytes, name: str) -> Kind:
    """The kind of these bytes; raises `Refused` for what no reader here can take."""
    if not data.strip():
        raise Refused(f"{name} is empty: fetch it again")
    if data[:2] == b"\x1f\x8b":
        return "gzip"
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _kind_of_zip(data, name)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _kind_of_ole2(data, name)
    if data[:4] == b"PAR1":
        return _whole_parquet(data, name)
    for mark, what in FOREIGN.items():
        if data.startswith(mark):
            raise Refused(f"{name} is {what}, not a table: send it as CSV or as a workbook")
    return "text"


def agree(kind: Kind, suffix: str, name: str, data: bytes) -> None:
    """Raise `Refused` when the name promises something else than the bytes are."""
    if kind == "text" and suffix in (*WORKBOOK_SUFFIXES, ".parquet"):
        what = _what_text(data) or "plain text"
        raise Refused(f"{name} is {what}, not the file that its name says: fetch it again")
    if kind in WORKBOOKS and suffix in (*TEXT_SUFFIXES, ".parquet"):
        raise Refused(f"{name} is a workbook, not text: rename it to .{kind} or save it as CSV")
    if kind == "parquet" and suffix in (*TEXT_SUFFIXES, *WORKBOOK_SUFFIXES):
        raise Refused(f"{name} is a Parquet file: rename it to .parquet")
    if kind == "text":
        _agree_text(suffix, name, data)


def utf8(data: bytes, name: str) -> tuple[bytes, str]:
    """The text as UTF-8 without byte order mark, and the encoding in which it was published.

    UTF-8 is taken as it is. Anything else is taken as Windows-1252 (what Excel writes in Britain
    as "CSV") only if every byte beyond ASCII is one of its letters or punctuation and none of them
    pair up as UTF-8 does: else a file in two encodings would pass with garbled names.
    """
    _refuse_wide(data, name)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _from_windows(data, name, error.start), "windows-1252"
    return data.removeprefix(b"\xef\xbb\xbf"), "utf-8"


def _kind_of_zip(data: bytes, name: str) -> Kind:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN:
        raise Refused(f"{name} is a broken or cut off zip file: fetch it again") from None
    members = {info.filename for info in archive.infolist()}
    if "[Content_Types].xml" in members and any(part.startswith("xl/") for part in members):
        return "xlsx"
    return _kind_of_ods(archive, members, name) if "mimetype" in members else "zip"


def _kind_of_ods(archive: zipfile.ZipFile, members: set[str], name: str) -> Kind:
    manifest = "META-INF/manifest.xml"
    try:
        locked = manifest in members and b"encryption-data" in archive.open(manifest).read(1 << 20)
    except BROKEN:
        raise Refused(f"{name} is a damaged ODS file: fetch it again") from None
    if locked or "encrypted-package" in members:
        raise Refused(LOCKED.format(name))
    return "ods" if "content.xml" in members else "zip"


def _kind_of_ole2(data: bytes, name: str) -> Kind:
    if ENCRYPTED_PACKAGE in data or FILEPASS.search(data):
        raise Refused(LOCKED.format(name))
    return "xls"


def _whole_parquet(data: bytes, name: str) -> Kind:
    if data[-4:] != b"PAR1":
        raise Refused(f"{name} is a Parquet file that is cut off: fetch it again")
    return "parquet"


def _what_text(data: bytes) -> str | None:
    start = data[:2048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start.startswith(b"<"):
        return None
    return "a web page (HTML)" if b"html" in start else "an XML page"


def _agree_text(suffix: str, name: str, data: bytes) -> None:
    what = _what_text(data)
    if what:
        raise Refused(f"{name} is {what}, not data: fetch it again")
    if suffix in (".csv", ".tsv") and JSON_START.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise Refused(f"{name} holds JSON, not a table: fetch it again or rename it to .json")


def _refuse_wide(data: bytes, name: str) -> None:
    for mark, encoding in WIDE_MARKS.items():
        if data.startswith(mark):
            raise Refused(f"{name} is written in {encoding}: save it as UTF-8")
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise Refused(
            f"{name} holds bytes that are no text (NUL, line {line}): it is damaged or written in "
            "UTF-16; save it again as UTF-8"
        )


def _from_windows(data: bytes, name: str, at: int) -> bytes:
    line = data.count(b"\n", 0, at) + 1
    strange = WINDOWS_TEXT.sub(b"", data)
    if not strange.isascii() or UTF8_PAIR.search(data):
        raise Refused(f"{name} is not readable as UTF-8 (line {line}): save it again as UTF-8")
    return data.decode("windows-1252").encode()
