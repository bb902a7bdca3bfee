"""What a sheet says, read out of the PDF."""

import io
import re

from pypdf import PdfReader


def words_of(sheet: bytes) -> str:
    """All text of a PDF; where lines end is of no interest."""
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(sheet)).pages)


def flat(text: str) -> str:
    """A text without any space, since a PDF keeps places and not spaces."""
    return re.sub(r"\s", "", text)
