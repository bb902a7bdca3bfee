"""Cells of a workbook that its reader shows as plain or empty: formulas, and errors such as #N/A.

Only XLSX and ODS keep them as text that can be looked through; each part is parsed only if a quick
search finds such a cell in it.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

# Plain searches: one regular expression for all of them takes seconds on a large sheet.
SIGNS = (
    b"<f>",
    b"<f ",
    b"<f/",
    b":f>",
    b":f ",
    b":f/",
    b't="e"',
    b"t='e'",
    b":formula=",
    b'"error"',
)
REFERENCE = re.compile(r"([A-Z]+)(\d+)")
CELLS = ("table-cell", "covered-table-cell")


@dataclass
class Marks:
    """Places (row, column, from 0) of formulas, and the text of error cells by place."""

    formulas: list[tuple[int, int]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


def marks_of(data: bytes) -> dict[str, Marks]:
    """The marked cells of each sheet by its name; sheets without any, and XLS, are left out."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        if "content.xml" in book.namelist():
            return _marks_of_ods(book.read("content.xml"))
        parts = {name: book.read(part) for name, part in _parts(book).items()}
    return {name: _marks_of_part(xml) for name, xml in parts.items() if _may_be_marked(xml)}


def _may_be_marked(xml: bytes) -> bool:
    return any(sign in xml for sign in SIGNS)


def _parts(book: zipfile.ZipFile) -> dict[str, str]:
    """The part of the package that holds each sheet; a binary workbook (XLSB) has none."""
    names = set(book.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    targets = {
        link.get("Id", ""): posixpath.normpath(posixpath.join("xl", link.get("Target", "")))
        for link in _elements(book.read("xl/_rels/workbook.xml.rels"))
    }
    found = {}
    for element in _elements(book.read("xl/workbook.xml")):
        links = [value for key, value in element.attrib.items() if key.endswith("}id")]
        if element.tag.endswith("}sheet") and links:
            found[element.get("name", "")] = targets.get(links[0], "").removeprefix("/")
    return {name: part for name, part in found.items() if part in names}


def _elements(xml: bytes) -> Iterator[ElementTree.Element]:
    """All elements of a small part. What a hostile one can do ends with the child that reads it."""
    return ElementTree.fromstring(xml).iter()  # noqa: S314 # nosec B314


class _Part:
    """Walks through one sheet of an XLSX file."""

    def __init__(self) -> None:
        self.marks = Marks()
        self._row, self._column = -1, -1
        self._is_error, self._text = False, ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 2)) - 1, -1
            case "c":
                self._column = _column_of(attributes.get("r", ""), self._column + 1)
                self._is_error, self._text = attributes.get("t") == "e", ""
            case "f":
                self.marks.formulas.append((self._row, self._column))
            case "v":
                self._text = ""

    def text(self, text: str) -> None:
        self._text += text

    def end(self, tag: str) -> None:
        if self._is_error and tag.rpartition(":")[2] == "v":
            self.marks.errors[self._row, self._column] = self._text


def _marks_of_part(xml: bytes) -> Marks:
    part = _Part()
    _walk(xml, part)
    return part.marks


class _Content:
    """Walks through all sheets of an ODS file."""

    def __init__(self) -> None:
        self.found: dict[str, Marks] = {}
        self._marks = Marks()
        self._row = self._next_row = self._column = self._next_column = 0
        self._is_error, self._text = False, ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        named = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if local == "table":
            self._marks = self.found.setdefault(named.get("name", ""), Marks())
            self._next_row = 0
        elif local == "table-row":
            self._row, self._next_column = self._next_row, 0
            self._next_row += int(named.get("number-rows-repeated", 1))
        elif local in CELLS:
            self._cell(named, attributes)

    def _cell(self, named: dict[str, str], attributes: dict[str, str]) -> None:
        self._column = self._next_column
        self._next_column += int(named.get("number-columns-repeated", 1))
        self._is_error, self._text = "error" in _value_types(attributes), ""
        if "formula" in named:
            self._marks.formulas.append((self._row, self._column))

    def text(self, text: str) -> None:
        self._text += text

    def end(self, tag: str) -> None:
        if self._is_error and tag.rpartition(":")[2] in CELLS:
            self._marks.errors[self._row, self._column] = self._text.strip()
            self._is_error = False


def _marks_of_ods(xml: bytes) -> dict[str, Marks]:
    if not _may_be_marked(xml):
        return {}
    content = _Content()
    _walk(xml, content)
    return content.found


def _walk(xml: bytes, walker: _Part | _Content) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = walker.start
    parser.EndElementHandler = walker.end
    parser.CharacterDataHandler = walker.text
    parser.Parse(xml, True)


def _value_types(attributes: dict[str, str]) -> set[str]:
    return {value for key, value in attributes.items() if key.endswith("value-type")}


def _column_of(reference: str, otherwise: int) -> int:
    found = REFERENCE.match(reference)
    if not found:
        return otherwise
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
