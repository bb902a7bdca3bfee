"""The public register of agreements and the record of processing, made from the agreements alone.

The record has the fields of article 30(1) of the UK GDPR. The pages need nothing from elsewhere and
can be put on any web server as they are.
"""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date
from html import escape

from store.agreements import ROLES, Agreement
from store.exports import for_spreadsheets

Fields = dict[str, Callable[[Agreement], str]]
REGISTER: Fields = {
    "Agreement": lambda one: one.title,
    "Controller": lambda one: one.controller.name,
    "Processor": lambda one: one.processor.name,
    "Purposes": lambda one: "; ".join(one.purposes),
    "Legal basis": lambda one: one.legal_basis,
    "People": lambda one: "; ".join(one.categories_of_people),
    "Data": lambda one: "; ".join(one.categories_of_data),
    "Columns": lambda one: "; ".join(one.columns),
    "Sources": lambda one: "; ".join(one.sources),
    "Recipients": lambda one: "; ".join(one.recipients),
    "Audiences": lambda one: "; ".join(one.audiences_in_words),
    "Starts": lambda one: str(one.starts),
    "Expires": lambda one: str(one.expires),
    "Retention": lambda one: one.retention,
    "Opt-out": lambda one: one.opt_out_in_words,
    "Disclosure rule": lambda one: one.disclosure_rule.replace("_", " "),
    "Outside the viewer's area": lambda one: one.outside_scope,
    "Signed for": lambda one: "; ".join(
        f"{role.replace('_', ' ')} on {one.sign_offs[role].on}"
        for role in ROLES
        if role in one.sign_offs
    ),
}
# In the order of article 30(1), (a) to (g).
RECORD: Fields = {
    "Processing": lambda one: one.title,
    "Controller and contact": lambda one: f"{one.controller.name}, {one.controller.contact}",
    "Processor and contact": lambda one: f"{one.processor.name}, {one.processor.contact}",
    "Data protection officer": lambda one: one.data_protection_officer,
    "Purposes of the processing": lambda one: "; ".join(one.purposes),
    "Categories of data subjects": lambda one: "; ".join(one.categories_of_people),
    "Categories of personal data": lambda one: "; ".join(one.categories_of_data),
    "Categories of recipients": lambda one: "; ".join((*one.recipients, *one.audiences_in_words)),
    "Transfers to other countries and safeguards": lambda one: one.transfers,
    "Time limits for erasure": lambda one: one.retention,
    "Security measures": lambda one: one.security,
    "Lawful basis": lambda one: one.legal_basis,
    "Opt-out": lambda one: one.opt_out_in_words,
}
STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;"
    "color:#1d1d1d;background:#fff}table{border-collapse:collapse;width:100%;margin:0 0 2rem}"
    "caption{text-align:left;font-weight:600;padding:.5rem 0}th,td{text-align:left;"
    "vertical-align:top;padding:.4rem .6rem;border-top:1px solid #767676}th{width:16rem}"
)


def files(agreements: Iterable[Agreement], day: date) -> dict[str, str]:
    """The text of each file by its name."""
    held = sorted(agreements, key=lambda one: one.agreement_id)
    register = {"State": lambda one: one.why_not(day) or "holds", **REGISTER}
    return {
        "register.html": _page("Register of data-sharing agreements", held, register, day),
        "register.csv": _csv(held, register),
        "record-of-processing.html": _page(
            "Record of processing activities (UK GDPR, article 30)", held, RECORD, day
        ),
        "record-of-processing.csv": _csv(held, RECORD),
    }


def _page(title: str, agreements: list[Agreement], fields: Fields, day: date) -> str:
    contents = "".join(
        f'<li><a href="#{one.agreement_id}">{escape(one.title)}</a></li>' for one in agreements
    )
    sections = "\n".join(_section(one, fields) for one in agreements)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n<p>As of {day}, made from the agreements themselves.</p>\n"
        f'<nav aria-label="Agreements"><ul>{contents}</ul></nav>\n'
        f"{sections}\n</main>\n</body>\n</html>\n"
    )


def _section(one: Agreement, fields: Fields) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(said(one))}</td></tr>'
        for name, said in fields.items()
    )
    return (
        f'<section id="{one.agreement_id}">\n<h2>{escape(one.title)}</h2>\n<table>\n'
        f"<caption>What agreement {escape(one.agreement_id)} says</caption>\n"
        f"<tbody>\n{rows}\n</tbody>\n</table>\n</section>"
    )


def _csv(agreements: list[Agreement], fields: Fields) -> str:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(["Name", *fields])
    for one in agreements:
        row = [one.agreement_id, *(said(one) for said in fields.values())]
        out.writerow([for_spreadsheets(cell) for cell in row])
    return text.getvalue()
