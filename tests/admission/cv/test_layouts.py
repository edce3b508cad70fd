"""The same five stations in every layout and notation: the analyser must find five, and judge them alike."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.admission.cv import Analysis, analyse
from app.files.papers.document import Document, Line, Page

Month = tuple[int, int]
TERMS: list[tuple[Month, Month | None]] = [
    ((2026, 1), None),
    ((2024, 3), (2025, 12)),
    ((2022, 6), (2024, 2)),
    ((2016, 1), (2022, 5)),
    ((2009, 4), (2015, 12)),
]
GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
SHORT_GERMAN = "Jan. Feb. Mrz. Apr. Mai Jun. Jul. Aug. Sep. Okt. Nov. Dez.".split()
DUTCH = "januari februari maart april mei juni juli augustus september oktober november december".split()
SHORT_DUTCH = "jan feb mrt apr mei jun jul aug sep okt nov dec".split()
ENGLISH = "January February March April May June July August September October November December".split()
SHORT_ENGLISH = [name[:3] for name in ENGLISH]


def slashed(y: int, m: int) -> str:
    return f"{m:02d}/{y}"


def dotted(y: int, m: int) -> str:
    return f"{m:02d}.{y}"


def year(y: int, m: int) -> str:
    return f"{y}"


def quarter(y: int, m: int) -> str:
    return f"Q{(m + 2) // 3} {y}"


def named(names: list[str]) -> Callable[[int, int], str]:
    return lambda y, m: f"{names[m - 1]} {y}"


def short_year(names: list[str]) -> Callable[[int, int], str]:
    return lambda y, m: f"{names[m - 1]} '{y % 100:02d}"


# How a point is written, what stands between, how the present is called, and what begins an open period instead.
NOTATIONS: dict[str, list[tuple[Callable[[int, int], str], str, str, str]]] = {
    "de": [
        (slashed, " – ", "heute", ""),
        (named(GERMAN), " – ", "heute", ""),
        (named(SHORT_GERMAN), " bis ", "dato", ""),
        (year, "-", "heute", ""),
        (slashed, "–", "heute", "seit "),
        (lambda y, m: f"01.{m:02d}.{y}", " – ", "heute", ""),
        (quarter, " – ", "heute", ""),
        (lambda y, m: f"{m:02d}/{y % 100:02d}", " – ", "lfd.", ""),
    ],
    "nl": [
        (named(DUTCH), " – ", "heden", ""),
        (named(SHORT_DUTCH), " t/m ", "heden", ""),
        (year, " - ", "heden", ""),
        (named(DUTCH), " tot en met ", "heden", "sinds "),
        (lambda y, m: f"{m:02d}-{y}", " t/m ", "heden", ""),
    ],
    "en": [
        (slashed, " – ", "present", ""),
        (named(ENGLISH), " – ", "Present", ""),
        (named(SHORT_ENGLISH), " to ", "date", ""),
        (short_year(SHORT_ENGLISH), " – ", "present", ""),
        (lambda y, m: f"{y}-{m:02d}", " – ", "present", ""),
        (named(ENGLISH), " – ", "now", "Since "),
    ],
}
CAREERS = {
    "de": [
        ("Kaufmännischer Geschäftsführer (interim)", "Nordwerk Pumpen GmbH", "Pumpenhersteller, 80 Mio. € Umsatz, 420 Mitarbeiter", ["Liquiditätsplanung eingeführt", "Banken überzeugt und Kredit verlängert"]),
        ("Interim Leiter Einkauf", "Sylter Fähren AG", "Reederei, 300 Mitarbeiter", ["Verträge neu verhandelt"]),
        ("Projektleiter Verlagerung", "Holsteiner Backwaren KG", "Großbäckerei mit 900 Beschäftigten", ["Linie nach Polen verlagert", "Sozialplan abgeschlossen"]),
        ("Bereichsleiter Finanzen", "Alster Chemie GmbH", "Lackhersteller", ["Team von zwölf Personen geführt"]),
        ("Controller", "Alster Chemie GmbH", "Lackhersteller", ["Monatsberichte erstellt"]),
    ],
    "nl": [
        ("Interim-directeur", "Zeeland Pompen B.V.", "Pompenfabrikant, € 80 mln omzet, 420 medewerkers", ["Liquiditeitsplanning ingevoerd", "Krediet met de bank verlengd"]),
        ("Hoofd inkoop a.i.", "Texelse Veren N.V.", "Rederij, 300 medewerkers", ["Contracten heronderhandeld"]),
        ("Programmamanager", "Twentse Bakkers B.V.", "Bakkerij met 900 medewerkers", ["Productielijn verplaatst", "Sociaal plan afgesloten"]),
        ("Financieel manager", "Maas Verf B.V.", "Verffabrikant", ["Leiding aan twaalf mensen"]),
        ("Controller", "Maas Verf B.V.", "Verffabrikant", ["Maandrapportages opgesteld"]),
    ],
    "en": [
        ("Interim CEO", "Northgate Pumps Ltd", "Pump manufacturer, £80m turnover, 420 employees", ["Introduced weekly cash planning", "Renewed the bank facility"]),
        ("Interim Head of Procurement", "Skye Ferries plc", "Ferry operator, 300 employees", ["Renegotiated contracts"]),
        ("Programme Director", "Holme Bakeries Ltd", "Industrial bakery with 900 staff", ["Moved a line to Poland", "Agreed redundancy terms"]),
        ("Finance Director", "Tamar Coatings Ltd", "Paint maker", ["Led twelve people"]),
        ("Financial Controller", "Tamar Coatings Ltd", "Paint maker", ["Produced monthly reports"]),
    ],
}  # fmt: skip
HEADINGS = {
    "de": ("Beruflicher Werdegang", "Ausbildung", "1998 – 2003 Studium BWL, Universität Kiel"),
    "nl": ("Werkervaring", "Opleiding", "1998 – 2003 Bedrijfskunde, Universiteit Groningen"),
    "en": ("Professional experience", "Education", "1998 – 2003 BSc Economics, University of York"),
}


def bullets(told: list[str]) -> list[Line]:
    return [Line(text, bullet=True) for text in told]


def row(*cells: list[str]) -> list[Any]:
    return [("row", cells)]


# p: the period, t: the title, o: the organisation, d: what it is, b: what was done
DATED: dict[str, Callable[[str, str, str, str, list[str]], list[Any]]] = {
    "date alone first": lambda p, t, o, d, b: [Line(p, gap=True), Line(t, strong=True), Line(o), Line(d), *bullets(b)],
    "date, tab, title": lambda p, t, o, d, b: [Line(f"{p}\t{t}"), Line(o), Line(d), *bullets(b)],
    "title, tab, date": lambda p, t, o, d, b: [Line(f"{t}\t{p}", strong=True, gap=True), Line(o), Line(d), *bullets(b)],
    "title, company, date": lambda p, t, o, d, b: [Line(t, strong=True, gap=True), Line(o), Line(p), Line(d), *bullets(b)],
    "company, title, date": lambda p, t, o, d, b: [Line(o, strong=True, gap=True), Line(t), Line(p), Line(d), *bullets(b)],
    "company and date, title": lambda p, t, o, d, b: [Line(f"{o}\t{p}", strong=True, gap=True), Line(t), Line(d), *bullets(b)],
    "company, title and date": lambda p, t, o, d, b: [Line(o, strong=True, gap=True), Line(f"{t}\t{p}"), Line(d), *bullets(b)],
    "date: title, company": lambda p, t, o, d, b: [Line(f"{p}: {t}, {o}", strong=True), Line(d), *bullets(b)],
    "date in brackets": lambda p, t, o, d, b: [Line(f"{t}, {o} ({p})", strong=True, gap=True), Line(d), *bullets(b)],
    "title | company | date": lambda p, t, o, d, b: [Line(f"{t} | {o} | {p}", strong=True, gap=True), Line(d), *bullets(b)],
    "no style at all": lambda p, t, o, d, b: [Line(p, gap=True), Line(t), Line(o), Line(d), *[Line(text) for text in b]],
    "prose": lambda p, t, o, d, b: [Line(t, strong=True, gap=True), Line(f"{o}, {p}"), Line(f"{d}. {'. '.join(b)}.")],
    "labels": lambda p, t, o, d, b: [Line(f"Zeitraum: {p}", gap=True), Line(f"Position: {t}"), Line(f"Firma: {o}"), Line(f"Branche: {d}"), *bullets(b)],
    "a row of two cells": lambda p, t, o, d, b: row([p], [t, o, d, *b]),
    "a row of four cells": lambda p, t, o, d, b: row([p], [t], [o, d], b),
    "date in the second cell": lambda p, t, o, d, b: row([t, o, d], [p], b),
}  # fmt: skip
UNDATED: dict[str, Callable[[str, str, str, list[str]], list[Any]]] = {
    "title, company": lambda t, o, d, b: [Line(t, strong=True, gap=True), Line(o), Line(d), *bullets(b)],
    "one head": lambda t, o, d, b: [Line(f"{t}, {o}", strong=True), Line(d), *bullets(b)],
    "plain": lambda t, o, d, b: [Line(f"{t}, {o}", gap=True), Line(f"{d}. {'. '.join(b)}.")],
    "one paragraph": lambda t, o, d, b: [Line(f"{t} – {o}: {'. '.join(b)}", gap=True)],
    "one bullet": lambda t, o, d, b: [Line(f"{t}, {o}: {', '.join(b)}", bullet=True)],
    "company, title": lambda t, o, d, b: [Line(o, strong=True, gap=True), Line(t), Line(d), *bullets(b)],
    "a row": lambda t, o, d, b: row([t], [o, d], b),
}


def judged(language: str, heading: str, blocks: list[list[Any]]) -> Analysis:
    lines = [Line("Anna Muster", strong=True, size=16), Line("Interim Manager"), Line("anna@muster.example.de, +49 40 123456")]
    lines.append(Line(heading, strong=True, level=1, gap=True))
    for number, item in enumerate(itertools.chain.from_iterable(blocks), start=1):
        if isinstance(item, Line):
            lines.append(item)
        else:
            lines += [Line(text, row=number, cell=cell) for cell, texts in enumerate(item[1]) for text in texts]
    lines += [Line(HEADINGS[language][1], strong=True, level=1, gap=True), Line(HEADINGS[language][2])]
    return analyse(Document("docx", [Page(1, lines)], [], 1), date(2026, 11, 21))


@pytest.mark.parametrize("layout", DATED)
@pytest.mark.parametrize(
    ("language", "number"), [(language, n) for language, notes in NOTATIONS.items() for n in range(len(notes))]
)
def test_five_dated_stations_are_five_in_every_layout(layout, language, number):
    point, between, now, since = NOTATIONS[language][number]
    written = [
        (since + point(*start) if since else point(*start) + between + now)
        if end is None
        else point(*start) + between + point(*end)
        for start, end in TERMS
    ]

    analysis = judged(
        language, HEADINGS[language][0], [DATED[layout](p, *career) for p, career in zip(written, CAREERS[language], strict=True)]
    )

    assert analysis.facts is not None and analysis.criteria is not None
    assert len(analysis.facts.stations) == 5
    assert analysis.facts.latest == "present"
    assert analysis.language == language
    assert {name: one.verdict for name, one in analysis.criteria.items() if name != "currency"} == {
        "contact": "ok", "company_facts": "ok", "tasks": "ok", "plain_language": "ok", "project_list": "ok",
    }  # fmt: skip


@pytest.mark.parametrize("layout", UNDATED)
@pytest.mark.parametrize(
    "heading",
    [
        "de: Ausgewählte Mandate",
        "de: Beruflicher Werdegang",
        "nl: Een greep uit mijn opdrachten",
        "en: Selected assignments",
        "en: Experience",
    ],
)
def test_five_stations_without_dates_are_five_too(layout, heading):
    language, _colon, words = heading.partition(": ")

    analysis = judged(language, words, [UNDATED[layout](*career) for career in CAREERS[language]])

    assert analysis.facts is not None and analysis.criteria is not None
    assert len(analysis.facts.stations) == 5
    assert analysis.facts.latest is None
    assert analysis.criteria["project_list"].verdict == "missing"
    assert analysis.criteria["tasks"].verdict == "ok"


def test_organisations_are_told():
    analysis = judged(
        "de", "Berufserfahrung", [DATED["title, tab, date"]("01/2020 – 12/2024", *career) for career in CAREERS["de"]]
    )

    assert analysis.facts is not None
    assert [one.organisation for one in analysis.facts.stations] == [career[1] for career in CAREERS["de"]]
