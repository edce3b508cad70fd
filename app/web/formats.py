"""Days, instants, money and numbers in the reader's language and zone; filters for templates.

Each takes None and answers an empty text, so that a template can say "not known" in one place (`fact`).
Source: docs/domain.md, "Languages"; wording of dates: "Di 24. März", "Tue 24 March", "di 24 maart".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_timedelta, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from flask import Flask
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.core.clock import clock
from app.web.quick import by_language, locale_tag, zone

SOON = timedelta(days=1)
_DAY = {"de": "ccc d. MMMM", "nl": "ccc d MMMM", "en": "ccc d MMMM"}
_DAY_SHORT = {"de": "d. MMM", "nl": "d MMM", "en": "d MMM"}
_DAY_LONG = {"de": "cccc, d. MMMM y", "nl": "cccc d MMMM y", "en": "cccc d MMMM y"}
_DATE = {"de": "d. MMMM y", "nl": "d MMMM y", "en": "d MMMM y"}
_DAY_MEDIUM = {"de": "ccc d. MMM", "nl": "ccc d MMM", "en": "ccc d MMM"}
_MONTH = {"en": "LLLL y"}
_MONTH_SHORT = {"en": "LLL y"}
_CENTS = re.compile(r"[.,]00")


def reader_locale() -> Locale:
    """Return the reader's locale; English where nobody reads yet."""
    return get_locale() or Locale("en")


def reader_zone() -> tzinfo:
    """Return the reader's zone; UTC where nobody reads yet."""
    return zone() or UTC


def reader_today() -> date:
    """Return the day it is where the reader works."""
    return _day_in(clock().now(), reader_zone())


@lru_cache(maxsize=8192)
def _day_in(instant: datetime, zone: tzinfo) -> date:
    return instant.astimezone(zone).date()


def _local_day(value: date | datetime) -> date:
    return _day_in(value, reader_zone()) if isinstance(value, datetime) else value


def _written(value: date, patterns: dict[str, str], year: str = "") -> str:
    tag = locale_tag() or "en"
    return _formatted_day(value, patterns.get(tag[:2], patterns["en"]) + year, tag)


@lru_cache(maxsize=8192)
def _formatted_day(value: date, pattern: str, locale: str) -> str:
    return format_date(value, pattern, locale=locale)


def day(value: date | datetime | None, today: date | None = None) -> str:
    """Return "Tue 24 March", with the year when it is not the year of `today` (the reader's day by default)."""
    if value is None:
        return ""
    written = _local_day(value)
    return _written(written, _DAY, "" if written.year == (today or reader_today()).year else " y")


def day_short(value: date | datetime | None, today: date | None = None) -> str:
    """Return "24 Mar" for tables, with the year when it is not this year."""
    if value is None:
        return ""
    written = _local_day(value)
    return _written(written, _DAY_SHORT, "" if written.year == (today or reader_today()).year else " y")


def day_long(value: date | datetime | None) -> str:
    """Return "Tuesday 24 March 2026"."""
    return "" if value is None else _written(_local_day(value), _DAY_LONG)


def day_medium(value: date | datetime | None, today: date | None = None) -> str:
    """Return "Tue 24 Mar" for tables where the day of the week matters, with the year when it is not this year."""
    if value is None:
        return ""
    written = _local_day(value)
    return _written(written, _DAY_MEDIUM, "" if written.year == (today or reader_today()).year else " y")


def full_date(value: date | datetime | None) -> str:
    """Return "24 March 2026", as in a contract."""
    return "" if value is None else _written(_local_day(value), _DATE)


def month(value: date | datetime | None) -> str:
    """Return "March 2026"."""
    return "" if value is None else _written(_local_day(value), _MONTH)


def month_short(value: date | datetime | None) -> str:
    """Return "Mar 2026", for tables."""
    return "" if value is None else _written(_local_day(value), _MONTH_SHORT)


def clock_time(value: datetime | time | None) -> str:
    """Return "10:30" in the reader's zone, on a clock of 24 hours."""
    if value is None:
        return ""
    local = value.astimezone(reader_zone()) if isinstance(value, datetime) else value
    return local.strftime("%H:%M")


def moment(value: datetime | None, today: date | None = None) -> str:
    """Return an instant in the reader's zone: "today 10:30", "yesterday 10:30", "Tue 24 March, 10:30"."""
    return "" if value is None else _moment(value, today or reader_today(), reader_zone())


@by_language
def _moment(value: datetime, now: date, _zone: tzinfo) -> str:
    at, written = clock_time(value), _local_day(value)
    if written == now:
        return _("today %(time)s", time=at)
    if written == now - timedelta(days=1):
        return _("yesterday %(time)s", time=at)
    if written == now + timedelta(days=1):
        return _("tomorrow %(time)s", time=at)
    return _("%(day)s, %(time)s", day=day(written, now), time=at)


def in_zone(value: datetime | None, zone: str = "UTC") -> str:
    """Return an instant to the second with its zone, for proofs: "17 March 2026, 08:40:05 CET (Europe/Berlin)"."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone))
    return f"{full_date(local.date())}, {local:%H:%M:%S %Z} ({zone})"


def happened(value: datetime | None, today: date | None = None) -> str:
    """Return when something was, for a timeline: "today 10:30", "yesterday 10:30", before that "Mon 9 Feb"."""
    if value is None:
        return ""
    written, now = _local_day(value), today or reader_today()
    if now - timedelta(days=1) <= written <= now:
        return moment(value, now)
    return _written(written, _DAY_MEDIUM, "" if written.year == now.year else " y")


def span(seconds: float) -> str:
    """Return a length of time as people say it: in the largest unit of which there are two."""
    whole = max(0, round(seconds))
    if whole < 120:
        return ngettext("%(num)d second", "%(num)d seconds", whole)
    if whole < 7200:
        return ngettext("%(num)d minute", "%(num)d minutes", whole // 60)
    if whole < 172_800:
        return ngettext("%(num)d hour", "%(num)d hours", whole // 3600)
    return ngettext("%(num)d day", "%(num)d days", whole // 86_400)


def zone_place(zone: str) -> str:
    """Return the place a zone is named for, as the reader calls it: "Wien", "Wenen" or "Vienna" for Europe/Vienna."""
    return get_timezone_location(zone, locale=reader_locale(), return_city=True).rpartition("/")[2]


def money(value: Decimal | int | float | None, currency: str = "EUR") -> str:
    """Return "€1,450", "1.450 €", "€ 1.450"; cents only where there are any."""
    if value is None:
        return ""
    return _formatted_money(Decimal(str(value)), currency, locale_tag() or "en")


@lru_cache(maxsize=4096)
def _formatted_money(amount: Decimal, currency: str, locale: str) -> str:
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    if amount == amount.to_integral_value():
        pattern = _CENTS.sub("", pattern)
    return format_currency(amount, currency, format=pattern, locale=locale, currency_digits=False)


def percent(value: Decimal | float | None, digits: int = 0) -> str:
    """Return a share (0–1) as "12 %" or "12%", with at most `digits` places."""
    if value is None:
        return ""
    pattern = reader_locale().percent_formats[None].pattern
    if digits:
        pattern = pattern.replace("##0", "##0." + "#" * digits)
    return format_percent(value, pattern, locale=reader_locale())


def number(value: Decimal | int | float | None) -> str:
    """Return "1,284" or "1.284"; at most two places after the point."""
    return "" if value is None else _formatted_number(value, locale_tag() or "en")


@lru_cache(maxsize=4096)
def _formatted_number(value: Decimal | int | float, locale: str) -> str:
    return format_decimal(value, "#,##0.##", locale=locale)


def file_size(value: int | None) -> str:
    """Return bytes as "340 KB" or "1.2 MB"."""
    if value is None:
        return ""
    if value < 1_000_000:
        return f"{number(max(1, round(value / 1000)))} KB"
    return f"{number(round(value / 1_000_000, 1))} MB"


def age(value: date | datetime | None, today: date | None = None) -> str:
    """Return how long ago a day is: "today", "3 days ago", "in 2 weeks"."""
    if value is None:
        return ""
    since = _local_day(value) - (today or reader_today())
    if not since:
        return _("today")
    return format_timedelta(since, granularity="day", threshold=1.6, add_direction=True, locale=reader_locale())


def due(value: date | datetime | None, today: date | None = None) -> Markup:
    """Return the due mark: "4 days" when late, "today" and "tomorrow" when soon, else the day.

    An appointment (instant) of today shows its time until it is over; being late counts in whole days.
    """
    if value is None:
        return Markup("")
    return _due(value, today or reader_today(), reader_zone() if isinstance(value, datetime) else None)


@by_language
def _due(value: date | datetime, now: date, _zone: tzinfo | None) -> Markup:
    written = _local_day(value)
    if written < now:
        late = (now - written).days
        state, words = "is-late", ngettext("%(num)d day", "%(num)d days", late)
    elif written == now:
        state, words = ("", clock_time(value)) if isinstance(value, datetime) else ("is-soon", _("today"))
    elif written == now + SOON:
        state, words = "is-soon", _("tomorrow")
    else:
        state, words = "", day(written, now)
    css = f"lo-due {state}".strip()
    return Markup('<time class="{}" datetime="{}">{}</time>').format(css, iso(value), words)


def iso(value: date | datetime) -> str:
    """Return what `<time datetime>` wants: the day, or the instant with its offset in the reader's zone."""
    return value.astimezone(reader_zone()).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def listed(values: Iterable[Any], style: Literal["standard", "or", "unit"] = "standard") -> str:
    """Return "German, English and Dutch"; `style` may be "or" or "unit" (commas only)."""
    return format_list([str(value) for value in values], style=style, locale=locale_tag() or "en")


def initials(name: str) -> str:
    """Return "KO" for "Katrin Ostendorff"."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def plain_value(value: Any) -> str:
    """Return any value as this reader would write it: days, instants, numbers, lists, yes and no; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, time):
        return clock_time(value)
    if isinstance(value, Decimal | float | int):
        return number(value)
    if isinstance(value, list | tuple | set | frozenset):
        return listed(plain_value(item) for item in value)
    return str(value)


class TimelineLine(NamedTuple):
    """An event as a timeline shows it; `group` is the month or year that begins with it, None where none does."""

    group: str | None
    icon: str
    tone: str
    title: str
    text: str | None
    at: datetime
    who: str | None
    url: str | None


def timeline_lines(events: Iterable[Any], today: date) -> list[TimelineLine]:
    """Return the lines of `events`, newest first: those of this month, then by months of this year, then by years."""
    lines, before = [], ""
    for event in events:
        group = _timeline_group(_local_day(event.at), today)
        shown = group if group != before else None
        url = getattr(event, "url", None)
        lines.append(TimelineLine(shown, event.icon, event.tone, event.title, event.text, event.at, event.who, url))
        before = group
    return lines


def _timeline_group(written: date, today: date) -> str:
    if written.year != today.year:
        return str(written.year)
    return "" if written.month == today.month else month(written)


def paragraphs(text: str | None) -> Markup:
    """Return typed text with its line breaks; everything in it is escaped."""
    blocks = [block for block in re.split(r"\n\s*\n", (text or "").replace("\r\n", "\n").strip()) if block]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in block.split("\n"))) for block in blocks
    )


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "day_short": day_short,
    "day_long": day_long,
    "day_medium": day_medium,
    "full_date": full_date,
    "month": month,
    "month_short": month_short,
    "moment": moment,
    "in_zone": in_zone,
    "happened": happened,
    "clock_time": clock_time,
    "money": money,
    "eur": money,
    "percent": percent,
    "number": number,
    "file_size": file_size,
    "age": age,
    "due": due,
    "iso": iso,
    "listed": listed,
    "initials": initials,
    "plain_value": plain_value,
    "paragraphs": paragraphs,
}


def init_app(app: Flask) -> None:
    """Offer the filters, and `today()`: the reader's day."""
    for name, function in FILTERS.items():
        app.add_template_filter(function, name)
    app.add_template_global(reader_today, "today")
    app.add_template_global(reader_zone, "zone")
    app.add_template_global(timeline_lines)
