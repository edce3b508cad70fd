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
    """A mandate: its course, places in COMPANIES, PEOPLE and COLLEAGUES, and days relative to today."""

    key: str  # of its course
    company: int
    manager: int | None
    owner: int
    starts: int | None  # days from today; None: not signed
    days: int
    client_rate: int
    longer: tuple[int, int, str] | None = None  # signed so many days ago, days longer (shorter below 0: ended early), reason
    open_change: tuple[int, str] | None = None  # days longer, reason; not signed yet
    exit_before: int = 14  # days from the exit plan's day to the end that was first agreed
    opened: int = -30  # days from the start, or from today
    written: int = 12  # days from the start until the plan is written
    clause: bool = True


TERMS = (
    Term("werk", 0, 0, 2, -134, 179, 1890, (6, 92, "Herr Brinkamp soll die Inventur noch begleitet vorbereiten")),
    Term("einkauf", 2, 11, 2, -160, 188, 1950),
    Term("kaufm", 1, 7, 2, -125, 120, 1900),
    Term("logistiek", 4, 12, 5, -70, 210, 1780),
    Term("cfo", 5, 20, 2, -88, 240, 2250),
    Term("hafen", 3, 13, 2, -90, 117, 1620, open_change=(61, "Herr Aurich bleibt zwei Monate länger in Elternzeit"), exit_before=30),
    Term("verkoop", 7, 8, 5, -120, 150, 1750, (25, 61, "Regio zuid begint later, de nieuwe regiomanager start volgende maand")),
    Term("verlagerung", 8, 6, 6, -200, 330, 2050),
    Term("distributie", 10, 19, 5, -30, 160, 1790),
    Term("schaden", 11, 18, 6, -22, 180, 2300),
    Term("plant", 12, 14, 6, -62, 150, 1880),
    Term("erp", 9, 10, 2, -250, 230, 1820, (80, -30, "Die Muttergesellschaft führt ein eigenes System ein; es bleibt beim Finanzmodul"), exit_before=45),
    Term("personal", 2, 3, 2, -330, 243, 1700),
    Term("qualitaet", 8, 21, 6, -11, 40, 1690, written=6),
    Term("molkerei", 6, None, 2, None, 0, 0, opened=-20),
    Term("nachfolge", 13, 5, 2, None, 0, 0, opened=-24),
    Term("vertrieb", 9, None, 2, None, 0, 0, opened=-60),
)  # fmt: skip
LOST_AFTER = 35  # days after it was opened

WORDS = {
    "de": {
        "change_next": (
            "Die Stellvertretung öfter selbst entscheiden lassen.",
            "Den Einkauf früher einbinden.",
            "Eine Runde je Woche mit der Technik.",
        ),
        "notes": (
            "Läuft nach Plan; die Runde am Montag leitet inzwischen die Stellvertretung.",
            "Guter Austausch, auf beiden Seiten Zufriedenheit mit dem Tempo.",
            "Bittet um kurze Wege: lieber ein Anruf als ein Bericht.",
        ),
        "early": (
            "Guter Anfang; die Bereiche sind offen, die Erwartungen klar.",
            "Die ersten Gespräche sind geführt, es fehlen noch Zahlen.",
        ),
        "doubts": (
            "Die Abstimmung mit der Geschäftsführung kommt zu kurz; ein fester Termin je Woche ist vereinbart.",
            "Es geht langsamer als gedacht, weil Zusagen aus den Bereichen ausbleiben.",
        ),
        "what_can_we_do": ("Kontakt zu jemandem, der das schon einmal gemacht hat.", "Nichts, danke."),
        "why_extended": ("Die Nachfolge ist noch nicht da, und die Richtung stimmt.",),
        "goals_reached": ("Das große Ziel ja, beim zweiten fehlt noch Übung.", "Ja, im Wesentlichen."),
        "what_remains": ("Die Routine über ein ganzes Geschäftsjahr.", "Die zweite Führungsebene weiter stärken."),
        "brief_differently": ("Den Betriebsrat eine Woche früher einbeziehen.", "Die IT von Anfang an dazuholen."),
        "step": ("Marktübersicht schicken", "Ansprechperson für Vergleichszahlen nennen"),
        "note": ("Am Telefon sehr aufgeräumt, will im Norden bleiben.", "Kommt auf Empfehlung, Unterlagen folgen."),
        "declined": "Wir haben verlängert, das sagt doch alles.",
    },
    "nl": {
        "change_next": ("Meer tijd op de werkvloer.", "Inkoop eerder betrekken."),
        "notes": (
            "Loopt volgens plan, het maandagoverleg wordt door de plaatsvervanger geleid.",
            "Goed gesprek, tevreden over het tempo.",
        ),
        "early": ("Goede start, de afdelingen staan ervoor open.", "De eerste gesprekken zijn gevoerd, cijfers ontbreken nog."),
        "doubts": (
            "Het overleg met de directie schiet erbij in; er is een vast moment per week afgesproken.",
            "Het gaat trager dan gedacht, afdelingen komen hun toezeggingen niet na.",
        ),
        "what_can_we_do": ("Een keer sparren over de cao.", "Niets, dank u."),
        "why_extended": ("De opvolger begint later dan gedacht.",),
        "goals_reached": ("Alle doelen gehaald.",),
        "what_remains": ("De nieuwe werkwijze vasthouden.",),
        "brief_differently": ("Eerder met de ondernemingsraad praten.",),
        "step": ("Marktoverzicht sturen",),
        "note": ("Belt het liefst aan het eind van de dag.",),
        "declined": "We hebben verlengd, dat zegt genoeg.",
    },
    "en": {
        "change_next": ("Let the deputy decide more often.", "Bring purchasing in earlier."),
        "notes": ("On track; the deputy leads the Monday round by now.", "A good exchange, content with the pace."),
        "early": ("A good start; people are open, expectations are clear.", "First talks are done, figures are still missing."),
        "doubts": (
            "Decisions wait too long; a fixed hour each week with the sponsor is agreed.",
            "Slower than hoped, as departments do not deliver what they promised.",
        ),
        "what_can_we_do": ("Nothing at the moment, thank you.", "An hour with somebody who has done this before."),
        "why_extended": ("The successor starts later than planned.",),
        "goals_reached": ("Yes, in the main.",),
        "what_remains": ("Routine over a whole business year.",),
        "brief_differently": ("Involve quality from day one.",),
        "step": ("Send market overview",),
        "note": ("Prefers video in the afternoon.",),
        "declined": "We extended, that says it all.",
    },
}
