"""Agreements as the data protection officer reads them: what needs somebody first comes first."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dash import html

from dashboard import words
from dashboard.components.attributes import aria
from dashboard.components.facts import listed
from dashboard.components.table import table
from store.agreements import ROLES, WARNED_DAYS, Agreement

HEAD = ["Agreement", "State", "Ends", "Controller", "Sources", "Signed"]
OPT_OUTS = [
    "Agreement",
    "Regime",
    "Who applied it, and how",
    "What that means here",
    "What it covers",
]
MOST_NAMED = 3
FILES = (
    ("Public register", "register"),
    ("Record of processing", "record-of-processing"),
)
REGIMES = {
    "national_data_opt_out": "National Data Opt-out",
    "type_1_opt_out": "Type 1 opt-out",
    "not_applicable": "Not applicable",
}
MEANS = {
    "national_data_opt_out": "Whoever set this opt-out has to be taken out of the records before "
    "they are counted. The controller does so before it sends: counts cannot be mended here.",
    "type_1_opt_out": "Whoever told their surgery so is left out when records leave the surgery, "
    "before anything is counted: counts cannot be mended here.",
}


def agreements(at_hand: Mapping[str, Agreement], faults: list[str], day: date) -> html.Section:
    """Each agreement in a row, and everything that it says under its own name."""
    found = in_order(at_hand, day)
    return html.Section(
        [
            html.H2("Agreements"),
            html.P(_told(found, day)),
            *(html.P(f"Allows nothing: {fault}.", className="wrong") for fault in faults),
            table("Agreements", HEAD, [_row(one, day) for one in found], is_caption_shown=False),
            *(_said(one, day) for one in found),
            html.H3("Registers made from them"),
            html.Ul([_file(*file) for file in FILES]),
        ],
        id="agreements",
    )


def opt_outs(at_hand: Mapping[str, Agreement], day: date) -> html.Section:
    """The regime of each agreement, and what it means for what is held."""
    found = in_order(at_hand, day)
    regimes = [one for one in found if one.opt_out != "not_applicable"]
    told = f"{len(regimes) or 'None'} of {words.counted(len(found), 'agreement', 'agreements')}"
    rows = [
        [one.title, REGIMES[one.opt_out], _applied(one), _means(one), _covers(one)] for one in found
    ]
    return html.Section(
        [
            html.H2("Opt-outs"),
            html.P(f"{told} names an opt-out that has to be applied."),
            table("Opt-out of each agreement", OPT_OUTS, rows, is_caption_shown=False),
        ],
        id="opt-outs",
    )


def _applied(one: Agreement) -> str:
    if one.opt_out == "not_applicable":
        return "Nobody has to"
    return one.opt_out_applied or "Nobody said: its sources are left out"


def in_order(at_hand: Mapping[str, Agreement], day: date) -> list[Agreement]:
    """Those that hold no more or not yet, then those that end soon, then the others."""

    def order(one: Agreement) -> tuple[bool, bool, date, str]:
        return one.why_not(day) is None, not one.ends_soon(day), one.expires, one.title.casefold()

    return sorted(at_hand.values(), key=order)


def _told(found: list[Agreement], day: date) -> str:
    broken = sum(one.why_not(day) is not None for one in found)
    ending = sum(one.ends_soon(day) and one.why_not(day) is None for one in found)
    if not broken and not ending:
        told = (
            f"{words.counted(len(found), 'agreement holds', 'agreements hold')} on {words.day(day)}"
        )
        return words.sentence(f"{told}; none ends within {WARNED_DAYS} days")
    holds = f"{words.counted(broken, 'agreement allows', 'agreements allow')} nothing"
    ends = f"{words.counted(ending, 'ends', 'end')} within {WARNED_DAYS} days"
    told = words.sentence(f"{holds} on {words.day(day)}; {ends}, of {len(found)}")
    return f"{told} These come first."


def _row(one: Agreement, day: date) -> list[Any]:
    return [
        html.A(one.title, href=f"#agreement-{one.agreement_id}"),
        _state(one, day),
        _ends(one, day),
        one.controller.name,
        _sources(one),
        _signed(one, day),
    ]


def _sources(one: Agreement) -> Any:
    """By name where they are few; the others stand in what the agreement says."""
    if len(one.sources) > MOST_NAMED:
        return f"{len(one.sources)} sources"
    return html.Div([html.Div(html.Code(source)) for source in one.sources], className="sources")


def _state(one: Agreement, day: date) -> html.Span:
    """In words first; the frame around them only helps to find them."""
    if one.why_not(day) is not None:
        return html.Span(_why_not(one, day), className="badge refused")
    if one.ends_soon(day):
        return html.Span("Ends soon", className="badge behind")
    return html.Span("Holds", className="badge")


def _why_not(one: Agreement, day: date) -> str:
    if day >= one.expires:
        return "Ended"
    return "Not begun" if day < one.starts else "Not signed"


def _ends(one: Agreement, day: date) -> list[html.Div]:
    days = (one.expires - day).days
    told = f"In {words.counted(days, 'day', 'days')}"
    if days <= 0:
        told = f"{words.counted(-days, 'day', 'days')} ago" if days else "Today"
    return [
        html.Div(told, className="when"),
        html.Div(words.day(one.expires), className="small when"),
    ]


def _signed(one: Agreement, day: date) -> str:
    missing = one.unsigned(day)
    if not missing:
        return f"All {len(ROLES)} roles"
    return f"Not signed for {words.joined(_role(role) for role in missing)}"


def _role(role: str) -> str:
    return role.replace("_", " ")


def _said(one: Agreement, day: date) -> html.Details:
    """Its place lies within, so that a link to it opens it."""
    sign_offs = ((_role(role).capitalize(), _sign_off(one, role, day)) for role in ROLES)
    return html.Details(
        [
            html.Summary(f"All of \u201c{one.title}\u201d"),
            html.Div(
                [listed(_facts(one)), html.H3("Sign-offs"), listed(sign_offs)],
                id=f"agreement-{one.agreement_id}",
            ),
        ],
        className="agreement",
    )


def _facts(one: Agreement) -> list[tuple[str, Any]]:
    return [
        ("Name", html.Code(one.agreement_id)),
        ("Purposes", _several(one.purposes)),
        ("Legal basis", one.legal_basis),
        ("Controller", f"{one.controller.name}, {one.controller.contact}"),
        ("Processor", f"{one.processor.name}, {one.processor.contact}"),
        ("People", _several(one.categories_of_people)),
        ("Data", _several(one.categories_of_data)),
        ("Sources", [html.Div(html.Code(source)) for source in one.sources]),
        ("Columns", _several(one.columns)),
        ("Recipients", _several(one.recipients)),
        ("Audiences", _several(one.audiences_in_words)),
        ("Transfers", one.transfers),
        ("Holds", f"From {words.day(one.starts)} until before {words.day(one.expires)}"),
        ("Retention", one.retention),
        ("Disclosure rule", one.disclosure_rule.replace("_", " ")),
        ("Outside one\u2019s area", one.outside_scope),
    ]


def _several(sentences: tuple[str, ...]) -> list[html.Div]:
    return [html.Div(sentence) for sentence in sentences]


def _sign_off(one: Agreement, role: Any, day: date) -> str:
    found = one.sign_offs.get(role)
    if found is None:
        return "Not signed"
    later = "; it does not count before that day" if found.on > day else ""
    return f"{found.by}, {words.day(found.on)}{later}"


def _file(called: str, name: str) -> html.Li:
    links = [
        html.A(
            form.upper(),
            href=f"/files/{name}.{form}",
            download=f"{name}.{form}",
            className="download",
            **aria(label=f"{called} as {form.upper()}"),
        )
        for form in ("html", "csv")
    ]
    return html.Li([f"{called}: ", links[0], " ", links[1]])


def _means(one: Agreement) -> str:
    """Of a regime what has to be done, else why there is none."""
    if one.opt_out != "not_applicable":
        return MEANS[one.opt_out]
    if one.disclosure_rule == "published":
        return "None applies: what it covers is published already."
    return "The agreement says that none applies to what it covers."


def _covers(one: Agreement) -> list[html.Div]:
    people, data = "; ".join(one.categories_of_people), "; ".join(one.categories_of_data)
    return [html.Div(f"People \u2013 {people}."), html.Div(f"Data \u2013 {data}.")]
