"""Who and what the demo firm consists of. All of it is invented; addresses end in .example, numbers lead nowhere."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "Leuchtturm-Westerhever-26"
DOMAIN = "hafenkontor.example"

# login, role, form of address, first name, last name, language, team
COLLEAGUES = (
    ("administrator", "administrator", "frau", "Dörte", "Uphoff", "de", "Nord"),
    ("lead", "lead", "herr", "Jan", "Reekers", "de", "Nord"),
    ("consultant", "consultant", "frau", "Katrin", "Ostendorff", "de", "Nord"),
    ("assistant", "assistant", "herr", "Bendix", "Lürssen", "de", "Nord"),
    ("auditor", "auditor", "frau", "Maren", "Quast", "de", "Nord"),
    ("consultant2", "consultant", "herr", "Sjoerd", "Waddinxma", "nl", "Nederland"),
    ("consultant3", "consultant", "frau", "Tamsin", "Fairweather", "en", "Nord"),
    ("lead2", "lead", "frau", "Hanneke", "Slochteren", "nl", "Nederland"),
)
SIGN_INS = {role: f"{role}@{DOMAIN}" for role in ("administrator", "lead", "consultant", "assistant", "auditor")}


@dataclass(frozen=True)
class Company:
    """A client with its contacts: (form, title, first, particle, last, role, position, language)."""

    name: str
    industry: str
    headcount: int
    turnover: int
    city: str
    postcode: str
    region: str
    contacts: tuple[tuple[str | None, str | None, str, str | None, str, str, str, str], ...]


COMPANIES = (
    Company("Velbrink Antriebstechnik GmbH", "mechanical_engineering", 640, 118, "Passau", "94032", "DE-BY", (
        ("herr", "Dr.", "Rainer", None, "Osterkamp", "sponsor", "Geschäftsführer", "de"),
        ("frau", None, "Malwine", None, "Hinrichsen", "hr", "Leiterin Personal", "de"))),
    Company("Marschland Netzservice GmbH & Co. KG", "energy", 310, 74, "Husum", "25813", "DE-SH", (
        ("frau", None, "Gesine", None, "Tjarks", "sponsor", "Kaufmännische Leiterin", "de"),
        ("herr", None, "Onno", None, "Siefken", "line", "Technischer Leiter", "de"))),
    Company("Lindwerk Kliniken AG", "hospitals", 2900, 260, "Kassel", "34117", "DE-HE", (
        ("frau", "Prof. Dr.", "Imke", None, "Rüdebusch", "sponsor", "Vorständin", "de"),
        ("herr", None, "Volker", "von", "Zumkley", "finance", "Leiter Einkauf", "de"))),
    Company("Harlebucht Reederei GmbH", "ports_shipping", 180, 92, "Emden", "26721", "DE-NI", (
        ("frau", None, "Sandra", None, "Heuvelmann", "sponsor", "Geschäftsführerin", "de"),)),
    Company("Terhaege Vers B.V.", "food", 520, 140, "Groningen", "9711 AB", "NL", (
        ("frau", "Dr.", "Anneke", None, "Roelofs", "sponsor", "Algemeen directeur", "nl"),
        ("herr", None, "Evert", None, "Dijkema", "line", "Operationeel directeur", "nl"))),
    Company("Brookdeich Maschinenbau GmbH", "mechanical_engineering", 410, 66, "Münster", "48143", "DE-NW", (
        ("herr", None, "Friedhelm", None, "Wessendorf", "sponsor", "Gesellschafter", "de"),
        ("frau", None, "Silke", None, "Kühlwetter", "finance", "Leiterin Finanzen", "de"))),
    Company("Geestland Molkerei eG", "food", 270, 88, "Bremerhaven", "27568", "DE-HB", (
        ("herr", None, "Lutz", None, "Immenkamp", "sponsor", "Vorstand", "de"),)),
    Company("Oosterschans Groothandel B.V.", "wholesale", 230, 105, "Groningen", "9723 BC", "NL", (
        (None, None, "Jelle", "van der", "Molendijk", "sponsor", "Directeur", "nl"),)),
    Company("Kimmung Fahrzeugteile SE", "automotive_supply", 1850, 330, "Ulm", "89073", "DE-BW", (
        ("frau", "Dr.", "Henny", None, "Castrup", "sponsor", "Chief Operating Officer", "de"),
        ("herr", None, "Detlef", None, "Behrendsen", "successor", "Schichtleiter", "de"))),
    Company("Norderwind Energie GmbH", "renewables", 95, 31, "Hamburg", "20457", "DE-HH", (
        ("herr", None, "Sönke", None, "Feddersen", "sponsor", "Geschäftsführer", "de"),)),
    Company("Blauwhaven Logistiek N.V.", "logistics", 760, 190, "Gent", "9000", "BE", (
        ("herr", None, "Pieter", "van", "Haverkate", "sponsor", "Gedelegeerd bestuurder", "nl"),)),
    Company("Seezeichen Assekuranz AG", "insurance", 420, 210, "Winterthur", "8400", "CH-ZH", (
        ("frau", None, "Elsbeth", None, "Nordhoff", "sponsor", "Leiterin Betrieb", "de"),)),
    Company("Fairhaven Packaging GmbH", "packaging", 340, 71, "Wien", "1020", "AT-9", (
        ("herr", None, "Barnaby", None, "Pemberley", "sponsor", "Managing director", "en"),
        ("frau", None, "Kirsten", None, "Priebusch", "hr", "Leiterin Personal", "de"))),
    Company("Deichkrone Stahlbau GmbH", "metal", 155, 24, "Görlitz", "02826", "DE-SN", (
        ("herr", None, "Wolfram", None, "Stührenberg", "sponsor", "Inhaber", "de"),)),
)  # fmt: skip

# form, title, first, particle, last, headline, functions, industries, regions, languages, rate, newcomer, language
PEOPLE = (
    ("frau", None, "Henrike", None, "Aldenhoff", "Werkleitung und Produktion, Maschinenbau", "plant_management production", "mechanical_engineering metal", "DE-NW DE-BY", "de en", 1450, False, "de"),
    ("herr", "Dr.", "Bernd", None, "Castrup", "Restrukturierung, Automobilzulieferer", "restructuring general_management", "automotive_supply", "DE-NW DE-HE", "de en", 1650, False, "de"),
    ("frau", None, "Marijke", None, "Dollart", "Shared services, voeding", "shared_services finance", "food", "NL DE-NI", "nl en de", 1300, False, "nl"),
    ("frau", None, "Ines", None, "Falkenrath", "Personal und Sozialplan, Kliniken", "human_resources industrial_relations", "hospitals", "DE-HH DE-SH", "de en", 1250, False, "de"),
    ("herr", None, "Wouter", None, "Hagendoorn", "Supply chain en controlling", "supply_chain controlling", "wholesale logistics", "NL BE", "nl en", 1400, False, "nl"),
    ("herr", None, "Lutz", None, "Kesselring", "Familienunternehmen, Nachfolge", "succession general_management", "furniture_wood metal", "DE-NI", "de", 1200, True, "de"),
    ("frau", None, "Corinna", None, "Möhring", "Werksschließung und Verlagerung", "relocation plant_management", "automotive_supply", "DE-BW AT-9", "de en", 1550, False, "de"),
    ("herr", None, "Matthias", None, "Kröger-Lindt", "Carve-out, Konzernrechnung", "mergers accounting", "energy chemicals", "DE-HB DE-NI", "de en nl", 1500, False, "de"),
    ("herr", None, "Sjoerd", None, "Nijenhuis", "Reorganisatie, groothandel", "restructuring", "wholesale", "NL", "nl en", 1350, False, "nl"),
    ("frau", None, "Annelies", None, "Terborg", "Financiën, voeding", "finance controlling", "food", "NL DE-NW", "nl de en", 1280, False, "nl"),
    ("herr", None, "Hinrich", None, "Gröning", "ERP-Einführung, Finanzen", "erp it", "energy wholesale", "DE-NW", "de en", 1380, False, "de"),
    ("frau", "Dr.", "Wiebke", "von der", "Deichgraf", "Einkauf, Maschinenbau und Kliniken", "purchasing supply_chain", "mechanical_engineering hospitals", "DE-HE DE-BY", "de en", 1480, False, "de"),
    ("herr", None, "Evert", "ten", "Zijlvest", "Fabrieksmanagement, zuivel", "plant_management operations", "food", "NL DE-NI", "nl de", 1320, False, "nl"),
    ("herr", None, "Malte", None, "Lüttmann", "Logistik und Hafenbetrieb", "logistics operations", "ports_shipping logistics", "DE-NI DE-HH", "de en", 1220, False, "de"),
    ("frau", None, "Rowena", None, "Thistlewood", "Plant management, packaging", "plant_management lean", "packaging", "AT-9 DE-BY", "en de", 1420, False, "en"),
    ("herr", None, "Tobias", None, "Wennemar", "Vertrieb, Energie", "sales", "energy renewables", "DE-SH DE-HH", "de", 1150, True, "de"),
    ("frau", None, "Nienke", "van den", "Lindeboomstra", "HR en reorganisatie, zorg", "human_resources", "hospitals", "NL BE", "nl en", 1260, False, "nl"),
    ("herr", None, "Jürgen", None, "Maaßdorf", "Controlling, Metall", "controlling", "metal", "DE-SN", "de", 1050, True, "de"),
    ("frau", None, "Heike", None, "Voßberg", "Kaufmännische Leitung, Versicherung", "finance shared_services", "insurance banking", "CH-ZH DE-BW", "de en fr", 1700, False, "de"),
    ("herr", None, "Roelof", "de", "Graafland", "Logistiek en distributie", "logistics supply_chain", "logistics", "BE NL", "nl fr en", 1370, False, "nl"),
    ("frau", None, "Gillian", None, "Ashcombe", "Finance, carve-out", "finance mergers", "private_equity chemicals", "DE-HH NL", "en de", 1750, False, "en"),
    ("herr", None, "Arne", None, "Westermoor", "Qualität und Lean, Automobil", "quality lean", "automotive_supply automotive", "DE-BW DE-BY", "de en", 1340, False, "de"),
    (None, None, "Eike", None, "Rickmers", "Digitalisierung, Handel", "digitalisation it", "retail wholesale", "DE-HH", "de en", 1180, True, "de"),
    ("frau", None, "Birte", None, "Janssen-Lohe", "Nachhaltigkeit und Berichte", "sustainability communication", "energy food", "DE-HB", "de en", 1120, True, "de"),
    ("herr", None, "Carsten", None, "Oldewurtel", "Instandhaltung, Windkraft", "maintenance operations", "renewables", "DE-SH DE-NI", "de en da", 1190, False, "de"),
    ("frau", None, "Femke", None, "Rijnders", "Inkoop, zorg", "purchasing", "hospitals", "NL", "nl", 1240, False, "nl"),
    ("herr", None, "Uwe", None, "Schüttler", "Vertriebsaufbau, Metall", "sales marketing", "metal construction", "DE-SN", "de pl", 1090, True, "de"),
    ("frau", None, "Ulrike", None, "Priebusch", "Programmleitung, Bahn", "programme_management", "rail_public_transport", "DE-HH DE-NI", "de en", 1300, False, "de"),
)  # fmt: skip
RELEASED = 22  # the first so many of PEOPLE; the others wait


@dataclass(frozen=True)
class Term:
    """A mandate: places in COMPANIES, PEOPLE and COLLEAGUES, and days relative to today."""

    title: str
    company: int
    manager: int | None
    owner: int
    starts: int | None  # days from today; None: still in scoping
    days: int
    goal: str
    exit_plan: str
    client_rate: int
    longer: tuple[int, int, str] | None = None  # signed so many days ago, days longer (shorter below 0), reason
    open_change: tuple[int, str] | None = None  # days longer, reason; not signed yet
    clause: bool = True


TERMS = (
    Term("Interim-Werkleitung", 0, 0, 2, -134, 179, "Liefertreue von 74 % auf mindestens 93 %, Rückstand unter fünf Arbeitstage.", "Der heutige Schichtleiter übernimmt die Werkleitung.", 1890, (6, 92, "Nachfolge beginnt später und soll eingearbeitet werden")),
    Term("Interim-Einkaufsleitung", 2, 11, 2, -160, 188, "Rahmenverträge für die zehn größten Warengruppen, 6 % Einsparung.", "Die Stellvertretung übernimmt, sobald die Verträge unterschrieben sind.", 1950),
    Term("Kaufmännische Leitung", 1, 7, 2, -95, 120, "Konzernabschluss nach neuem Standard, Monatsabschluss in sechs Arbeitstagen.", "Neue Leitung beginnt zum Quartal.", 1900),
    Term("Logistikleitung", 4, 12, 5, -70, 210, "Leverbetrouwbaarheid van 81 naar 95 procent, twee ploegen stabiel.", "De huidige teamleider neemt het over.", 1780),
    Term("Interim-CFO", 5, 20, 2, -88, 240, "Finanzierung für drei Jahre, Berichtswesen für die Gesellschafter.", "Nachfolge wird gesucht; Übergabe bis vier Wochen vor Ende.", 2250),
    Term("Hafenlogistik", 3, 13, 2, -48, 117, "Umschlag ohne Überstunden, neue Schichtpläne vereinbart.", "Der Betriebsleiter übernimmt nach der Elternzeit.", 1620),
    Term("Reorganisatie verkoop", 7, 8, 5, -120, 150, "Verkoop in drie regio's, kosten 8 procent lager.", "De regiomanagers nemen het over.", 1750, (25, 61, "De derde regio begint later")),
    Term("Werksverlagerung", 8, 6, 6, -200, 330, "Verlagerung von zwei Linien ohne Lieferausfall.", "Der Schichtleiter führt das Restwerk.", 2050),
    Term("Distributie", 10, 19, 5, -30, 160, "Nieuw magazijn in gebruik, foutquote onder 0,5 procent.", "De magazijnchef neemt het over.", 1790),
    Term("Leitung Schadenbetrieb", 11, 18, 6, -15, 180, "Rückstand unter 2.000 Fälle, Servicegrad 90 %.", "Leiterin Betrieb übernimmt mit neuer Gruppenleitung.", 2300),
    Term("Interim plant manager", 12, 14, 6, -62, 150, "Scrap below 3 per cent, two shifts running without overtime.", "The production lead takes over after coaching.", 1880),
    Term("ERP-Einführung", 9, 10, 2, -250, 200, "Einführung der Finanzmodule, Schulung aller Anwender.", "Die Leiterin Finanzen betreut das System.", 1820),
    Term("Personalleitung", 2, 3, 2, -330, 210, "Sozialplan verhandelt, Personalabteilung neu aufgestellt.", "Neue Personalleiterin seit dem Sommer.", 1700),
    Term("Qualitätsleitung", 8, 21, 6, -11, 40, "Reklamationsquote halbieren.", "Stellvertretung übernimmt.", 1690),
    Term("Sanierung Molkerei", 6, None, 2, None, 0, "", "", 0),
    Term("Nachfolgeregelung", 13, 5, 2, None, 0, "Übergabe des Betriebs an die Tochter des Inhabers vorbereiten.", "", 0),
)  # fmt: skip

WORDS = {
    "de": {
        "change_next": ("Mehr Zeit in der Frühschicht.", "Den Einkauf früher einbinden.", "Wöchentliche Runde mit der Technik."),
        "notes": (
            "Läuft nach Plan. Zwei Schichtleiter führen die Morgenrunde inzwischen allein.",
            "Guter Austausch, der Auftraggeber ist zufrieden mit dem Tempo.",
            "Die Übergabe der Lieferantengespräche ist begonnen.",
        ),
        "what_can_we_do": ("Kontakt zu jemandem, der das schon einmal gemacht hat.", "Nichts, danke."),
        "why_extended": ("Die Nachfolge ist noch nicht da, und die Richtung stimmt.",),
        "goals_reached": ("Liefertreue erreicht, Rückstand fast.",),
        "what_remains": ("Schulung der zweiten Schicht.",),
        "brief_differently": ("Den Betriebsrat eine Woche früher einbeziehen.",),
        "step": ("Marktübersicht schicken", "Gespräch mit dem Betriebsleiter vorschlagen"),
        "note": ("Am Telefon sehr aufgeräumt, will im Norden bleiben.", "Kommt auf Empfehlung, Unterlagen folgen."),
        "declined": "Wir haben verlängert, das sagt doch alles.",
    },
    "nl": {
        "change_next": ("Meer tijd op de werkvloer.", "Inkoop eerder betrekken."),
        "notes": (
            "Loopt volgens plan, de teamleiders doen het ochtendoverleg zelf.",
            "Goed gesprek, opdrachtgever tevreden over het tempo.",
        ),
        "what_can_we_do": ("Een keer sparren over de cao.", "Niets, dank u."),
        "why_extended": ("De derde regio begint later.",),
        "goals_reached": ("Alle doelen gehaald.",),
        "what_remains": ("De nieuwe planning vasthouden.",),
        "brief_differently": ("Eerder met de ondernemingsraad praten.",),
        "step": ("Marktoverzicht sturen",),
        "note": ("Belt het liefst aan het eind van de dag.",),
        "declined": "We hebben verlengd, dat zegt genoeg.",
    },
    "en": {
        "change_next": ("More time with the early shift.",),
        "notes": ("On track. Two shift leads run the morning round without her.",),
        "what_can_we_do": ("Nothing at the moment, thank you.",),
        "why_extended": ("The successor starts later than planned.",),
        "goals_reached": ("Scrap is below three per cent.",),
        "what_remains": ("Coaching of the second shift.",),
        "brief_differently": ("Involve quality from day one.",),
        "step": ("Send market overview",),
        "note": ("Prefers video in the afternoon.",),
        "declined": "We extended, that says it all.",
    },
}
