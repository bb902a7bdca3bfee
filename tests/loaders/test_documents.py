"""Files are judged by their bytes before a reader sees them: hostile and merely broken ones."""

import contextlib
import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlwt
from hypothesis import example, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from loaders import containers
from loaders.delimited import read_delimited
from loaders.documents import Document, open_document
from loaders.reading import Refused, Skipped
from loaders.spreadsheets import read_sheets

PLAIN = b"area,date,cases\nE06000001,2020-03-01,4\nE06000002,2020-03-01,5\n"
Opening = Callable[[str, bytes], Document]


@pytest.fixture
def opened(tmp_path: Path) -> Opening:
    def write_and_open(name: str, data: bytes) -> Document:
        path = tmp_path / name
        path.write_bytes(data)
        return open_document(path, name)

    return write_and_open


def zipped(members: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return archive.getvalue()


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Sheet1"
    for row in rows:
        book.active.append(row)
    return saved(book)


def rows_of(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode(), newline="")))


# What is refused before anything is read


HOSTILE = {
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b" \r\n\r\n\t\n", "is empty"),
    "page.csv": (b"<!DOCTYPE html><html><body>Moved</body></html>", "a web page"),
    "page.json": (b"\n <html><title>503</title></html>", "a web page"),
    "report.xlsx": (b"<!DOCTYPE html>\n<html lang='en'>", "a web page"),
    "report.xls": (b"<?xml version='1.0'?><Workbook/>", "an XML page"),
    "list.xlsx": (PLAIN, "plain text"),
    "list.parquet": (PLAIN, "plain text"),
    "utf16.csv": ("area,cases\nX,1\n".encode("utf-16"), "UTF-16"),
    "utf32.csv": ("area,cases\nX,1\n".encode("utf-32"), "UTF-32"),
    "unmarked.csv": ("area,cases\nX,1\n".encode("utf-16-le"), "NUL, line 1"),
    "nul.csv": (b"area,cases\nX,\x00\x00\n", "NUL, line 2"),
    "gzip.csv": (gzip.compress(PLAIN), "is packed"),
    "zip.csv": (zipped({"a.csv": PLAIN}), "is packed"),
    "cut.csv.gz": (gzip.compress(PLAIN * 50)[:-30], "cut off"),
    "tail.csv.gz": (gzip.compress(PLAIN)[:-4], "cut off"),
    "broken.csv.gz": (b"\x1f\x8b\x08\x00" + b"\x07" * 40, "damaged gzip"),
    "cut.zip": (zipped({"a.csv": PLAIN})[:-30], "broken or cut off zip"),
    "two.zip": (zipped({"a.csv": PLAIN, "b.csv": PLAIN}), "holds 2 (a.csv, b.csv)"),
    "none.zip": (zipped({"readme.pdf": b"%PDF"}), "holds 0"),
    "thrice.csv.gz.gz.gz": (
        gzip.compress(gzip.compress(gzip.compress(PLAIN))),
        "packed more than 2",
    ),
    "twice.csv.gz": (gzip.compress(gzip.compress(PLAIN)), "is packed"),
    "named.csv": (b"%PDF-1.4 rest", "is a PDF"),
    "packed.csv": (b"BZh91AY&SY", "compressed with bzip2"),
    "cut.parquet": (b"PAR1\x15\x04\x15", "cut off"),
    "json.csv": (b'{"data": []}', "holds JSON"),
    "mixed.csv": ("name\nCafé\n".encode() + b"Caf\xe9\n", "not readable as UTF-8 (line 3)"),
    "latin.csv": (b"name\n\x81\x8d\n", "not readable as UTF-8 (line 2)"),
    "table.json": (workbook([["a"]]), "is a workbook"),
}


@pytest.mark.parametrize(("name", "data", "said"), [(n, *rest) for n, rest in HOSTILE.items()])
def test_what_would_be_misread_is_refused_in_one_sentence(
    name: str, data: bytes, said: str, opened: Opening
) -> None:
    with pytest.raises(Refused) as refusal:
        opened(name, data)
    sentence = str(refusal.value)
    assert said in sentence
    assert name in sentence
    assert "\n" not in sentence
    assert ": " in sentence, "says what to do"


def test_a_locked_workbook_is_refused_with_the_reason(opened: Opening) -> None:
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    with pytest.raises(Refused, match="locked with a password"):
        opened("locked.xlsx", encrypted + "EncryptedPackage".encode("utf-16-le"))


def test_a_locked_zip_member_is_refused(opened: Opening) -> None:
    locked = bytearray(zipped({"a.csv": PLAIN}))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(header) + flags] |= 1
    with pytest.raises(Refused, match="locked with a password"):
        opened("a.zip", bytes(locked))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be opened"):
        open_document(tmp_path / "absent.csv", "absent.csv")


def test_a_file_beyond_the_size_cap_is_refused_unread(
    opened: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loaders.documents.LARGEST_FILE", 20)
    with pytest.raises(Refused, match="larger than"):
        opened("large.csv", PLAIN)


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.zip", "bomb.xlsx", "bomb.ods"])
def test_a_bomb_is_stopped_before_it_unpacks(name: str, opened: Opening) -> None:
    blanks = b" " * (containers.HARMLESS + containers.STEP)
    parts = {
        "bomb.zip": {"a.csv": blanks},
        "bomb.xlsx": {"[Content_Types].xml": b"", "xl/worksheets/sheet1.xml": blanks},
        "bomb.ods": {"mimetype": b"", "content.xml": blanks},
    }
    data = zipped(parts[name]) if name in parts else gzip.compress(blanks)
    with pytest.raises(Refused, match="200 times its size"):
        opened(name, data)


def test_a_zip_that_lies_about_its_size_is_stopped_too(opened: Opening) -> None:
    """The sizes in a zip's directory are the sender's claim."""
    lying = bytearray(zipped({"a.csv": b" " * (containers.HARMLESS + containers.STEP)}))
    for header, size in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = lying.index(header) + size
        lying[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(Refused):
        opened("a.zip", bytes(lying))


def test_what_unpacks_beyond_the_cap_is_refused(
    opened: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(containers, "LARGEST_UNPACKED", 40)
    with pytest.raises(Refused, match="unpacks to more than"):
        opened("a.csv.gz", gzip.compress(PLAIN))


def test_too_many_parts_are_refused(opened: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MOST_MEMBERS", 3)
    with pytest.raises(Refused, match="4 parts"):
        opened("a.zip", zipped({f"{n}.csv": PLAIN for n in range(4)}))


def test_altered_bytes_are_opened_or_refused_and_nothing_else(opened: Opening) -> None:
    dice = random.Random(11)
    whole = {
        "a.zip": zipped({"a.csv": PLAIN * 9}),
        "a.csv.gz": gzip.compress(PLAIN * 9),
        "a.xlsx": workbook([["a"]]),
        "a.ods": open_workbook([["a"]]),
        "a.csv": PLAIN,
    }
    for name, data in list(whole.items()) * 80:
        altered = bytearray(data)
        for _ in range(dice.randrange(1, 6)):
            altered[dice.randrange(len(data))] = dice.randrange(256)
        with contextlib.suppress(Refused):
            opened(name, bytes(altered))


# What is opened


@pytest.mark.parametrize(
    ("name", "data", "suffix"),
    [
        ("a.csv", PLAIN, ".csv"),
        ("A.CSV", b"\xef\xbb\xbf" + PLAIN, ".csv"),
        ("a.csv.gz", gzip.compress(PLAIN), ".csv"),
        ("a.zip", zipped({"inner/a.csv": PLAIN}), ".csv"),
        ("a.csv.zip", zipped({"a.csv": PLAIN, "__MACOSX/._a.csv": b"\0\0"}), ".csv"),
        ("a.zip", zipped({"a.csv.gz": gzip.compress(PLAIN)}), ".csv"),
        ("etr.zip", zipped({"etr.csv": PLAIN, "etr.pdf": b"%PDF-1.4"}), ".csv"),
        ("a.csv", PLAIN.replace(b"\n", b"\r\n"), ".csv"),
        ("a.csv", PLAIN.replace(b"\n", b"\r"), ".csv"),
        ("a.csv", PLAIN.rstrip(), ".csv"),
    ],
)
def test_a_wrapped_or_differently_ended_file_gives_the_same_table(
    name: str, data: bytes, suffix: str, opened: Opening
) -> None:
    document = opened(name, data)
    assert document.suffix == suffix
    assert document.table().rows() == [
        ("E06000001", "2020-03-01", "4", 2),
        ("E06000002", "2020-03-01", "5", 3),
    ]
    assert document.counted == {"": {2, 3}}
    assert document.ragged == []


def test_windows_text_is_read_and_said_so(opened: Opening) -> None:
    document = opened("a.csv", "place,note\nCafé,“£5”\n".encode("windows-1252"))
    assert document.encoding == "windows-1252"
    assert document.table().row(0)[:2] == ("Café", "“£5”")


# Tables of text


def test_values_stay_as_published(opened: Opening) -> None:
    table = opened("a.csv", b'a,b,c\n 007 ,"1,234","x\ny"\n"",,-\n').table()
    assert table.rows() == [(" 007 ", "1,234", "x\ny", 2), ("", None, "-", 3)]


def test_a_file_without_heading_takes_the_promised_names(opened: Opening) -> None:
    document = opened("etr.csv", b"R0A,MANCHESTER,\nRGT,CAMBRIDGE,\n")
    table = document.table(header=False, columns=["code", "name", "note"])
    assert table.rows(named=True)[0] == {
        "code": "R0A",
        "name": "MANCHESTER",
        "note": None,
        "_row": 1,
    }
    with pytest.raises(Refused, match="3 columns where 2 are promised"):
        document.table(header=False, columns=["code", "name"])


def test_repeated_and_empty_headings_are_told_apart(opened: Opening) -> None:
    table = opened("a.csv", b"date,,date,_row\n1,2,3,4\n").table()
    assert table.columns == ["date", "column_2", "date (2)", "_row (2)", "_row"]


def test_records_that_do_not_fit_are_set_aside_with_reasons(opened: Opening) -> None:
    document = opened("a.csv", b'a,b\n1,2\n3\n\n4,5,6\na,b\n7,8\n,\n"9"x,9\n9,"1""0"\n11,5" pipe\n')
    table = document.table()
    assert table.rows() == [("1", "2", 2), ("7", "8", 7), ("9", '1"0', 10), ("11", '5" pipe', 11)]
    assert document.ragged == [
        (3, "3", "it has 1 values where the heading has 2"),
        (5, "4,5,6", "it has 3 values where the heading has 2"),
        (6, "a,b", "the heading stands here again"),
        (9, '"9"x,9', "a quote stands in the middle of a value"),
    ]
    assert document.counted[""] == {2, 3, 5, 6, 7, 9, 10, 11}


BROKEN_TABLES = {
    "separated by semicolons": b"area;date;cases\nX;2020-03-01;4\n",
    "separated by tabs": b"area\tdate\nX\t2020-03-01\n",
    "cut off in its last record, 3": b"a,b,c\n1,2,3\n4,5",
    "opens a quote in record 3": b'a,b\n1,2\n3,"4\n5,6\n',
    "opens a quote in record 2": b'a,b\n1,"2\n3,"4\n5,6\n',
    "a heading and no rows": b"a,b,c\n",
    "most records do not fit": b"Title of the table\na,b\n1,2\n3,4\n",
    "has 6,000 columns": b",".join(b"x" for _ in range(6000)) + b"\n",
}


@pytest.mark.parametrize("said", BROKEN_TABLES)
def test_a_table_that_is_not_one_is_refused(said: str, opened: Opening) -> None:
    with pytest.raises(Refused, match=said):
        opened("a.csv", BROKEN_TABLES[said]).table()


def test_a_quote_that_swallows_a_whole_file_is_found(opened: Opening) -> None:
    rows = b"".join(b"%d,%d\n" % (n, n) for n in range(5000))
    with pytest.raises(Refused, match="opens a quote in record 2"):
        opened("a.csv", b'a,b\n1,"2\n' + rows + b'1,2"\n').table()


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6) | st.text(
    alphabet='ab",;\n\r\t |\ufeff\x85\u2028\x1c\x0c ', max_size=6
)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=6)
)


@settings(deadline=None)
@given(TABLES, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from([",", ";", "\t"]))
def test_any_table_written_as_csv_comes_back_equal(
    rows: list[list[str]], end: str, delimiter: str
) -> None:
    breaks = any(mark in cell for row in rows for cell in row for mark in "\r\n")
    quoting = csv.QUOTE_ALL if breaks else csv.QUOTE_MINIMAL
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator=end, delimiter=delimiter, quoting=quoting)
    writer.writerows([[f"c{n}" for n in range(len(rows[0]))], *rows])
    expected = [(n, row) for n, row in enumerate(rows, start=2) if "".join(row).strip()]
    if not expected:
        with pytest.raises(Refused):
            read_delimited(file.getvalue().encode(), "x.csv", delimiter, True, None)
        return
    read = read_delimited(file.getvalue().encode(), "x.csv", delimiter, True, None)
    assert [(row[-1], [v or "" for v in row[:-1]]) for row in read.frame.rows()] == expected
    assert read.counted == {number for number, _ in expected}


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet='ab1,"\r\n ', min_size=1, max_size=60))
@example('1,\r"" ')
def test_whatever_the_text_every_record_is_kept_set_aside_or_the_file_refused(text: str) -> None:
    data = ("a,b\n" + text).encode()
    try:
        read = read_delimited(data, "x.csv", ",", True, None)
    except Refused:
        return
    aside = {misfit.row for misfit in read.ragged}
    kept = set(read.frame["_row"].to_list())
    assert kept | aside == read.counted
    assert not kept & aside
    records = rows_of(data)
    filled = {n for n, row in enumerate(records, start=1) if n > 1 and "".join(row).strip()}
    # A record of blanks with a quote astray is none to a lenient reader; ours sets it aside.
    assert filled <= read.counted and read.counted - filled <= aside
    for *values, number in read.frame.rows():
        assert [value or "" for value in values] == records[number - 1]


def test_a_million_rows_are_read_and_counted(opened: Opening) -> None:
    row = b"E06000001,2020-03-01,4\n"
    document = opened("a.csv", b"area,date,cases\n" + row * 1_000_000)
    assert document.table().height == 1_000_000
    assert len(document.counted[""]) == 1_000_000


@pytest.mark.parametrize(
    ("rows", "cap"),
    [
        (65_535, 65_536),
        (65_534, 65_535),
        (65_536, 65_536),
        (1_048_575, 1_048_576),
        (1_048_574, 1_048_575),
        (1024, 1024),
        (1023, 1024),
        (1000, None),
        (511, None),
    ],
)
def test_a_row_count_at_a_cap_is_noted(rows: int, cap: int | None, opened: Opening) -> None:
    """16,000 cases were lost in October 2020 when rows beyond 65,536 were cut without a word."""
    document = opened("a.csv", b"a,b\n" + b"1,2\n" * rows)
    document.table()
    assert document.row_cap == cap


def test_the_rest_of_the_rows_can_be_skipped_with_a_reason(opened: Opening) -> None:
    document = opened("a.csv", b"a,b\n1,2\n3,4\nnote\n5,6\n7,8\n")
    table = document.table()
    kept = {"rows": table.filter(pl.col("a") == "1")}
    earlier = [Skipped.of([3], "total")]
    assert document.skip_rest(kept, "note", earlier) == [Skipped.of([5, 6], "note")]
    assert document.skip_rest({"rows": table}, "note") == []


# JSON and lines


@pytest.mark.parametrize(
    "text",
    ["{}", "[]", "null", '""', '{"data": []}', '{"body": [], "length": 0, "page": {}}', "[{}, {}]"],
)
def test_json_that_holds_nothing_is_refused(text: str, opened: Opening) -> None:
    with pytest.raises(Refused, match="holds nothing"):
        opened("a.json", text.encode()).json()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"data": [1, 2', "broken or cut off JSON"),
        ('[{"a": NaN}]', "holds NaN"),
        ('[{"a": 1, "a": 2}]', "twice"),
        ("[" * 100_000, "cannot be read"),
        ("[" + "9" * 5000 + "]", "cannot be read"),
    ],
)
def test_json_that_would_be_misread_is_refused(text: str, said: str, opened: Opening) -> None:
    with pytest.raises(Refused, match=said):
        opened("a.json", text.encode()).json()


def test_records_and_lines_are_counted(opened: Opening) -> None:
    listed = opened("a.json", json.dumps([{"a": 1}, {"a": 2}]).encode())
    assert listed.json() == [{"a": 1}, {"a": 2}]
    assert listed.counted == {"": {1, 2}}
    lined = opened("a.ndjson", b'{"a": 1}\r\n\r\n{"a": "\xc2\x85"}\r\n')
    assert lined.lines() == ['{"a": 1}', "", '{"a": "\x85"}']
    assert lined.counted == {"": {1, 3}}


def test_a_document_does_not_pretend_to_be_another_kind(opened: Opening) -> None:
    with pytest.raises(Refused, match="where a workbook is promised"):
        opened("a.csv", PLAIN).sheets()
    with pytest.raises(Refused, match="where a table of text is promised"):
        opened("a.xlsx", workbook([["a"]])).table()


# Workbooks


def test_cells_come_as_text_at_their_own_place(opened: Opening) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Tab 1"
    page["B3"], page["C3"], page["D3"] = "code", 43891, 0.1 + 0.2
    page["C3"].number_format = "dd/mm/yyyy"
    page["B4"], page["C4"], page["D4"], page["E4"] = "007", 12.0, 12.5, True
    page["B6"], page["C6"], page["D6"] = "=1+1", "#N/A", 1e20
    document = opened("a.xlsx", saved(book))
    sheet = document.sheets()["Tab 1"]
    assert sheet.rows == [
        ["", "", "", "", ""],
        ["", "", "", "", ""],
        ["", "code", "2020-03-01", "0.3", ""],
        ["", "007", "12", "12.5", "TRUE"],
        ["", "", "", "", ""],
        ["", "", "#N/A", "100000000000000000000", ""],
    ]
    assert sheet.formulas == {(5, 1)}
    assert document.counted == {"Tab 1": {3, 4, 6}}
    assert sheet.count_cells([2, 3], [2, 3, 4]) == 5


def test_a_frame_keeps_the_numbers_of_its_sheet(opened: Opening) -> None:
    document = opened(
        "a.xlsx", workbook([["Title"], [], ["a", "", "a"], [1, 2, 3], [], [4, "", 6]])
    )
    sheet = document.sheets()["Sheet1"]
    frame = sheet.frame(header_row=2, first_row=3)
    assert frame.columns == ["a", "column_2", "a (2)", "_row"]
    assert frame.rows() == [("1", "2", "3", 4), ("4", None, "6", 6)]
    assert sheet.frame(2, 3, last_row=3).rows() == [("1", "2", "3", 4)]
    tables = {"t": frame.with_columns(_sheet=pl.lit("Sheet1"))}
    assert document.skip_rest(tables, "title") == [Skipped.of([1, 3], "title", "Sheet1")]


def old_workbook(rows: list[list[object]]) -> bytes:
    book, file = xlwt.Workbook(), io.BytesIO()
    page = book.add_sheet("Sheet1")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            page.write(at, column, value)
    book.save(file)
    return file.getvalue()


def open_workbook(rows: list[list[object]], formula: str | None = None) -> bytes:
    book, page, file = OpenDocumentSpreadsheet(), Table(name="Sheet1"), io.BytesIO()
    for row in rows:
        line = TableRow()
        for value in row:
            number = isinstance(value, int | float)
            kind = {"valuetype": "float", "value": value} if number else {"valuetype": "string"}
            cell = TableCell(**kind, **({"formula": formula} if formula and number else {}))
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        page.addElement(line)
    book.spreadsheet.addElement(page)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "write"),
    [("a.xlsx", workbook), ("a.xls", old_workbook), ("a.ods", open_workbook), ("b.xls", workbook)],
)
def test_every_kind_of_workbook_gives_the_same_rows(
    name: str, write: Callable[[list[list[object]]], bytes], opened: Opening
) -> None:
    document = opened(name, write([["area", "cases"], ["E06000001", 12.0], ["E06000002", 0.5]]))
    assert document.sheets()["Sheet1"].rows == [
        ["area", "cases"],
        ["E06000001", "12"],
        ["E06000002", "0.5"],
    ]


def test_formulas_of_an_open_document_are_known(opened: Opening) -> None:
    document = opened("a.ods", open_workbook([["a", 1], ["b", 2]], formula="of:=1+1"))
    assert document.sheets()["Sheet1"].formulas == {(0, 1), (1, 1)}


def test_a_cell_in_the_last_corner_ends_the_child_and_not_us(opened: Opening) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = 1, 1
    with pytest.raises(Refused, match=r"far\.xlsx ends its reader"):
        opened("far.xlsx", saved(book)).sheets()


def test_too_many_sheets_columns_and_cells_are_refused(opened: Opening) -> None:
    wide = opened("wide.xlsx", workbook([["x"] * 6000]))
    with pytest.raises(Refused, match="more than 5,000 columns: send it in parts"):
        wide.sheets()
    many = openpyxl.Workbook()
    for _ in range(200):
        many.create_sheet()
    with pytest.raises(Refused, match="more than 200 sheets"):
        opened("many.xlsx", saved(many)).sheets()
    sparse = openpyxl.Workbook()
    sparse.active.cell(20_000, 1200, "x")
    with pytest.raises(Refused, match="more than 20,000,000 cells"):
        opened("sparse.xlsx", saved(sparse)).sheets()


def test_a_damaged_workbook_is_refused(opened: Opening) -> None:
    good = zipfile.ZipFile(io.BytesIO(workbook([["a", 1]])))
    parts = {name: good.read(name) for name in good.namelist()}
    parts["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row><c><v>1</row>"
    with pytest.raises(Refused, match="damaged"):
        opened("a.xlsx", zipped(parts)).sheets()


MANIFEST = b"""<?xml version="1.0"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">
<manifest:encryption-data manifest:checksum="x"/></manifest:file-entry></manifest:manifest>"""


def test_a_locked_open_document_is_refused_with_the_reason(opened: Opening) -> None:
    good = zipfile.ZipFile(io.BytesIO(open_workbook([["a", 1]])))
    parts = {name: good.read(name) for name in good.namelist()}
    with pytest.raises(Refused, match="locked with a password"):
        opened("a.ods", zipped({**parts, "META-INF/manifest.xml": MANIFEST}))


def test_a_locked_old_workbook_is_refused_with_the_reason(opened: Opening) -> None:
    """The record after the first one names the cipher, if there is one."""
    data = bytearray(old_workbook([["a", 1]]))
    after = data.index(b"\x09\x08\x10\x00") + 20
    data[after : after + 2] = b"\x2f\x00"
    with pytest.raises(Refused, match="locked with a password"):
        opened("a.xls", bytes(data))


def test_a_sheet_at_the_row_cap_is_noted(opened: Opening) -> None:
    document = opened("a.xls", old_workbook([["x"]] * 65_536))
    assert len(document.sheets()["Sheet1"].rows) == 65_536
    assert document.row_cap == 65_536


@settings(deadline=None, max_examples=12)
@given(st.lists(st.lists(st.integers(-9, 10**6) | st.text("abc é<&\"'", max_size=8)), max_size=9))
def test_any_sheet_comes_back_equal(rows: list[list[object]]) -> None:
    """A cell of nothing but blanks may come as empty; nothing else may change."""
    texts = [[str(cell) if str(cell).strip() else "" for cell in row] for row in rows]
    sheet = read_sheets(workbook(rows), "a.xlsx")["Sheet1"]
    filled = [list(row) for row in texts]
    while filled and not any(filled[-1]):
        filled.pop()
    width = max((len(row) for row in sheet.rows), default=0)
    cells = [[cell if cell.strip() else "" for cell in row] for row in sheet.rows[: len(filled)]]
    assert cells == [(row + [""] * width)[:width] for row in filled]


# Parquet


def test_parquet_comes_as_text(opened: Opening) -> None:
    file = io.BytesIO()
    pl.DataFrame({"a": [1, None], "d": ["2020-03-01", "2020-03-02"]}).with_columns(
        pl.col("d").str.to_date()
    ).write_parquet(file)
    document = opened("a.parquet", file.getvalue())
    assert document.table().rows() == [("1", "2020-03-01", 1), (None, "2020-03-02", 2)]
    assert document.counted == {"": {1, 2}}


def test_damaged_parquet_is_refused_or_read_but_never_harms(opened: Opening) -> None:
    file, dice = io.BytesIO(), random.Random(7)
    pl.DataFrame({"a": [str(n % 50) for n in range(3000)]}).write_parquet(file)
    for _ in range(6):
        data = bytearray(file.getvalue())
        for _ in range(4):
            data[dice.randrange(len(data) - 600, len(data) - 8)] = dice.randrange(256)
        document = opened("a.parquet", bytes(data))
        with contextlib.suppress(Refused):
            assert set(document.table()["_row"]) == document.counted[""]


# Real published files


BAD = {
    "phe_api_pages/admissions_2020-11-17.json": "holds nothing",
    "phe_api_pages/msoas_2021-02-03.csv.gz": "cut off",
    "cqc_care_home_deaths/cqc_mortality_care_homes_commit_2020-10-29.xlsx": "web page",
}


@pytest.mark.parametrize("name", BAD)
def test_the_real_bad_files_are_refused(name: str, shared_data: Path) -> None:
    path = shared_data / name
    with pytest.raises(Refused, match=BAD[name]):
        open_document(path, path.name).json()


def test_headings_doubled_by_a_real_service_are_set_aside(shared_data: Path) -> None:
    path = shared_data / "phe_api_pages" / "utla_cases_2020-09-12.csv"
    document = open_document(path, path.name)
    assert document.table().height == 5063
    assert {reason for _, _, reason in document.ragged} == {"the heading stands here again"}
    assert len(document.ragged) == 181


def test_every_real_table_is_read_to_its_last_record(shared_data: Path) -> None:
    for path in sorted(shared_data.glob("*/*.csv")):
        data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        expected = [row for row in rows_of(data) if "".join(row).strip()]
        document = open_document(path, path.name)
        table = document.table()
        assert table.height + len(document.ragged) == len(expected) - 1, path.name
        kept = [row for row in expected[1:] if row != expected[0]]
        assert [[v or "" for v in row[:-1]] for row in table.rows()] == kept, path.name


def test_a_real_workbook_holds_what_another_reader_sees(shared_data: Path) -> None:
    """openpyxl is the second opinion: every filled cell of every sheet is at the same place."""
    path = shared_data / "nhse_announced_deaths" / "COVID-19-total-announced-deaths_2020-08-03.xlsx"
    sheets = open_document(path, path.name).sheets()
    book = openpyxl.load_workbook(path, data_only=True)
    for page in book.worksheets:
        filled = {
            (cell.row - 1, cell.column - 1)
            for row in page.iter_rows()
            for cell in row
            if cell.value not in (None, "")
        }
        rows = sheets[page.title].rows
        ours = {(r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell}
        assert ours == filled, page.title
