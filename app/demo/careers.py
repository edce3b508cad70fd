"""Invented careers for the papers of the demo firm's applicants, in three languages. Years count back from the paper's own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """How a language calls the parts of a CV."""

    file_name: str
    title: str
    stations: str
    education: str
    today: str
    made: str


@dataclass(frozen=True)
class Station:
    """One assignment or post: years back from the paper's year, months of these years; `until` 0 means to date."""

    since: int
    since_month: int
    until: int
    until_month: int
    role: str
    company: str
    about: str
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class Career:
    profile: str
    stations: tuple[Station, ...]
    education: str
    graduated: int  # years back


DE = (
    Career(
        "Kaufmännischer Interim Manager für produzierende Mittelständler, seit zwölf Jahren in Krise, Wachstum und Nachfolge.",
        (
            Station(1, 3, 0, 0, "Interim-Leitung Finanzen", "Warftland Pumpenbau GmbH", "Maschinenbau, 82 Mio. Euro Umsatz, 390 Beschäftigte",
                    ("Liquiditätsplanung für 13 Wochen aufgebaut, Banken monatlich berichtet.", "Forderungslaufzeit von 61 auf 44 Tage gesenkt.")),
            Station(3, 2, 1, 2, "Interim-Leitung Controlling", "Prielbäcker Backwaren AG", "Lebensmittel, 140 Mio. Euro Umsatz, 1.100 Beschäftigte",
                    ("Deckungsbeitragsrechnung je Filiale eingeführt, 23 Filialen geschlossen oder saniert.", "Vier Controller eingearbeitet.")),
            Station(6, 1, 3, 1, "Kaufmännischer Leiter", "Kimmung Gusswerke GmbH", "Gießerei, 45 Mio. Euro Umsatz, 260 Beschäftigte",
                    ("Monatsabschluss von 15 auf 6 Arbeitstage verkürzt.", "Verhandlungen mit dem Betriebsrat über Kurzarbeit geführt.")),
            Station(11, 1, 6, 1, "Leiter Controlling", "Deichkrone Maschinen GmbH", "Landmaschinen, 210 Mio. Euro Umsatz, 900 Beschäftigte",
                    ("Budget und Forecast für drei Werke verantwortet.",)),
        ),
        "{year} Diplom-Kaufmann (FH), Wilhelmshaven", 22,
    ),
    Career(
        "Werkleiter auf Zeit: Anläufe, Verlagerungen und Lieferfähigkeit in der Metall- und Kunststoffverarbeitung.",
        (
            Station(1, 6, 0, 0, "Interim-Werkleitung", "Sandbank Spritzguss GmbH", "Kunststoffteile für Fahrzeuge, 58 Mio. Euro Umsatz, 340 Beschäftigte",
                    ("Liefertreue von 71 auf 94 Prozent gebracht, Sonderfahrten halbiert.", "Drei Schichtleiter zu Führungskräften entwickelt.")),
            Station(3, 4, 1, 5, "Interim-Produktionsleitung", "Leuchtfeuer Beschläge KG", "Metallbeschläge, 36 Mio. Euro Umsatz, 220 Beschäftigte",
                    ("Neue Rüstabläufe eingeführt, Rüstzeit um 38 Prozent gesenkt.", "Übergabe an den Nachfolger in zehn Wochen abgeschlossen.")),
            Station(5, 2, 3, 3, "Interim-Projektleitung Verlagerung", "Harlebucht Getriebe SE", "Antriebstechnik, 400 Mio. Euro Umsatz, 1.900 Beschäftigte",
                    ("Zwei Fertigungslinien ohne Lieferausfall verlagert.",)),
            Station(12, 1, 5, 1, "Produktionsleiter", "Polder Stahlmöbel GmbH", "Büromöbel, 70 Mio. Euro Umsatz, 450 Beschäftigte",
                    ("130 Mitarbeitende in drei Schichten geführt, Ausschuss um ein Drittel gesenkt.",)),
        ),
        "{year} Diplom-Ingenieur Fertigungstechnik, Bremen", 24,
    ),
)  # fmt: skip
NL = (
    Career(
        "Interim-manager voor financiën en bedrijfsvoering bij familiebedrijven in handel en voeding.",
        (
            Station(1, 2, 0, 0, "Interim financieel directeur", "Zuiderduin Zuivel B.V.", "Zuivelfabriek, omzet 95 miljoen euro, 310 medewerkers",
                    ("Maandrapportage voor de aandeelhouders opgezet en elke maand toegelicht.", "Werkkapitaal met 4 miljoen euro verlaagd.")),
            Station(3, 5, 1, 1, "Interim manager bedrijfsvoering", "Rietkraag Bloemen B.V.", "Groothandel in bloemen, omzet 60 miljoen euro, 180 medewerkers",
                    ("Nieuw magazijn in gebruik genomen, fouten bij leveringen gehalveerd.", "Teamleiders begeleid en roosters vereenvoudigd.")),
            Station(6, 1, 3, 4, "Hoofd financiën", "Kwelder Transport N.V.", "Transportbedrijf, omzet 130 miljoen euro, 720 medewerkers",
                    ("Jaarrekening en begroting voor vier vestigingen verzorgd.",)),
            Station(12, 1, 6, 1, "Controller", "Blauwhaven Techniek B.V.", "Installatiebedrijf, omzet 40 miljoen euro, 250 medewerkers",
                    ("Projectadministratie opgebouwd en nacalculatie ingevoerd.",)),
        ),
        "{year} Bedrijfseconomie, Groningen", 20,
    ),
)  # fmt: skip
EN = (
    Career(
        "Interim finance and operations executive for family-owned manufacturers in transition.",
        (
            Station(1, 4, 0, 0, "Interim CFO", "Saltmarsh Packaging Ltd", "Packaging manufacturer, turnover EUR 88 million, 420 employees",
                    ("Rebuilt the cash forecast and renegotiated two bank facilities.", "Cut month-end closing from 14 to 6 days.")),
            Station(3, 2, 1, 3, "Interim operations director", "Longshore Foods Ltd", "Frozen food producer, turnover EUR 150 million, 800 employees",
                    ("Raised on-time delivery from 78 to 95 per cent.", "Coached three plant managers and handed over to one of them.")),
            Station(6, 1, 3, 1, "Finance director", "Ebbtide Marine Ltd", "Boat builder, turnover EUR 35 million, 190 employees",
                    ("Introduced project costing and sold a loss-making yard.",)),
            Station(12, 1, 6, 1, "Group controller", "Kestrel Valves plc", "Industrial valves, turnover EUR 310 million, 1,600 employees",
                    ("Led budgeting and reporting for nine subsidiaries.",)),
        ),
        "{year} BSc Economics, Hull", 21,
    ),
)  # fmt: skip
CAREERS: dict[str, tuple[Words, tuple[Career, ...]]] = {
    "de": (Words("Lebenslauf", "Lebenslauf", "Berufserfahrung", "Ausbildung", "heute", "Stand:"), DE),
    "nl": (Words("Cv", "Curriculum vitae", "Werkervaring", "Opleiding", "heden", "Datum:"), NL),
    "en": (Words("CV", "Curriculum vitae", "Professional experience", "Education", "present", "Updated:"), EN),
}
LETTERS = {
    "de": ("Sehr geehrte Damen und Herren,",
           "mit großem Interesse habe ich von Ihrem Angebot gelesen und möchte mich Ihnen als Interim Manager vorstellen. Gern erläutere ich Ihnen meinen Werdegang in einem persönlichen Gespräch.",
           "Über eine Einladung freue ich mich sehr.", "Mit freundlichen Grüßen", "{name}"),
    "nl": ("Geachte heer, mevrouw,", "Met veel belangstelling heb ik uw website gelezen. Graag stel ik mij aan u voor in een persoonlijk gesprek.",
           "Ik zie uw uitnodiging graag tegemoet.", "Met vriendelijke groet", "{name}"),
    "en": ("Dear Sir or Madam,", "I read about your firm with great interest and should like to introduce myself. I shall gladly tell you more in a talk.",
           "I look forward to your invitation.", "Yours faithfully", "{name}"),
}  # fmt: skip
