"""Calendar files for appointments: invitation, update and cancellation (RFC 5545, RFC 5546)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vUri

from app.mail.rules import one_line
from app.mail.zones import vtimezone

PRODUCT = "-//Lotse//Lotse//EN"
REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True)
class Person:
    """Somebody in a calendar file."""

    address: str
    name: str


@dataclass(frozen=True)
class Appointment:
    """An appointment as its participants' calendars keep it.

    `uid` stays the same over all updates and `sequence` rises with each (0 for the invitation). `starts_at` is an aware
    instant, `zone` the IANA name of the zone it was agreed in. Texts are in the recipient's language. `organizer` is the
    colleague who holds it, `sent_by` the firm's address. Source: docs/domain.md, "Reminders and mails".
    """

    uid: str
    sequence: int
    starts_at: datetime
    minutes: int
    zone: str
    summary: str
    description: str
    location: str
    organizer: Person
    sent_by: str
    attendees: Sequence[Person]
    url: str = ""


def calendar_text(appointment: Appointment, *, at: datetime, cancelled: bool = False) -> str:
    """Return the calendar file, with method REQUEST, or CANCEL where it is called off; lines end in CRLF.

    `at` is the instant it is written. A CANCEL takes a higher sequence than the last REQUEST, as an update does.
    Raises ValueError for a naive instant, an unknown zone or a length that is not positive.
    """
    if appointment.starts_at.tzinfo is None:
        raise ValueError("an appointment begins at an aware instant")
    if appointment.minutes <= 0:
        raise ValueError("an appointment lasts at least a minute")
    starts = _in_zone(appointment.starts_at, appointment.zone)
    ends = _in_zone(appointment.starts_at + timedelta(minutes=appointment.minutes), appointment.zone)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method_of(cancelled))
    calendar.add_component(vtimezone(appointment.zone, starts.year))
    calendar.add_component(_event(appointment, starts, ends, at, cancelled))
    return calendar.to_ical().decode()


def method_of(cancelled: bool) -> str:
    """Return the iTIP method, for the file and for the mail part that carries it."""
    return CANCEL if cancelled else REQUEST


def _event(appointment: Appointment, starts: datetime, ends: datetime, at: datetime, cancelled: bool) -> Event:
    event = Event()
    event.add("uid", one_line(appointment.uid))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", one_line(appointment.summary))
    if appointment.description:
        event.add("description", _clean(appointment.description))
    if appointment.location:
        event.add("location", one_line(appointment.location))
    if appointment.url:
        event.add("url", vUri(appointment.url))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    organizer = _address(appointment.organizer)
    organizer.params["sent-by"] = f"mailto:{appointment.sent_by}"
    event.add("organizer", organizer)
    for attendee in appointment.attendees:
        event.add("attendee", _attendee(attendee, cancelled))
    return event


def _in_zone(instant: datetime, zone: str) -> datetime:
    """Return the instant in its zone; in UTC for the second run of an autumn hour, which the format cannot name."""
    local = instant.astimezone(ZoneInfo(zone))
    return instant.astimezone(UTC) if local.fold else local


def _attendee(person: Person, cancelled: bool) -> vCalAddress:
    attendee = _address(person)
    attendee.params["cutype"] = "INDIVIDUAL"
    attendee.params["role"] = "REQ-PARTICIPANT"
    if not cancelled:
        attendee.params["partstat"] = "NEEDS-ACTION"
        attendee.params["rsvp"] = "TRUE"
    return attendee


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.address}")
    # A parameter cannot hold a double quote (RFC 5545, 3.2).
    address.params["cn"] = one_line(person.name).replace('"', "'") or person.address
    return address


def _clean(text: str) -> str:
    """Return the text with line breaks alone as control characters: the format has no place for others."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(c for c in line if c == "\t" or c.isprintable()) for line in lines)
