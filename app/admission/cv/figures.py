"""Figures that tell a size, and the sentences they stand in."""

from __future__ import annotations

import re
from functools import cache

from app.admission.cv import vocabulary
from app.admission.cv.vocabulary import compiled, folded, pattern, words

_SENTENCE_END = re.compile(
    r"(?:(?<=[!?])|(?<=[a-zäöüß0-9)%€]\.)(?<!Mio\.)(?<!Mrd\.)(?<!Tsd\.)(?<!ca\.)(?<!mln\.)(?<!rd\.)(?<!Dr\.)(?<!Nr\.))\s+(?=[A-ZÄÖÜ])"
)


def sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


@cache
def sizes() -> tuple[re.Pattern[str], ...]:
    def either(key: str) -> str:
        return "|".join(
            sorted({re.escape(folded(word)).replace(r"\ ", r"\s+") for word in words("size", key)}, key=len, reverse=True)
        )

    number = r"(?:\d[\d.,'\s]*\d|\d)"
    amount = rf"(?:(?:€|eur|euro|£|\$|us\$|usd|chf|gbp|dm)\s?)?{number}\s*\+?\s?(?:m|bn|k|mio|mrd|mln|mld|million(?:en)?|milliard(?:e|en)?|miljoen|miljard|billion|tsd|t|mill)?\.?\s?(?:€|eur|euro|£|\$|usd|chf|gbp|dm|teur|meur|t€|m€)?"
    counts = "|".join(sorted({re.escape(folded(word)) for word in words("size", "numbers")}, key=len, reverse=True))
    heads = rf"(?:{number}|{counts})\s*\+?\s*(?:[a-z-]+\s+){{0,2}}(?:{either('people')}|{either('sites')})n?(?!\w)"
    heads_first = rf"(?<!\w)(?:{either('people')}|{either('sites')})\s*(?:\([^)]{{0,20}}\))?\s*(?::|=|ca\.?|rund|circa|about|approx\.?|around|roughly|etwa|ongeveer|bijna|>|uber|>\s?|von|of)\s*(?:ca\.?\s*)?{number}"
    money = rf"{amount}\s*(?:[a-z-]+\s+){{0,2}}(?:{either('turnover')})(?!\w)"
    money_first = rf"(?<!\w)(?:{either('turnover')})\s*(?:\([^)]{{0,20}}\))?\s*(?::|=|ca\.?|rund|circa|about|approx\.?|around|roughly|some|etwa|gut|knapp|fast|ongeveer|bijna|zo'n|ruim|van|von|of|uber|>|~)?\s*(?:ca\.?\s*|rund\s*)?(?:€|eur|£|\$|usd|chf|{number})\s?\d*"
    staff = rf"(?<!\w)(?:headcount|belegschaft|workforce|personeelsbestand|mitarbeiterzahl)\s*:?\s*{number}|{number}\s+[a-z]+\s+(?:in dienst|on the payroll|auf der lohnliste)"
    return tuple(re.compile(one) for one in (heads, money, heads_first, money_first, staff))


def has_size(text: str) -> bool:
    """Tell whether a text names a size that is not a team's or a project's."""
    for clause in re.split(
        r"[;()|\t•·]|,\s|" + vocabulary.STOP + r"\s(?=[A-ZÄÖÜ€£])|\s[–—-]\s|\s(?:und|and|en|with|mit|met)\s(?=\d|ca|rund)", text
    ):
        plain = folded(clause)
        if re.fullmatch(r"\W*(?:[\w-]+\s)?(?:[\w-]*team|abteilung|department|afdeling)\s*", plain):
            return False  # "Team mit 30 Mitarbeitern"
        if not re.search(r"\d", plain) and not any(word in plain for word in map(folded, words("size", "numbers"))):
            continue
        if pattern("size", "team").search(plain):
            return False  # what follows on the line is the team's too: "Budget 25 Mio. €, 14 Mitarbeiter"
        if any(one.search(plain) for one in sizes()):
            return True
    return bool(
        re.search(
            r"\([^()\d]{4,60},\s*(?:ca\.?\s*)?(?:€|EUR|CHF|£)?\s?\d[\d.,]*\s?(?:Mio|Mrd|mln|million|m|bn)\b\.?\s?(?:€|EUR|Euro|CHF|£)?[^()]{0,20}\)",
            text,
        )
    )


@cache
def industries() -> re.Pattern[str]:
    return compiled([*words("companies", "industries"), *words("companies", "kinds")])
