"""The day on which a paper says it was made: in many words, at each end of the paper."""

from __future__ import annotations

import pytest

from tests.admission.cv.papers import STATIONS, analysed

SAID = [
    "Stand: 10/2026",
    "Stand Oktober 2026",
    "Stand 10.2026",
    "(Stand: 1.10.2026)",
    "Lebenslauf, Stand 15. Oktober 2026",
    "Ort, Datum: Hamburg, 15.10.2026",
    "Hamburg, 15.10.26",
    "Hamburg, 15. Okt. 2026",
    "Hamburg im Oktober 2026",
    "Hamburg, im Oktober 2026",
    "Den Haag, 3 oktober 2026",
    "'s-Hertogenbosch, 3 oktober 2026",
    "Frankfurt am Main, 15.10.2026",
    "Frankfurt a. M., den 15.10.2026",
    "Wien, am 15.10.2026",
    "Utrecht, oktober 2026",
    "CV d.d. 15-10-2026",
    "cv d.d. oktober 2026",
    "Last updated: 10/2026",
    "Updated: Oct 2026",
    "As of October 2026",
    "Date: 15/10/2026",
    "London, 15th October 2026",
    "15 October 2026",
    "15.10.2026",
    "Version 2.1 – 15.10.2026",
    "Version: 2026-10-15",
    "Letzte Änderung: 15.10.2026",
    "Zuletzt aktualisiert im Oktober 2026",
    "Aktualisiert am 15. Oktober 2026",
    "Laatst bijgewerkt: 15 oktober 2026",
    "Laatste wijziging 15-10-2026",
    "Amsterdam, 15/10/2026",
    "This CV was last updated in October 2026",
    "Dieser Lebenslauf wurde im Oktober 2026 erstellt.",
    "Deze cv is bijgewerkt op 15 oktober 2026",
    "Revised October 2026",
    "Hamburg, 15.10.2026    Anna Muster",
    "Hamburg, den 15.10.2026 gez. Anna Muster",
    "Oktober 2026",
    "Köln, 10/2026",
    "Köln, Oktober 2026",
    "Profil erstellt: 10/2026",
    "Datum: 15.10.2026",
    "15. Oktober 2026, Hamburg",
    "Hamburg – 15.10.2026",
    "Hamburg | 15.10.2026",
    "Hamburg, 2026-10-15",
    "Berlin, October 15, 2026",
    "CV, October 2026",
    "Updated autumn: 10/2026",
    "Ausgabe Oktober 2026",
    "Erstellt im Oktober 2026",
    "Unterschrift: Hamburg, 15.10.2026",
    "Stand der Angaben: Oktober 2026",
    "Datenstand 15.10.2026",
    "Status: October 2026",
    "Informationsstand Oktober 2026",
    "Gedruckt am 15.10.2026",
    "Geactualiseerd oktober 2026",
    "Peildatum 15 oktober 2026",
    "Profile last reviewed on 15 October 2026",
    "Prepared October 2026",
    "Aufgestellt: Hamburg, 15.10.2026",
]
NOT_SAID = [
    "Verfügbar ab 01.01.2027",
    "Geboren 15.10.1966 in Kiel",
    "Abitur, Kiel, 12.06.1998",
    "Zertifikat PMP, 12.05.2020",
    "Führerschein Klasse B seit 03.04.1984",
    "Verheiratet seit 12.06.1998",
    "SiGeKo-Schein, gültig bis 31.12.2027",
    "Promotion, 15. Juli 2004",
    "Beschikbaar per 1 januari 2027",
    "Available from 1 January 2027",
    "Sachkundenachweis (15.03.2019)",
    "Date of birth: 15 October 1966",
    "Kursus Sanierung, Köln, 12.03.2019",
    "Zeugnis vom 31.12.2020",
    "Arbeitszeugnis Nordwerk, Stand 31.12.2020",
    "per direct beschikbaar",
    "Kündigungsfrist 30.06.2027",
]
PLACES = {
    "end": lambda said: f"**Anna Muster**\n{STATIONS}\n\n{said}",
    "footer": lambda said: f"**Anna Muster**\n{STATIONS}\n_{said}",
    "header": lambda said: f"^{said}\n**Anna Muster**\n{STATIONS}",
    "top": lambda said: f"**Anna Muster**\nLebenslauf\n{said}\n{STATIONS}",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("said", SAID)
def test_the_day_of_making_is_told(said, place):
    facts = analysed(PLACES[place](said)).facts

    assert facts is not None and facts.made_on is not None
    assert facts.made_on.startswith("2026-10")


@pytest.mark.parametrize("place", ["end", "top"])
@pytest.mark.parametrize("said", NOT_SAID)
def test_other_days_are_not_taken_for_it(said, place):
    facts = analysed(PLACES[place](said)).facts

    assert facts is not None and facts.made_on is None
