"""Calendar files, read back by two other programs' parsers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from app.mail.calendar import Appointment, Person, calendar_text

AT = datetime(2026, 3, 17, 7, 40, tzinfo=UTC)


def appointment(**given: Any) -> Appointment:
    values: dict[str, Any] = {
        "uid": "talk-12@hafenkontor.example",
        "sequence": 0,
        "starts_at": datetime(2026, 6, 26, 8, 30, tzinfo=UTC),
        "minutes": 30,
        "zone": "Europe/Berlin",
        "summary": "Abschlussgespräch mit Dr. Osterkamp",
        "description": "Wir sprechen über drei Dinge:\nZiel, Übergabe; und, wie weiter?",
        "location": "Video",
        "organizer": Person("k.ostendorff@hafenkontor.example", "Katrin Ostendorff"),
        "sent_by": "post@hafenkontor.example",
        "attendees": (
            Person("r.osterkamp@example.org", 'Dr. Rainer "Ray" Osterkamp; Velbrink, GmbH'),
            Person("k.ostendorff@hafenkontor.example", "Katrin Ostendorff"),
        ),
        "url": "https://lotse.example/talks/12",
    }
    return Appointment(**{**values, **given})


def lines_of(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_another_parser_reads_the_invitation() -> None:
    event = vobject.readOne(calendar_text(appointment(), at=AT)).vevent

    assert event.uid.value == "talk-12@hafenkontor.example"
    assert event.dtstart.value.astimezone(UTC) == datetime(2026, 6, 26, 8, 30, tzinfo=UTC)
    assert event.dtend.value - event.dtstart.value == timedelta(minutes=30)
    assert event.summary.value == "Abschlussgespräch mit Dr. Osterkamp"
    assert event.description.value == "Wir sprechen über drei Dinge:\nZiel, Übergabe; und, wie weiter?"
    assert event.location.value == "Video"
    assert event.url.value == "https://lotse.example/talks/12"
    assert event.organizer.value == "mailto:k.ostendorff@hafenkontor.example"
    assert event.organizer.params["SENT-BY"] == ["mailto:post@hafenkontor.example"]
    assert event.organizer.params["CN"] == ["Katrin Ostendorff"]
    first = event.attendee_list[0]
    assert first.value == "mailto:r.osterkamp@example.org"
    assert first.params["CN"] == ["Dr. Rainer 'Ray' Osterkamp; Velbrink, GmbH"]
    assert (first.params["RSVP"], first.params["PARTSTAT"]) == (["TRUE"], ["NEEDS-ACTION"])


def test_the_file_says_what_it_is_for() -> None:
    lines = lines_of(calendar_text(appointment(sequence=3), at=AT))

    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert {"METHOD:REQUEST", "SEQUENCE:3", "STATUS:CONFIRMED", "DTSTAMP:20260317T074000Z"} <= set(lines)
    assert "DTSTART;TZID=Europe/Berlin:20260626T103000" in lines


def test_a_cancellation_has_the_same_uid_and_a_higher_sequence() -> None:
    lines = lines_of(calendar_text(appointment(sequence=4), at=AT, cancelled=True))

    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:4", "UID:talk-12@hafenkontor.example"} <= set(lines)
    assert not any("RSVP" in line for line in lines)


def test_lines_end_in_crlf_and_are_folded_at_75_octets() -> None:
    raw = calendar_text(appointment(description="Ü" * 300, summary="ß, " * 100), at=AT).encode()

    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    for line in raw.split(b"\r\n"):
        line.decode()  # no character is cut in two


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Berlin",
        "Europe/Amsterdam",
        "Europe/Zurich",
        "Europe/Lisbon",
        "Atlantic/Reykjavik",
        "UTC",
        "Asia/Kolkata",
        "America/New_York",
        "Africa/Casablanca",
        "Europe/Dublin",
    ],
)
@pytest.mark.parametrize(
    "starts_at",
    [
        datetime(2026, 3, 28, 23, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
        datetime(2026, 7, 1, 8, 0, tzinfo=UTC),
    ],
)
def test_the_zone_of_the_file_gives_the_right_instant_on_the_nights_of_the_change(zone: str, starts_at: datetime) -> None:
    text = calendar_text(appointment(zone=zone, starts_at=starts_at, minutes=90), at=AT)

    event = vobject.readOne(text).vevent
    local = starts_at.astimezone(ZoneInfo(zone))
    if local.fold:  # the second run of the hour has no name in the format
        assert event.dtstart.value == starts_at and "DTSTART:20261025T013000Z" in text
        return
    assert event.dtstart.value.replace(tzinfo=None) == local.replace(tzinfo=None)
    assert utc_by_the_file(text, local.replace(tzinfo=None)) == starts_at
    ends = (starts_at + timedelta(minutes=90)).astimezone(ZoneInfo(zone))
    assert event.dtend.value.replace(tzinfo=None) == ends.replace(tzinfo=None)


def utc_by_the_file(text: str, local: datetime) -> datetime:
    """Reckon by the rules written in the file, as a calendar program does that knows no zone by name."""
    onsets: list[tuple[datetime, timedelta]] = []  # in UTC, with the offset from then on
    for part in icalendar.Calendar.from_ical(text).timezones[0].subcomponents:
        first, before, after = part["DTSTART"].dt, part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        walls = [first]
        if "RRULE" in part:
            rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=first)
            walls = list(rule.between(first, first + timedelta(days=1200), inc=True))
        if "RDATE" in part:
            walls += [each.dt for each in part["RDATE"].dts]
        onsets += [(wall - before, after) for wall in walls]
    onsets.sort()
    fits = [local - offset for at, offset in onsets if at <= local - offset]
    in_force = [offset for at, offset in onsets if at <= fits[-1]][-1]
    return (local - in_force).replace(tzinfo=UTC)


def test_berlin_changes_its_clocks_by_the_rules_of_the_union() -> None:
    lines = lines_of(calendar_text(appointment(), at=AT))

    spring = lines[lines.index("BEGIN:DAYLIGHT") : lines.index("END:DAYLIGHT")]
    autumn = lines[lines.index("BEGIN:STANDARD") : lines.index("END:STANDARD")]
    assert {
        "DTSTART:20250330T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
    } <= set(spring)
    assert {
        "DTSTART:20251026T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
    } <= set(autumn)


@given(summary=st.text(max_size=120), description=st.text(max_size=200), name=st.text(max_size=60))
def test_no_text_breaks_the_file(summary: str, description: str, name: str) -> None:
    text = calendar_text(
        appointment(summary=summary, description=description, location=summary, attendees=(Person("a@example.org", name),)), at=AT
    )

    event = vobject.readOne(text).vevent
    assert event.attendee.value == "mailto:a@example.org"
    assert len(icalendar.Calendar.from_ical(text).walk("VEVENT")) == 1
    assert text.count("BEGIN:VEVENT") == 1 or "BEGIN:VEVENT" in summary + description + name


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError):
        calendar_text(appointment(starts_at=datetime(2026, 6, 26, 8, 30)), at=AT)
    with pytest.raises(ValueError):
        calendar_text(appointment(minutes=0), at=AT)
