"""A contact sheet: every picture beside the others, a row a page, a column a role."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

STYLE = """
body { font: 16px/1.4 system-ui, sans-serif; margin: 24px; background: #f5f7f9; color: #0b1f33; }
.row { display: flex; gap: 16px; overflow-x: auto; padding-bottom: 16px; }
figure { margin: 0; flex: none; width: 320px; }
img { width: 320px; max-height: 420px; object-fit: cover; object-position: top; }
.wrong { color: #a1173a; }
"""


@dataclass(frozen=True)
class Taken:
    """A picture that was taken: of which data and role, where it lies, and what is wrong on it."""

    data: str
    role: str
    name: str
    path: Path
    faults: Sequence[str]


def write_sheet(folder: Path, taken: Sequence[Taken]) -> Path:
    """`index.html` in the folder of the pictures, to look through them."""
    body = []
    for data, name in dict.fromkeys((one.data, one.name) for one in taken):
        row = [_figure(folder, one) for one in taken if (one.data, one.name) == (data, name)]
        body.append(f'<h2>{escape(name)}, {escape(data)}</h2><div class="row">{"".join(row)}</div>')
    sheet = folder / "index.html"
    sheet.write_text(
        '<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8"><title>Pictures</title>'
        f"<style>{STYLE}</style><h1>{len(taken)} pictures</h1>{''.join(body)}</html>"
    )
    return sheet


def _figure(folder: Path, one: Taken) -> str:
    where = escape(one.path.relative_to(folder).as_posix())
    wrong = "".join(f'<li class="wrong">{escape(fault)}</li>' for fault in one.faults)
    return (
        f'<figure><a href="{where}"><img loading="lazy" src="{where}" alt=""></a>'
        f"<figcaption>{escape(one.role)}<ul>{wrong}</ul></figcaption></figure>"
    )
