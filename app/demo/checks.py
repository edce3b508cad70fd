"""How the demo firm's status checks were answered: answer and evidence by question, in the language of the client's country."""

from __future__ import annotations

Answers = dict[str, tuple[str, str]]

USUAL: dict[str, Answers] = {
    "de": {
        "de_time_place": ("no", "Drei bis vier Tage vor Ort, die Lage der Tage bestimmt der Interim Manager selbst."),
        "de_instructions": ("no", "Vereinbart ist das Ziel; Berichte gehen an die Geschäftsführung, keine Weisungen zur Ausführung."),
        "de_integration": ("partly", "Zugang zum Haus und zur Planung, aber eigene Mailadresse und kein Eintrag im Organigramm der Abteilung."),
        "de_like_staff": ("no", "Die Aufgabe ist befristet und im Haus sonst nicht besetzt."),
        "de_leads_staff": ("yes", "Fachliche Führung der Bereichsleitungen laut Mandatshandbuch."),
        "de_benefits": ("no", "Rechnung nach geleisteten Tagen, kein Urlaub, keine Entgeltfortzahlung."),
        "de_equipment": ("yes", "Eigenes Notebook und Telefon."),
        "de_risk": ("yes", "Haftung laut Vertrag, eigene Berufshaftpflicht (Police liegt vor)."),
        "de_other_clients": ("yes", "Zwei weitere Auftraggeber im laufenden Jahr, Selbstauskunft."),
        "de_substitute": ("no", "Vertretung nur mit Zustimmung."),
        "de_market": ("yes", "Eigene Website, Eintrag im Branchenverband."),
    },
    "nl": {
        "nl_lasting": ("no", "Einddatum en doel staan in het opdrachthandboek."),
        "nl_authority": ("no", "Resultaat is afgesproken, de manager deelt de week zelf in."),
        "nl_embedded": ("partly", "Leidt het overleg van de afdeling, maar heeft geen personeelsnummer en geen functioneringsgesprek."),
        "nl_personal": ("yes", "Vervanging alleen met instemming van de opdrachtgever."),
        "nl_terms": ("no", "Over tarief en aansprakelijkheid is onderhandeld; het concept kwam van ons."),
        "nl_pay_way": ("no", "Factuur per maand over gewerkte dagen."),
        "nl_pay_level": ("no", "Dagtarief ruim boven de loonkosten van de functie."),
        "nl_risk": ("partly", "Aansprakelijk voor fouten, maar geen korting bij een niet gehaald doel."),
        "nl_entrepreneur": ("yes", "Eigen website, btw-nummer, drie opdrachtgevers in twee jaar."),
    },
}  # fmt: skip
LATER: dict[str, Answers] = {
    "de": {
        "de_integration": ("yes", "Seit dem zweiten Quartal im Verteiler der Abteilungsleitungen und im Urlaubsplan geführt."),
        "de_other_clients": ("no", "In diesem Quartal nur dieses Mandat."),
        "de_time_place": ("partly", "Anwesenheit montags zur Leitungsrunde wird erwartet."),
    },
    "nl": {
        "nl_embedded": ("yes", "Staat in het rooster en in de telefoonlijst van de afdeling."),
        "nl_lasting": ("partly", "De verlenging noemt een einddatum, maar geen eigen resultaat."),
        "nl_risk": ("no", "Geen afspraak over herstel op eigen kosten."),
    },
}  # fmt: skip
NOTES = {
    "de": "Mit dem Auftraggeber besprochen: aus dem Urlaubsplan nehmen, Leitungsrunde als Berichtstermin führen.",
    "nl": "Besproken met de opdrachtgever: uit het rooster halen, herstelafspraak opnemen bij de verlenging.",
}
GROWN_CLOSE = ("einkauf", "verkoop")  # mandates whose later checks show more signs


def answers(key: str, regime: str, is_first: bool) -> tuple[Answers, str | None]:
    """Return what was answered for the mandate with this key, and the note on it."""
    if is_first or key not in GROWN_CLOSE:
        return USUAL[regime], None
    return USUAL[regime] | LATER[regime], NOTES[regime]
