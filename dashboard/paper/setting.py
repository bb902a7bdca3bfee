"""A process of its own that sets a template: `python -I setting.py` with the request on its input.

The request is JSON: `template` (a file beside this one), `told` (what it prints, as JSON text) and
`kind` (`pdf` or `png`). What is told reaches the template as data and is never read as its code; it
reads no file outside this folder, fetches nothing and knows no font but those here and Typst's own.
"""

import json
import sys
from pathlib import Path

import typst

HERE = Path(__file__).parent
# A4 is 8.27 inches wide, so this makes 1,241 pixels.
PIXELS_PER_INCH = 150
ONLY_OURS = typst.Fonts(include_system_fonts=False, font_paths=[str(HERE / "fonts")])


def main() -> None:
    """Write the sheet to standard output, or end with Typst's own words on standard error."""
    asked = json.load(sys.stdin)
    is_pdf = asked["kind"] == "pdf"
    try:
        sheet = typst.compile(
            str(HERE / asked["template"]),
            root=str(HERE),
            font_paths=ONLY_OURS,
            format=asked["kind"],
            ppi=None if is_pdf else PIXELS_PER_INCH,
            sys_inputs={"told": asked["told"]},
            pdf_standards=["ua-1"] if is_pdf else [],
        )
    except typst.TypstError as fault:
        sys.exit(str(fault))
    sys.stdout.buffer.write(sheet)


if __name__ == "__main__":
    main()
