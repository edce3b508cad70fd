"""Each rule on a few lines: contact, company, tasks, language of the trade, course of a life, currency, kind of paper."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.admission.cv import texts
from app.admission.cv.figures import has_size
from app.admission.cv.judge import CRITERIA, Judgement, currency
from app.admission.cv.language import language_of
from app.admission.cv.made import Made
from app.admission.cv.rows import Row, section_named
from app.admission.cv.vocabulary import LANGUAGES, compiled, loaded
from app.files.papers.document import Document, Line, Page
from tests.admission.cv.papers import JUDGED_ON, STATIONS, analysed


def verdicts(*lines: str, **more) -> dict[str, str]:
    criteria = analysed(*lines, **more).criteria
    assert criteria is not None
    return {name: one.verdict for name, one in criteria.items()}


# Contact --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Tel. 040 669 69 214",
        "Mobil: 0171-3920021",
        "+49 (0) 40 / 66 96 9-555",
        "0049 30 23125 041",
        "T 085 - 000 58 03",
        "M +31 6 5551 2044",
        "06-12345678",
        "GSM: +32 475 55 66 77",
        "Natel 079 555 44 33",
        "(+1) 312-555-0147",
        "Phone: (+49) 30 555 0199",
        "05361/12 34 56",
    ],
)
def test_phone_numbers_are_told(line):
    facts = analysed("**Anna Muster**", line, STATIONS).facts

    assert facts is not None and len(facts.phones) == 1


@pytest.mark.parametrize(
    "line",
    [
        "Fax: 040 669 69 215",
        "IBAN DE89 3704 0044 0532 0130 00",
        "KvK 01234567",
        "2001 – 2008 Werksleiterin",
        "Geboren am 04.07.1970",
        "Kontakt nur über uns: Halbmast Services, Tel. +49 69 90009 100",
        "Referenz: Dr. Beat Odermatt, Tel. 071 555 11 22",
    ],
)
def test_other_numbers_are_not_taken_for_the_person_s_phone(line):
    facts = analysed("**Anna Muster**", line, STATIONS).facts

    assert facts is not None and facts.phones == []


@pytest.mark.parametrize(
    ("lines", "links", "emails"),
    [
        (["anna@muster.example.de"], (), ["anna@muster.example.de"]),
        (["Nachricht schreiben"], ("mailto:anna@muster.example.de?subject=x",), ["anna@muster.example.de"]),
        (["anna.muster (at) muster.example.de"], (), ["anna.muster@muster.example.de"]),
        (["Referenzgeber: Karl Weber, k.weber@werk.example.de"], (), []),
        (["Kontakt ausschließlich über Agentur Halbmast, office@halbmast.example.de"], (), []),
    ],
)
def test_mail_addresses_are_the_person_s_own(lines, links, emails):
    facts = analysed("**Anna Muster**", *lines, STATIONS, links=links).facts

    assert facts is not None and facts.emails == emails


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (["anna@muster.example.de", "040 669 69 214"], "ok"),
        (["anna@muster.example.de"], "weak"),
        (["040 669 69 214"], "weak"),
        ([], "missing"),
    ],
)
def test_contact_needs_both(lines, verdict):
    assert verdicts("**Anna Muster**", *lines, STATIONS)["contact"] == verdict


# Company --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["140 Mio. € Umsatz", "Umsatz: ca. 85 Mio. EUR", "620 Mitarbeiter", "rd. 1.100 Beschäftigte", "450 MA", "£165m turnover", "€ 190 mln omzet", "430 medewerkers", "vier Werke", "12 vestigingen", "38 branches", "CHF 310 Mio. Umsatz", "1'200 Mitarbeitende", "Mitarbeiter: 500", "USD 240m sales", "340 bedden", "omzet van 48 miljoen euro", "180 fte"],
)  # fmt: skip
def test_sizes(text):
    assert has_size(text)


@pytest.mark.parametrize(
    "text",
    ["Team von 14 Personen", "Führung von 55 Mitarbeitern", "Projektbudget 12 Mio. €", "Budget 38 Mio. €, Projektteam 60 Personen", "Führungsspanne: 30 (disziplinarisch)", "9 direct reports", "leiding aan 18 medewerkers", "Led 420 people", "Einkaufsvolumen 180 Mio. €", "2019", "Werk 3"],
)  # fmt: skip
def test_teams_and_budgets_are_no_size(text):
    assert not has_size(text)


def station(*lines: str) -> str:
    return "# Berufserfahrung\n" + "\n".join(("03/2024 – heute\tKaufmännische Leiterin", *lines))


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (["Nordwerk GmbH", "Maschinenbau, 80 Mio. € Umsatz"], "ok"),
        (["Nordwerk GmbH (Porzellanmanufaktur, 330 Beschäftigte)"], "ok"),
        (["Hersteller von Gartenmöbeln", "210 Mitarbeiter"], "ok"),
        (["Nordwerk GmbH", "Das Unternehmen fertigt Ventile und hat 300 Mitarbeiter."], "ok"),
        (["Branche: Lebensmittel", "Mitarbeiter: 500"], "ok"),
        (["Nordwerk GmbH (Automobilzulieferer)"], "weak"),
        (["Nordwerk GmbH", "620 Mitarbeiter"], "weak"),
        (["Energieversorger in Norddeutschland"], "weak"),
        (["Nordwerk Maschinenbau GmbH, Kiel"], "missing"),
        (["Nordwerk Holding GmbH", "Führungsspanne: 6 direkt"], "missing"),
        (["Nordwerk GmbH", "* Führung von 55 Mitarbeitern im Außendienst"], "missing"),
    ],
)
def test_what_is_told_of_a_company(lines, verdict):
    assert verdicts("**Anna Muster**", station(*lines))["company_facts"] == verdict


# Tasks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (["Nordwerk GmbH", "* Liquiditätsplanung eingeführt"], "ok"),
        (["Nordwerk GmbH", "Aufgaben: Jahresabschluss, Bankenreporting"], "ok"),
        (["Nordwerk GmbH", "Ich führte ein Schichtmodell ein und senkte den Ausschuss um ein Drittel."], "ok"),
        (["Nordwerk GmbH", "Technologien: SAP, Excel, Power BI"], "missing"),
        (["Nordwerk GmbH", "Berichtsweg an die Geschäftsführung, Führungsspanne 12"], "missing"),
        (["Nordwerk GmbH", "* SAP S/4HANA, MS Project"], "missing"),
        (["Nordwerk GmbH", "Maschinenbau, 80 Mio. € Umsatz, 420 Mitarbeiter"], "missing"),
    ],
)
def test_what_is_told_of_the_work(lines, verdict):
    assert verdicts("**Anna Muster**", station(*lines))["tasks"] == verdict


# Plain language -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (["* Eskalation EVO-K3 aus Stufe C2L zurückgeführt, Regelrunde PTB-R eingeführt"], "weak"),
        (["* Einführung von SAP S/4HANA, Umstellung auf IFRS, Zertifizierung nach ISO 9001 und IATF 16949"], "ok"),
        (["* Aufbau eines PMO, Berichte an CEO und CFO, EBIT um 2 Mio. € gesteigert"], "ok"),
        (["* EVO (Einführung der Versandoptimierung) geleitet, die Runde PTB-R (wöchentliche Terminbesprechung) eingeführt, ZB-14 (Zulassungsbericht) erstellt"], "ok"),
        (["* Programm FALKE II verhandelt und PEV-Verfahren eingeführt"], "ok"),
    ],
)  # fmt: skip
def test_three_codes_that_nobody_explains_are_too_many(lines, verdict):
    assert verdicts("**Anna Muster**", station("Nordwerk GmbH", *lines))["plain_language"] == verdict


# The course of a working life -----------------------------------------------------------------------------------


def life(*lines: str) -> str:
    return "# Berufserfahrung\n" + "\n".join(lines)


@pytest.mark.parametrize(
    ("lines", "verdict", "why"),
    [
        (["01/2024 – heute CFO, Nordwerk GmbH", "2015 – 12/2023 CFO, Alster AG"], "ok", "list_complete"),
        (["seit 2008 Interim Manager und Berater, selbständig", "2001 – 2008 CFO, Alster AG"], "weak", "list_summed_up"),
        (["2012 – 2019 Berater, diverse Mandate", "2019 – heute CFO, Nordwerk GmbH", "2001 – 2012 CFO, Alster AG"], "weak", "list_summed_up"),
        (["sinds 2011: Zelfstandig interim-manager, Oldenkamp Advies", "2004 – 2011: Directeur, Horsterman B.V."], "weak", "list_summed_up"),
        (["Interim Director, various clients, 2011 to date", "2003 – 2011 Partner, Row LLP"], "weak", "list_summed_up"),
        (["2009 – heute CFO, Nordwerk GmbH", "2001 – 2009 Controller, Alster AG"], "ok", "list_complete"),
        (["01/2025 – heute CFO, Nordwerk GmbH", "2015 – 06/2023 CFO, Alster AG"], "weak", "list_gap"),
        (["01/2025 – heute CFO, Nordwerk GmbH", "07/2023 – 12/2024 Elternzeit", "2015 – 06/2023 CFO, Alster AG"], "ok", "list_complete"),
        (["01/2025 – heute CFO, Nordwerk GmbH", "06/2023 – 12/2024 Sabbatical", "2015 – 06/2023 CFO, Alster AG"], "ok", "list_complete"),
        (["01/2025 – heute CFO, Nordwerk GmbH", "2015 – 03/2024 CFO, Alster AG"], "ok", "list_complete"),
        (["2012 – heute CFO, Nordwerk GmbH", "2001 – 2009 Controller, Alster AG"], "ok", "list_complete"),
        (["**CFO, Nordwerk GmbH**", "**Controller, Alster AG**"], "missing", "list_no_dates"),
    ],
)  # fmt: skip
def test_the_course_of_a_working_life(lines, verdict, why):
    criteria = analysed("**Anna Muster**", life(*lines)).criteria

    assert criteria is not None
    assert (criteria["project_list"].verdict, criteria["project_list"].why) == (verdict, why)


def test_study_fills_a_gap():
    lines = life("01/2025 – heute CFO, Nordwerk GmbH", "2012 – 2020 CFO, Alster AG")

    assert verdicts("**Anna Muster**", lines)["project_list"] == "weak"
    assert (
        verdicts("**Anna Muster**", lines, "# Ausbildung", "01/2021 – 12/2024 Promotion, Universität Kiel")["project_list"]
        == "ok"
    )


def test_single_assignments_under_a_line_since_2015_are_a_list():
    lines = life(
        "2015 – heute Selbständiger Interim Manager",
        "02/2023 – heute CFO, Nordwerk GmbH",
        "06/2019 – 01/2023 CFO, Alster AG",
        "2015 – 05/2019 CFO, Sylter Fähren AG",
        "2001 – 2015 Controller, Holsteiner Backwaren KG",
    )
    analysis = analysed("**Anna Muster**", lines)

    assert analysis.facts is not None and analysis.criteria is not None
    assert analysis.criteria["project_list"].verdict == "ok"
    assert len(analysis.facts.stations) == 4


def test_courses_volunteering_and_study_are_no_stations():
    facts = analysed(
        "**Anna Muster**",
        STATIONS,
        "# Weiterbildung",
        "03/2025 – 05/2025 Lehrgang Datenanalyse",
        "# Ehrenamt",
        "2019 – heute Schöffin am Landgericht",
    ).facts

    assert facts is not None and [one.start for one in facts.stations] == ["2024-03", "2015-01"]


# Currency -------------------------------------------------------------------------------------------------------


def made(text: str) -> Made:
    return Made(text, Row(0, 1, Line(f"Stand: {text}")))


@pytest.mark.parametrize(
    ("latest", "known_end", "said", "verdict"),
    [
        ("present", None, "2026-10-15", "ok"),
        ("present", None, None, "weak"),
        ("present", None, "2019-05-03", "missing"),
        ("present", "2024-12", "2026-01", "weak"),
        ("2026-09", "2026-09", None, "ok"),
        ("2026-05", "2026-05", None, "ok"),
        ("2026-02", "2026-02", None, "weak"),
        ("2024-12", "2024-12", None, "missing"),
        ("2024-12", "2024-12", "2026-11-01", "ok"),
        (None, None, "2026-09-15", "ok"),
        (None, None, "2023-03", "missing"),
        (None, None, None, "weak"),
        (None, None, "2026-05-21", "ok"),
        (None, None, "2026-05-20", "weak"),
        (None, None, "2025-11-20", "missing"),
        (None, None, "2025-11-21", "weak"),
    ],
)
def test_currency(latest, known_end, said, verdict):
    assert currency(latest, None, known_end, made(said) if said else None, JUDGED_ON).verdict == verdict


def test_the_day_of_judging_decides():
    text = ("**Anna Muster**", STATIONS.replace("heute", "08/2026"))

    assert verdicts(*text, as_of=date(2026, 11, 21))["currency"] == "ok"
    assert verdicts(*text, as_of=date(2027, 4, 1))["currency"] == "weak"
    assert verdicts(*text, as_of=date(2028, 4, 1))["currency"] == "missing"


# Language, sections, kinds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kaufmännischer Leiter auf Zeit. Liquiditätsplanung eingeführt und mit Banken verhandelt.", "de"),
        ("Interim-directeur. Liquiditeitsplanning ingevoerd en met de bank onderhandeld.", "nl"),
        ("Interim finance director. Introduced cash planning and negotiated with the bank.", "en"),
        ("Head of Procurement, Chief Restructuring Officer, Senior Vice President; Leitung des Einkaufs und der Logistik", "de"),
    ],
)
def test_language(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("BERUFLICHER WERDEGANG", "experience"),
        ("Ausgewählte Mandate (1/2)", "projects"),
        ("3. Berufserfahrung:", "experience"),
        ("Opdrachten / Werkervaring", "experience"),
        ("Education & Training", "education"),
        ("Skills and Languages", "skills"),
        ("W E R D E G A N G", "experience"),
        ("Nordwerk Pumpen GmbH", None),
    ],
)
def test_headings(heading, kind):
    assert section_named(heading) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Sehr geehrte Damen und Herren,\n\nanbei erhalten Sie meinen Lebenslauf.\n\nMit freundlichen Grüßen\nAnna Muster", "letter"),
        ("Dear Ms Ahlers,\n\nI am writing to ask whether you have assignments.\n\nKind regards\nAnna Muster", "letter"),
        ("Wir suchen zum nächstmöglichen Zeitpunkt einen Interim CFO (m/w/d)\nIhre Aufgaben\nIhr Profil\nWir bieten\nIhre Bewerbung", "advertisement"),
        ("Personalfragebogen\nBitte ausfüllen\nName: ________\nAnschrift: ________\nDatum: ________\nUnterschrift: ________", "form"),
        ("Rechnung\nRechnungsnummer 12\nNettobetrag 100\nMehrwertsteuer 19", "other"),
        ("Anna Muster\nInterim CFO\nFührt Unternehmen durch schweres Wasser.", "cv"),
    ],
)  # fmt: skip
def test_kinds_of_papers(text, kind):
    assert analysed(text).kind == kind


def test_a_letter_before_a_cv_does_not_hide_it():
    assert (
        analysed(
            "Sehr geehrte Frau Ahlers,", "anbei mein Profil.", "Mit freundlichen Grüßen", "", "**Anna Muster**", STATIONS
        ).kind
        == "cv"
    )


# Words and texts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "found", "not_found"),
    [("umsatz", "Der Umsatz stieg", "Umsatzes"), ("werk*", "Werksleiter", "Handwerk"), ("*bau", "Maschinenbau", "Baustelle"), ("*maschinen*", "Werkzeugmaschinenbau", "Maschine")],
)  # fmt: skip
def test_how_words_are_written_in_the_files(word, found, not_found):
    pattern = compiled([word])

    assert pattern.search(found.casefold())
    assert not pattern.search(not_found.casefold())


def test_every_language_has_every_list_and_every_text():
    for part in ("language", "sections", "dates", "titles", "companies", "size", "tasks", "contact", "made", "working", "kind"):
        assert {language: loaded(language)[part].keys() for language in LANGUAGES} == {
            language: loaded("de")[part].keys() for language in LANGUAGES
        }
    english = loaded("texts-en")
    for language in LANGUAGES:
        found = loaded(f"texts-{language}")
        assert {part: sorted(lines) for part, lines in found.items()} == {part: sorted(lines) for part, lines in english.items()}
    assert set(english["tips"]) == set(CRITERIA)


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_and_tips_speak_the_reader_s_language(language):
    criteria = analysed("**Anna Muster**", station("Nordwerk Holding GmbH")).criteria
    assert criteria is not None
    for name, judgement in criteria.items():
        assert texts.reason(judgement, language)
        assert (texts.tip(name, judgement, language) is None) == (judgement.verdict == "ok")
    assert "%" not in texts.reason(Judgement("weak", "currency_months", [], {"months": "8"}), language)
    assert texts.example(language).count("\n") == 3


@given(st.lists(st.text(max_size=80), max_size=30))
def test_no_paper_makes_a_rule_stumble(lines):
    analysis = analysed(*lines)

    assert analysis.kind in ("cv", "letter", "advertisement", "form", "other")


@given(
    st.lists(
        st.sampled_from(
            [
                "2019 – 2020",
                "CFO",
                "Nordwerk GmbH",
                "\t",
                "# Werdegang",
                "* eingeführt",
                "(",
                "seit 2008",
                "Umsatz 5",
                "@",
                "+49 40 123456",
                "Stand: 10/2026",
                "a@b.de",
                "",
            ]
        ),
        max_size=40,
    ),
    st.booleans(),
)
def test_pieces_of_papers_in_any_order_are_judged(pieces, glued):
    text = " ".join(pieces) if glued else "\n".join(pieces)

    analysis = analysed(text)

    assert analysis.criteria is None or set(analysis.criteria) == set(CRITERIA)


def test_a_document_without_a_line_is_no_cv():
    from app.admission.cv import analyse

    assert analyse(Document("pdf", [Page(1, [])], [], 1), JUDGED_ON).kind == "other"


def labelled_rows() -> list[Line]:
    found = []
    number = 0
    for term, role, client in (
        ("01/2025 – heute", "Projektleiter", "Bank mit 900 Mitarbeitern"),
        ("03/2023 – 12/2024", "PMO-Leiter", "Versicherung, 2.000 MA"),
        ("2016 – 02/2023", "Teilprojektleiter", "Stadtwerke, 400 MA"),
    ):
        for label, value in (
            ("Zeitraum", term),
            ("Kunde", client),
            ("Rolle", role),
            ("Aufgaben", "Steuerung von vier Teilprojekten"),
        ):
            number += 1
            found += [Line(label, row=number, cell=0), Line(value, row=number, cell=1)]
    return found


def test_a_station_may_be_several_rows_of_labels_and_values():
    from app.admission.cv import analyse

    lines = [Line("Anna Muster", strong=True, size=16), Line("Projektliste", strong=True, level=1), *labelled_rows()]
    analysis = analyse(Document("docx", [Page(1, lines)], [], 1), JUDGED_ON)

    assert analysis.facts is not None and analysis.criteria is not None
    assert [one.organisation for one in analysis.facts.stations] == ["Bank", "Versicherung", "Stadtwerke"]
    assert {name: analysis.criteria[name].verdict for name in ("company_facts", "tasks", "project_list")} == {
        "company_facts": "ok",
        "tasks": "ok",
        "project_list": "ok",
    }


def test_what_stands_on_an_agency_s_paper_is_the_agency_s():
    facts = analysed(
        "^Kandidatenprofil – Halbmast Interim GmbH",
        "**Anna Muster**",
        STATIONS,
        "_Halbmast Interim GmbH, Tel. 069 123456, info@halbmast.example.de",
    ).facts

    assert facts is not None and (facts.emails, facts.phones) == ([], [])


def test_what_is_told_of_an_employer_counts_for_the_stations_under_it():
    lines = life(
        "**Foo Holdings plc** (engineering, 5,000 employees)\t2005 – 2026",
        "Managing Director\t2018 – 2026",
        "* Grew sales by half",
        "Finance Director\t2010 – 2018",
        "* Closed two plants",
    )
    analysis = analysed("**Anna Muster**", lines)

    assert analysis.facts is not None and analysis.criteria is not None
    assert [one.organisation for one in analysis.facts.stations] == ["Foo Holdings plc"] * 2
    assert analysis.criteria["company_facts"].verdict == "ok"
