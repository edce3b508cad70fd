"""What stations tell of their companies: industry and size, neither, or one of the two."""

from __future__ import annotations

import pytest

from app.admission.cv import company, stations
from app.admission.cv.rows import paper_of
from tests.admission.cv.papers import document

TOLD = [
    ("CFO, Stahlwerk Thüringen GmbH\nHersteller von Profilstahl mit 700 MA", True, True),
    ("CFO\nKrüger Group, Bergisch Gladbach (Instantgetränke, 550 Mio. Euro)", True, True),
    ("CEO bei der Hotelkette Nordsee Resorts mit 12 Häusern", True, True),
    ("Interim CFO\nBörsennotierter Batteriehersteller, Umsatz 1,1 Mrd. €", True, True),
    ("Werkleiter\nFirma: Müller & Sohn\nBranche: Verpackungen aus Wellpappe\nGröße: 300 Mitarbeiter", True, True),
    ("Leiter HR\nNordbank AG\nPersonalverantwortung: 40 Mitarbeiter", False, False),
    ("Interim CRO für einen mittelständischen Druckmaschinenbauer (220 Beschäftigte)", True, True),
    ("Projektleiter, Klinikum Weserbergland", False, False),
    ("Geschäftsführerin, Pflegeheimbetreiber mit 18 Einrichtungen", True, True),
    ("Kaufmännischer Leiter\nNaturkost Allgäu eG – Großhandel für Biolebensmittel – 190 Mitarbeiter", True, True),
    ("Leiter Controlling\nBudgetverantwortung 25 Mio. €, 14 Mitarbeiter", False, False),
    ("COO\nWeingut und Sektkellerei, 90 Beschäftigte, 25 Mio. € Jahresumsatz", True, True),
    ("Financieel directeur, De Graaf Logistiek B.V.\nTransportbedrijf met 220 vrachtwagens en 350 chauffeurs", True, True),
    ("Interim-manager bij een middelgroot accountantskantoor (140 medewerkers)", True, True),
    ("Directeur a.i., Gemeente Westerwolde\n25.000 inwoners, 320 fte", True, True),
    ("Hoofd inkoop, Van Dam Bloembollen B.V.\nLeiding aan 12 inkopers", False, False),
    ("Programmamanager\nWoningcorporatie met 12.500 verhuureenheden", True, True),
    ("CEO, Blue Harbour plc\nOperator of marinas with 14 sites and £38m revenue", True, True),
    ("Interim CHRO at a listed insurer (6,000 employees)", True, True),
    ("VP Operations, Acme Corp.\nTeam of 45, budget $12m", False, False),
    ("Interim CTO, Finlytics Ltd (payments start-up, 80 people)", True, True),
    ("Plant Manager\nGlass container plant of an international group; 410 employees", True, True),
    ("Procurement Director, National Rail Infrastructure", False, False),
    ("Interim MD\nSaaS provider for schools, €9m ARR, 70 staff", True, True),
    ("CFO\nMid-cap engineering group, turnover approx. EUR 450 million", True, True),
    ("Interim Head of Sales, Alpen Ski AG (ski bindings, approx. 200 employees)", True, True),
    ("Bereichsleiter\nUnternehmensgröße: ca. 1.200 Mitarbeitende weltweit\nBranche: Medizintechnik", True, True),
    ("Geschäftsführer\nJahresumsatz: 35 Mio. Euro; 160 Mitarbeiter; Stanz- und Umformtechnik", True, True),
    ("Vorstand Technik\nStadtwerke Musterstadt (Strom, Gas, Wasser), 420 MA", True, True),
    ("Interim Leiter Rechnungswesen\nSpezialchemie, 5 Standorte weltweit", True, True),
    ("Consultant, Roland & Partner\nStrategy projects", False, False),
    ("Sales Director, Tidewater Inns – 64 hostels – budget accommodation", True, True),
    ("Export Manager, Alto Ceramics – tiles", True, False),
    (
        "Interim CEO, Halvorsen AB\nHalvorsen rents and erects scaffolds for refineries: 1,350 people, SEK 1.9bn sales.",
        True,
        True,
    ),
    ("Fabrieksdirecteur, Dakpannen Zuid\nDe fabriek die met 140 mensen gebakken dakpannen maakt", True, True),
    (
        "Leiterin Personal, Ransau Gruppe\n480 Beschäftigte an zwei Orten. Abbau von 90 Stellen, danach Aufbau einer Führungswerkstatt und Einführung von Schichtmodellen.",
        False,
        True,
    ),
    ("Leiter Transport, Kühlzug Nord (Lebensmittellogistik, 130 Lkw, 240 Fahrer)", True, True),
    ("Managing Director, Lowland Barges, a firm of 48 people", False, True),
    ("Projektleiter, Nordsee Bau AG – 3 Projekte", False, False),
    ("HR Director, Axtell Group – 12 months", False, False),
    ("Leiterin Personal, Stadtgarten Nord gGmbH\nZoo mit 230 Angestellten", True, True),
    ("Interim COO, Glen Tarrow Ltd\nMalt whisky distiller with two sites, 210 employees", True, True),
    ("Leiter Technik, Ahrens AG\nUnternehmen mit 300 Mitarbeitern", False, True),
    ("Leiter Technik, Ahrens AG\nTeam mit 30 Mitarbeitern", False, False),
]


@pytest.mark.parametrize(("text", "industry", "size"), TOLD)
def test_what_a_station_tells_of_its_company(text, industry, size):
    first, *more = text.split("\n")
    lines = ["**Anna Muster**", "# Berufserfahrung", f"**{first}\t01/2024 – heute**", *more, "**CFO, Alt GmbH\t2010 – 2023**"]

    told = company.told(stations.find(paper_of(document(*lines))).stations[0])

    assert (told.industry is not None, told.size is not None) == (industry, size)
