"""Plainly invented people, companies and sentences for the demo firm. Any likeness to living persons is chance."""

from __future__ import annotations

from typing import Any

FIRM = "Hafenkontor Interim"

FIRST = {
    "de": "Anke Arne Birte Bodo Britta Carsten Dagmar Detlef Dörte Eike Elke Enno Frauke Friedhelm Gesa Gesine Gunnar Hauke Heike Henrike Hinrich Holger Imke Ines Insa Jasper Jochen Jörg Jürgen Karin Kirsten Klaas Lutz Maike Malte Marlies Matthias Meike Nils Ole Onno Petra Rainer Reinhold Renke Sabine Silke Sönke Tobias Ulrike Uwe Volker Wiebke Wolfram".split(),
    "nl": "Aafke Anneke Annelies Arjen Bart Bas Carolien Daan Diederik Elsbeth Evert Femke Floris Geert Gerrit Hanneke Ilse Jelle Jeroen Jolanda Joost Karel Lieke Maarten Marijke Marleen Menno Nienke Pieter Renske Roelof Sanne Sjoerd Tjeerd Wouter".split(),
    "en": "Alison Barnaby Bridget Clive Cordelia Dexter Edwina Fergus Gillian Hamish Imogen Jocelyn Kendrick Lorna Mungo Nerys Orla Percival Rowena Stuart Tamsin Winifred".split(),
}
# Frequent ones first: the generator draws by rank, so that a search meets common and rare names.
LAST = {
    "de": "Petersen Hansen Ahlers Behrendsen Brookmann Castrup Deichgraf Dierksen Ehlers Eilers Falkenrath Feddersen Folkerts Gerdes Gröning Harms Heuvelmann Hinrichsen Immenkamp Janssen-Lohe Kesselring Kröger-Lindt Kühlwetter Lammers Lüttmann Maaßdorf Meinders Möhring Nordhoff Oldewurtel Osterkamp Ostendorff Priebusch Quitmann Reekers Rickmers Rüdebusch Schüttler Siefken Stührenberg Tammena Terborg Tjarks Uphoff Voßberg Wennemar Wessendorf Westermoor Wübbenhorst Zumkley".split(),
    "nl": "Aldersma Blokdijk Boterveen Dijkema Dollart Eilandsma Ferwerda Graafland Haverkate Hagendoorn Hoogterp Kattebelt Lindeboomstra Molendijk Nijenhuis Oosterwal Poelstra Rijnders Roelofs Slochteren Terhaege Uiterdijk Veldkoper Waddinxma Westerkwartier Zijlvest".split(),
    "en": "Ashcombe Birtwhistle Calloway Drumlanrig Eastleigh Fairweather Greystoke Hollowell Inglewood Kettlewell Longbottom Merriweather Netherby Oakhanger Pemberley Quillfeather Ravenscar Stapleford Thistlewood Underhay Wainfleet".split(),
}
PARTICLES = {"de": ["von", "von der", "zu"], "nl": ["van", "van der", "de", "ten", "van den"], "en": []}
TITLES = ["Dr.", "Prof. Dr.", "Dipl.-Ing."]

COMPANY = "Marschland Velbrink Lindwerk Brookdeich Geestland Harlebucht Terhaege Priel Sandbank Warft Leuchtfeuer Kimmung Deichkrone Siel Polder Wattkante Binnenhafen Kogge Fockmast Strandhafer Seezeichen Tidenhub Eiderstrom Norderwind Halligland Kwelder Zuiderduin Blauwhaven Rietkraag Oosterschans Ebbtide Saltmarsh Longshore Fairhaven Kestrel".split()
TRADE = {
    "mechanical_engineering": ("Antriebstechnik", "Maschinenbau", "Machinebouw"),
    "automotive_supply": ("Fahrzeugteile", "Lenksysteme", "Autodelen"),
    "food": ("Molkerei", "Feinkost", "Zuivel"),
    "hospitals": ("Kliniken", "Pflege", "Zorg"),
    "logistics": ("Reederei", "Spedition", "Logistiek"),
    "energy": ("Netzservice", "Stadtwerke", "Energie"),
    "insurance": ("Versicherung", "Assekuranz", "Vers"),
    "chemicals": ("Kunststoffe", "Lacke", "Chemie"),
    "wholesale": ("Großhandel", "Handelskontor", "Groothandel"),
    "metal": ("Stahlbau", "Gießerei", "Staal"),
}
LEGAL = {"DE": ["GmbH", "GmbH & Co. KG", "AG", "SE"], "NL": ["B.V.", "N.V."], "AT": ["GmbH"], "CH": ["AG"], "BE": ["NV", "BV"]}
SEATS = {
    "DE-HH": "Hamburg", "DE-NI": "Emden", "DE-SH": "Husum", "DE-HB": "Bremerhaven", "DE-NW": "Münster", "DE-BY": "Passau", "DE-BW": "Ulm",
    "DE-HE": "Kassel", "DE-SN": "Görlitz", "NL": "Groningen", "AT-9": "Wien", "CH-ZH": "Winterthur", "BE": "Gent",
}  # fmt: skip
TASKS = {
    "de": [
        "Interim-Werkleitung",
        "Interim-CFO",
        "Interim-Einkaufsleitung",
        "Interim-Personalleitung",
        "Restrukturierung",
        "ERP-Einführung",
        "Logistikleitung",
        "Vertriebsleitung",
    ],
    "nl": ["Interim-CFO", "Interim-fabrieksmanager", "Interim-HR-directeur", "Inkoopleiding", "Reorganisatie"],
    "en": ["Interim CFO", "Interim plant manager", "Interim HR director", "Turnaround", "ERP roll-out"],
}
HEADLINES = {
    "de": [
        "Werkleitung und Produktion, Maschinenbau",
        "Finanzen und Controlling, Lebensmittel",
        "Restrukturierung, Automobilzulieferer",
        "Personal und Sozialplan, Kliniken",
        "Einkauf und Logistik, Großhandel",
        "ERP-Einführung, Energie",
    ],
    "nl": ["Financiën, familiebedrijf", "Supply chain, groothandel", "HR en reorganisatie, zorg", "Fabrieksmanagement, voeding"],
    "en": ["Turnaround, wholesale", "Shared services, food", "Finance, carve-out", "Plant management, packaging"],
}
STEPS = {
    "de": ["Anrufen", "Kurzprofil schicken", "Verfügbarkeit klären", "Termin vorschlagen"],
    "nl": ["Bellen", "Kort profiel sturen", "Beschikbaarheid navragen"],
    "en": ["Call", "Send short profile", "Ask for availability"],
}
CLAUSE = {
    "de": "§ 7: Der Provider führt nach 14 Tagen, danach alle sechs Wochen ein Qualitätsgespräch und zum Ende ein Abschlussgespräch.",
    "nl": "Artikel 7: het interim-bureau voert na 14 dagen en daarna om de zes weken een kwaliteitsgesprek, en aan het einde een eindgesprek.",
    "en": "Clause 7: the provider holds a quality talk after 14 days and every six weeks thereafter, and a closing talk at the end.",
}
HALTS = (
    "Auf Reisen, meldet sich",
    "Elternzeit bis zum Sommer",
    "Op vakantie, stuurt daarna papieren",
    "Away, sends papers afterwards",
)
# Of mandates in bulk: goal and exit plan in words, goals that can be measured, a report, what is handed over.
COURSE: dict[str, dict[str, Any]] = {
    "de": {
        "goal": "Liefertreue von 71 auf 90 Prozent, Ausschuss unter zwei Prozent.",
        "reports_to": "Geschäftsführung",
        "exit_plan": "Die Nachfolge aus dem eigenen Haus übernimmt nach vier Wochen Doppelbesetzung.",
        "handed_over": "Führung des Bereichs, laufende Maßnahmen, Zugänge",
        "successor": "Malte Hinrichsen",
        "goals": (("Liefertreue 90 Prozent", "Anteil der Aufträge am zugesagten Tag"), ("Ausschuss unter 2 Prozent", "Mittel je Monat")),
        "report": "Runde um acht Uhr läuft in allen Schichten; der zweite Lieferant liefert seit Montag.",
        "items": (("knowledge", "Schichtmodell und Kennzahlen"), ("people", "Vorstellung bei den Lieferanten"), ("access", "Zugang zur Planung")),
    },
    "nl": {
        "goal": "Leverbetrouwbaarheid van 71 naar 90 procent, uitval onder twee procent.",
        "reports_to": "Directie",
        "exit_plan": "De opvolger uit eigen huis neemt het na vier weken samenwerken over.",
        "handed_over": "Leiding van de afdeling, lopende maatregelen, toegangen",
        "successor": "Wietske Hoogterp",
        "goals": (("Leverbetrouwbaarheid 90 procent", "Aandeel orders op de beloofde dag"), ("Uitval onder 2 procent", "Gemiddelde per maand")),
        "report": "De ochtendronde loopt in alle ploegen; de tweede leverancier levert sinds maandag.",
        "items": (("knowledge", "Ploegenrooster en kengetallen"), ("people", "Kennismaking met leveranciers"), ("access", "Toegang tot de planning")),
    },
    "en": {
        "goal": "Deliveries on time from 71 to 90 per cent, scrap below two per cent.",
        "reports_to": "Managing directors",
        "exit_plan": "A successor from the firm takes over after four weeks side by side.",
        "handed_over": "Leading the department, measures under way, accounts",
        "successor": "Rowena Ashcombe",
        "goals": (("90 per cent on time", "Share of orders on the promised day"), ("Scrap below 2 per cent", "Mean of the month")),
        "report": "The morning round works in each shift; the second supplier delivers since Monday.",
        "items": (("knowledge", "Shifts and key figures"), ("people", "Introduction to suppliers"), ("access", "Access to planning")),
    },
}  # fmt: skip
MILESTONES = {
    "de": (
        ("Bestandsaufnahme abgeschlossen", "Gespräche, Zahlen der letzten zwölf Monate", "Interim Manager"),
        ("Maßnahmenplan abgestimmt", "Arbeitstreffen mit den Bereichen", "Interim Manager"),
        ("Erste Maßnahmen wirken", "Zwei Tage je Woche vor Ort in jeder Schicht", "Bereichsleitung"),
        ("Steuerung im Tagesgeschäft", "Kennzahlen je Schicht, Runde um acht Uhr", "Bereichsleitung"),
        ("Halbzeit: Ziele geprüft", "Gemeinsame Sitzung", "Auftraggeber"),
        ("Verantwortung liegt im Team", "Vertretungsplan, Schulungen", "Teamleitung"),
        ("Nachfolge eingearbeitet", "Vier Wochen Doppelbesetzung", "Auftraggeber"),
    ),
    "nl": (
        ("Situatie in kaart gebracht", "Gesprekken, cijfers van twaalf maanden", "Interim-manager"),
        ("Plan van aanpak afgestemd", "Werksessies met de afdelingen", "Interim-manager"),
        ("Eerste maatregelen werken", "Twee dagen per week op de werkvloer", "Afdelingshoofd"),
        ("Halverwege: doelen getoetst", "Gezamenlijke bijeenkomst", "Opdrachtgever"),
        ("Verantwoordelijkheid ligt bij het team", "Vervangingsplan, training", "Teamleider"),
        ("Opvolger ingewerkt", "Vier weken samen", "Opdrachtgever"),
    ),
    "en": (
        ("Analysis complete", "Talks, figures of twelve months", "Interim manager"),
        ("Action plan agreed", "Workshops with the departments", "Interim manager"),
        ("First measures work", "Two days a week with each shift", "Head of department"),
        ("Half time: goals checked", "Joint session", "Client"),
        ("The team carries it", "Deputies named, training", "Team lead"),
        ("Successor trained", "Four weeks side by side", "Client"),
    ),
}
MOVED = {
    "de": ("Lieferant kommt drei Wochen später", "Meilenstein verschoben, sonst wie vereinbart"),
    "nl": ("De leverancier komt drie weken later", "Mijlpaal verschoven, verder zoals afgesproken"),
    "en": ("The supplier comes three weeks later", "One milestone moved, the rest as agreed"),
}
