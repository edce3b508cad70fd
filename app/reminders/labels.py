"""Things to do in words, for Today and the digest alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app.reminders.rules import ADMISSION, OF_MANDATE, Item, Office, Urgency, What
from app.talks import labels as talks
from app.web.formats import clock_time, day
from app.web.icons import icon_name

ICONS = {
    What.ARRANGE: icon_name("telephone"),
    What.RECORD: icon_name("pencil-square"),
    What.DECIDE_TALK: icon_name("signpost-split"),
    What.DECIDE_END: icon_name("signpost-split"),
    What.STEP: icon_name("arrow-right-circle"),
    What.PROMISE: icon_name("gift"),
    What.REVIEW: icon_name("file-earmark-text"),
    What.UNREADABLE: icon_name("file-earmark-text"),
    What.PLAN_INTERVIEW: icon_name("calendar-plus"),
    What.ADMIT: icon_name("signpost-split"),
    What.FOLLOW_UP: icon_name("inbox"),
    What.HANDBOOK: icon_name("journal-text"),
    What.ACCEPTANCE: icon_name("journal-text"),
    What.MILESTONE: icon_name("flag"),
    What.HANDOVER: icon_name("box-arrow-right"),
    What.REPORT: icon_name("file-earmark-text"),
    What.STATUS_CHECK: icon_name("clipboard-check"),
    What.VIEWS: icon_name("bullseye"),
    What.CLOSE: icon_name("signpost-split"),
    What.NO_CLOSING: icon_name("telephone"),
    What.REFERENCE: icon_name("chat-quote"),
}
NEAR_DAYS = 21  # before the end of a window it is named
CHANNEL_ICONS = {"video": icon_name("camera-video"), "in_person": icon_name("people"), "phone": icon_name("telephone")}


@dataclass(frozen=True)
class Line:
    """An item as a page or a mail shows it: `mark` is its day, time or lateness; `tone` "", "late" or "soon"."""

    mark: str
    tone: str
    icon: str
    title: str
    note: str
    path: str  # the record
    verb: str
    verb_path: str  # where the thing is done
    permission: str | None  # what doing it asks for; None where the verb only opens the record
    item: Item


def line(item: Item, office: Office) -> Line:
    """Put one item into words in the reader's language."""
    mark, tone = _mark(item, office)
    kind, number = item.about
    path = f"/{kind}/{number}" if item.what in ADMISSION else f"/{kind}s/{number}"
    verb, where = _verb(item)
    permission = PERMISSIONS.get(where)
    icon = CHANNEL_ICONS.get(item.channel, "telephone") if item.what is What.TALK else ICONS[item.what]
    done_at = f"/managers/{number}{where}" if item.what is What.PLAN_INTERVIEW else path + where
    if item.what in OF_MANDATE:
        path = done_at = _mended_at(path, item.what)
    return Line(mark, tone, icon, title(item), _note(item, office), path, verb, done_at, permission, item)


def title(item: Item) -> str:
    """Return what there is to do: "Quality talk with Dr. Rainer Osterkamp"."""
    if item.what is What.DECIDE_END:
        return _("Extension or closing? %(mandate)s, %(client)s", mandate=item.title, client=item.client)
    if item.what is What.PROMISE:
        return _("Keep the promise: %(promise)s (%(person)s)", promise=item.title, person=item.person)
    if item.what is What.STEP:
        whose = item.person or item.client
        return _("%(step)s (%(whose)s)", step=item.title, whose=whose)
    if item.what in ADMISSION:
        return _of_admission(item)
    if item.what in OF_MANDATE:
        return _of_mandate(item)
    talk = _talk(item)
    if item.what is What.RECORD:
        return _("Record missing: %(talk)s", talk=talk)
    if item.what is What.DECIDE_TALK:
        return _("Keep or cancel? %(talk)s", talk=talk)
    return talk


def _of_admission(item: Item) -> str:
    if item.what is What.REVIEW:
        return _("Review the papers of %(person)s", person=item.person)
    if item.what is What.UNREADABLE:
        return _("Papers that could not be read: %(person)s", person=item.person)
    if item.what is What.PLAN_INTERVIEW:
        return _("Papers fine, interview owed: %(person)s", person=item.person)
    if item.what is What.ADMIT:
        return _("Interview held, admit or not? %(person)s", person=item.person)
    return _("Last day for new papers: %(person)s", person=item.person)


def _of_mandate(item: Item) -> str:
    if item.what in (What.MILESTONE, What.HANDOVER):
        words = _("Milestone: %(words)s") if item.what is What.MILESTONE else _("Hand over: %(words)s")
        return words % {"words": item.words}
    if item.what is What.REPORT:
        month = format_date(item.month, "LLLL yyyy")
        return _("Short report of %(person)s for %(month)s missing", person=item.person, month=month)
    if item.what is What.ACCEPTANCE:
        return _("Handbook presented, not accepted: version %(number)s", number=item.words)
    if item.what is What.STATUS_CHECK:
        return _("Status check due: %(person)s", person=item.person)
    if item.what is What.REFERENCE:
        return _("Reference window open: ask %(person)s", person=item.person)
    return {
        What.HANDBOOK: _("No handbook is accepted yet"),
        What.VIEWS: _("Goals: not judged by everybody yet"),
        What.CLOSE: _("Mandate over, not closed"),
        What.NO_CLOSING: _("Closing talk called off, no reason kept"),
    }[item.what]


_PLACES = {
    What.HANDBOOK: "handbook",
    What.ACCEPTANCE: "handbook",
    What.MILESTONE: "plan",
    What.HANDOVER: "handover",
    What.REPORT: "reports",
    What.STATUS_CHECK: "status-checks",
    What.VIEWS: "evaluation",
    What.REFERENCE: "reference",
}


def _mended_at(path: str, what: What) -> str:
    """Return the page below the mandate's that mends it, else the mandate's own, which says what is missing."""
    where = f"{path}/{_PLACES[what]}" if what in _PLACES else path
    return where if current_app.url_map.bind("").test(where, "GET") else path


def _talk(item: Item) -> str:
    kind = talks.kind(item.kind)
    return _("%(talk)s with %(person)s", talk=kind, person=item.person) if item.person else str(kind)


def _mark(item: Item, office: Office) -> tuple[str, str]:
    if item.urgency is Urgency.LATE:
        return ngettext("%(num)d day", "%(num)d days", item.days_late), "late"
    if item.what is What.TALK and item.at is not None:
        time = clock_time(item.at) if item.urgency is Urgency.TODAY else ""
        return time or _day(item, office.today), ""
    if item.what is What.REFERENCE:  # the end of the window matters once it is near; until then one may ask on any day
        is_near = (item.on - office.today).days <= NEAR_DAYS
        return (_("until %(day)s", day=_day(item, office.today)), "soon") if is_near else (_("now"), "")
    if (item.urgency is Urgency.TODAY and item.on >= office.today) or item.what is What.DECIDE_END:
        return _("today"), "soon"
    return _day(item, office.today), "soon" if item.urgency is Urgency.TODAY else ""


def _day(item: Item, today: date) -> str:
    return day(item.on, today)


def _note(item: Item, office: Office) -> str:
    parts = []
    if item.for_colleague:
        parts.append(_("for %(colleague)s", colleague=item.for_colleague))
    if item.client and item.what not in (What.DECIDE_END,):
        parts.append(", ".join(filter(None, (item.client, item.title if item.what in (*_TALKS, *OF_MANDATE) else ""))))
    elif item.what in _TALKS and item.title:
        parts.append(item.title)
    if item.what is What.TALK and item.urgency is Urgency.SOON and item.at is not None:
        parts.append(clock_time(item.at))
    if item.what is What.ARRANGE and item.urgency is not Urgency.LATE and item.on != office.today:
        parts.append(_("no appointment yet"))
    if item.what is What.REFERENCE and item.words == "best":
        parts.append(_("best time now"))
    if item.not_reached:
        parts.append(ngettext("not reached once", "not reached %(num)d times", item.not_reached))
    if item.what is What.DECIDE_END:
        left = (item.on - office.today).days
        parts.append(ngettext("%(num)d day left", "%(num)d days left", left))
    return " · ".join(parts)


PERMISSIONS = {
    "/arrangement": "talks.arrange",
    "/record": "talks.log",
    "/extensions/new": "mandates.extend",
    "/interviews/new": "interviews.hold",
    "/review": "admission.write",
}
_TALKS = (What.ARRANGE, What.TALK, What.RECORD, What.DECIDE_TALK)


def _verb(item: Item) -> tuple[str, str]:
    """Return the one verb that does the thing, and where below the record it is done."""
    if item.what is What.ARRANGE:
        return _("Arrange"), "/arrangement"
    if item.what is What.RECORD:
        return _("Record"), "/record"
    if item.what is What.DECIDE_END:
        return _("Decide"), "/extensions/new"
    if item.what in (What.REVIEW, What.UNREADABLE):
        return _("Review"), "/review"
    if item.what is What.PLAN_INTERVIEW:
        return _("Plan interview"), "/interviews/new"
    if item.what is What.ADMIT:
        return _("Decide"), ""
    if item.what is What.PROMISE:
        return _("Done"), ""
    return _("Open"), ""


def day_heading(now: datetime, zone: str) -> str:
    """Return "Tuesday 17 March" for the day it is in `zone`."""
    written = format_date(now.astimezone(ZoneInfo(zone)).date(), _("EEEE d MMMM"))
    return written[:1].upper() + written[1:]  # Dutch weekdays begin small, headings do not
