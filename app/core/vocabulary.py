"""Keys with their words in the reader's language, for what several rooms choose from.

Keys are stored and never change; words are shown. Regions are those of `app.core.dates`, by whose public holidays
talks are moved. The order of a dictionary is the order on forms.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

Words = dict[str, Any]

INDUSTRIES: Words = {
    "mechanical_engineering": _l("Mechanical engineering"),
    "plant_engineering": _l("Plant engineering"),
    "automotive": _l("Automotive manufacturers"),
    "automotive_supply": _l("Automotive supply"),
    "electrical": _l("Electrical engineering and electronics"),
    "metal": _l("Metal and steel"),
    "chemicals": _l("Chemicals and plastics"),
    "pharma": _l("Pharmaceuticals"),
    "medical_technology": _l("Medical technology"),
    "hospitals": _l("Hospitals and care"),
    "food": _l("Food and drink"),
    "agriculture": _l("Agriculture and horticulture"),
    "consumer_goods": _l("Consumer goods"),
    "textiles": _l("Textiles and fashion"),
    "furniture_wood": _l("Furniture, wood and paper"),
    "packaging": _l("Packaging and printing"),
    "construction": _l("Construction and building materials"),
    "real_estate": _l("Real estate and housing"),
    "energy": _l("Energy and utilities"),
    "renewables": _l("Wind, solar and storage"),
    "waste_water": _l("Waste, water and recycling"),
    "logistics": _l("Logistics and transport"),
    "ports_shipping": _l("Ports and shipping"),
    "aviation": _l("Aviation and space"),
    "rail_public_transport": _l("Rail and public transport"),
    "retail": _l("Retail"),
    "wholesale": _l("Wholesale"),
    "online_trade": _l("Online trade"),
    "banking": _l("Banks"),
    "insurance": _l("Insurance"),
    "it_software": _l("IT and software"),
    "telecommunications": _l("Telecommunications"),
    "media": _l("Media and publishing"),
    "professional_services": _l("Professional services"),
    "tourism": _l("Tourism, hotels and restaurants"),
    "public_sector": _l("Public sector"),
    "education_research": _l("Education and research"),
    "associations": _l("Associations and charities"),
    "private_equity": _l("Private equity and holdings"),
}

COUNTRIES: Words = {
    "DE": _l("Germany"),
    "AT": _l("Austria"),
    "CH": _l("Switzerland"),
    "NL": _l("Netherlands"),
    "BE": _l("Belgium"),
    "LU": _l("Luxembourg"),
    "LI": _l("Liechtenstein"),
    "FR": _l("France"),
    "IT": _l("Italy"),
    "ES": _l("Spain"),
    "PT": _l("Portugal"),
    "DK": _l("Denmark"),
    "SE": _l("Sweden"),
    "NO": _l("Norway"),
    "FI": _l("Finland"),
    "PL": _l("Poland"),
    "CZ": _l("Czechia"),
    "SK": _l("Slovakia"),
    "HU": _l("Hungary"),
    "SI": _l("Slovenia"),
    "GB": _l("United Kingdom"),
    "IE": _l("Ireland"),
    "US": _l("United States"),
}

_PARTS: dict[str, Words] = {
    "DE": {
        "BW": _l("Baden-Württemberg"),
        "BY": _l("Bavaria"),
        "BE": _l("Berlin"),
        "BB": _l("Brandenburg"),
        "HB": _l("Bremen"),
        "HH": _l("Hamburg"),
        "HE": _l("Hesse"),
        "MV": _l("Mecklenburg-Western Pomerania"),
        "NI": _l("Lower Saxony"),
        "NW": _l("North Rhine-Westphalia"),
        "RP": _l("Rhineland-Palatinate"),
        "SL": _l("Saarland"),
        "SN": _l("Saxony"),
        "ST": _l("Saxony-Anhalt"),
        "SH": _l("Schleswig-Holstein"),
        "TH": _l("Thuringia"),
    },
    "AT": {
        "1": _l("Burgenland"),
        "2": _l("Carinthia"),
        "3": _l("Lower Austria"),
        "4": _l("Upper Austria"),
        "5": _l("Salzburg"),
        "6": _l("Styria"),
        "7": _l("Tyrol"),
        "8": _l("Vorarlberg"),
        "9": _l("Vienna"),
    },
    "CH": {
        "AG": _l("Aargau"),
        "AR": _l("Appenzell Outer Rhodes"),
        "AI": _l("Appenzell Inner Rhodes"),
        "BL": _l("Basel-Country"),
        "BS": _l("Basel-City"),
        "BE": _l("Berne"),
        "FR": _l("Fribourg"),
        "GE": _l("Geneva"),
        "GL": _l("Glarus"),
        "GR": _l("Grisons"),
        "JU": _l("Jura"),
        "LU": _l("Lucerne"),
        "NE": _l("Neuchâtel"),
        "NW": _l("Nidwalden"),
        "OW": _l("Obwalden"),
        "SH": _l("Schaffhausen"),
        "SZ": _l("Schwyz"),
        "SO": _l("Solothurn"),
        "SG": _l("St. Gallen"),
        "TG": _l("Thurgau"),
        "TI": _l("Ticino"),
        "UR": _l("Uri"),
        "VS": _l("Valais"),
        "VD": _l("Vaud"),
        "ZG": _l("Zug"),
        "ZH": _l("Zurich"),
    },
    "NL": {
        "Noord": _l("Netherlands, north"),
        "Midden": _l("Netherlands, middle"),
        "Zuid": _l("Netherlands, south"),
    },
    "BE": {
        "Flemish": _l("Flanders"),
        "French": _l("Wallonia"),
        "German": _l("East Belgium"),
    },
}


def _regions() -> Words:
    found: Words = {}
    for country, words in COUNTRIES.items():
        found[country] = words
        found |= {f"{country}-{part}": named for part, named in _PARTS.get(country, {}).items()}
    return found


REGIONS: Words = _regions()
"""Countries, each followed by its regions: "DE", "DE-BW" …; all are regions with known holidays."""

FORMS_OF_ADDRESS: Words = {"frau": _l("Frau / mevrouw / Ms"), "herr": _l("Herr / meneer / Mr"), "neither": _l("Neither")}
LETTER_LANGUAGES: Words = {"de": _l("German"), "nl": _l("Dutch"), "en": _l("English")}
CHANNELS: Words = {"phone": _l("Phone"), "video": _l("Video"), "in_person": _l("In person"), "mail": _l("E-mail")}


def words_of(vocabulary: Words, key: str | None) -> str:
    """Return the words for a key; the key itself where the vocabulary no longer has it, nothing for None."""
    return "" if key is None else str(vocabulary.get(key, key))


def regions_that_match(region: str) -> list[str]:
    """Return the regions a search for `region` finds: itself, the country it lies in, or all parts of the country."""
    country = region[:2]
    if region == country:
        return [key for key in REGIONS if key[:2] == country]
    return [region, country]
