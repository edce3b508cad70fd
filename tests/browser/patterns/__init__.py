"""A book of patterns: one page of each kind made of the shared templates, so that they can be looked at and tested alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Flask, flash, request
from flask_babel import lazy_gettext as _l
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.web.formats import reader_today
from app.web.forms import BaseForm
from app.web.icons import icon_name
from app.web.navigation import flash_undo
from app.web.pages import page
from app.web.rights import public

bp = Blueprint("patterns", __name__, url_prefix="/patterns")
ICONS = [
    icon_name(name) for name in ("download", "gift", "arrow-up-short", "arrow-right-circle", "chat-quote", "x-lg", "lightbulb")
]
NAMES = ("list", "record", "form", "public", "gate")
PEOPLE = [
    (8812, "Henrike Aldenhoff", "Finance, mechanical engineering", "On mandate", "info", "from 3 Aug", "DE-NW, DE-NI", 1450, 6),
    (9107, "Dr. Bernd Castrup", "Restructuring, automotive supply", "Released", "ok", "now", "DE-NW, DE-HE", 1650, 2),
    (9311, "Lutz Immenkamp", "Family business, succession", "Interview", "hold", "from 20 Apr", "DE-NI", 1200, 0),
    (8137, "Sjoerd Nijenhuis", "Turnaround, wholesale", "Paused", None, "unknown", "NL", 1350, -4),
]


def _choices(**pairs: str) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs.items()]


def _numbers() -> list[SelectChoice]:
    return [SelectChoice(str(n), str(n)) for n in range(1, 6)]


class TalkForm(BaseForm):
    who = StringField(_l("With"), [InputRequired(), Length(max=80)])
    day = DateField("On", [InputRequired()])
    minutes = IntegerField("Minutes", [Optional(), NumberRange(1, 600)])
    kind = RadioField(
        "Kind of talk",
        [InputRequired()],
        choices=_choices(quality="Quality", extension="Extension", closing="Closing"),
        default="quality",
    )
    region = SelectField("Region", [Optional()], choices=_choices(ni="Lower Saxony", nl="Netherlands"))
    languages = SelectMultipleField("Languages", [Optional()], choices=_choices(de="German", en="English", nl="Dutch"))
    regions = SelectMultipleField("Regions", [Optional()], choices=[SelectChoice(f"r{n}", f"Region {n}") for n in range(1, 21)])
    quote = BooleanField("You may quote me, after I have seen the wording.")
    paper = FileField("Minutes as a file")
    overall = RadioField("Overall", [InputRequired()], choices=_numbers())
    same = RadioField("Still the same assignment?", [Optional()], choices=_choices(yes="yes", drifting="drifting", no="no"))
    change = TextAreaField("What to change in the next four weeks?", [Optional()])
    letter = TextAreaField("Letter", [Optional()])


def _events() -> list[SimpleNamespace]:
    def event(day: datetime, icon: str, tone: str | None, title: str, text: str | None, who: str) -> SimpleNamespace:
        return SimpleNamespace(at=day, icon=icon, tone=tone, title=title, text=text, who=who, url=None)

    return [
        event(
            datetime(2026, 3, 17, 7, 12, tzinfo=UTC),
            "arrow-right-circle",
            "info",
            "Mandate extended to 31 July",
            "Closing talk moved to 17 July.",
            "you",
        ),
        event(
            datetime(2026, 2, 9, 9, 0, tzinfo=UTC),
            "chat-quote",
            "ok",
            "Client rated the talk 4 of 5",
            "Back at 91 %.",
            "Dr. R. Osterkamp",
        ),
        event(datetime(2025, 12, 29, 9, 0, tzinfo=UTC), "x-lg", "bad", "Quality talk declined", None, "no time"),
        event(
            datetime(2024, 2, 6, 9, 0, tzinfo=UTC),
            "lightbulb",
            None,
            "Three recommendations sent",
            "Two were used.",
            "J. Reekers",
        ),
    ]


@bp.route("/<name>", methods=["GET", "POST"])
@public
def show(name: str) -> Any:
    """Show one pattern; `?told` adds messages, a POST is checked and told."""
    form = TalkForm.for_request()
    if form.submitted():
        flash("Saved.")
    if "told" in request.args:
        flash("Saved. The next talk is on Monday.")
        flash_undo("Cancelled.", "/patterns/list")
        flash("The letter could not be sent.", "error")
    today = reader_today()
    return page(
        f"patterns/{name}.html",
        form if name in ("form", "public", "gate") else None,
        people=[(*person[:-1], today + timedelta(days=person[-1])) for person in PEOPLE],
        events=_events(),
        soon=today + timedelta(days=1),
        late=today - timedelta(days=4),
        pages=SimpleNamespace(next_url="?after=x", first_url="?", rows=[]),
        other=form,
    )


def init_app(app: Flask) -> None:
    """Add the book to an application made for tests."""
    assert app.jinja_loader is not None
    app.jinja_loader = ChoiceLoader([app.jinja_loader, FileSystemLoader(Path(__file__).parents[1])])  # type: ignore[assignment]
    app.register_blueprint(bp)
