"""Market briefs: batches closed by the clock, the page, the PDF, the letter that carries it."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest
import sqlalchemy as sa

from app.asking import market_document, market_queries
from app.asking.market_queries import MarketKind
from app.asking.models import MarketBatch, MarketMandate
from app.asking.ticks import close_batches
from app.clients.models import Client
from app.db import db, unit_of_work
from app.mandates.models import Mandate
from app.settings.queries import firm
from tests.asking.test_invitation import compose, due_talk, invited, letters
from tests.factories import make_benefit, make_client, make_mandate, make_user
from tests.office import Office

pytestmark = pytest.mark.sql
NOW = datetime(2026, 3, 17, 7, 40, tzinfo=UTC)
LOGISTICS = MarketKind("logistics", "DE", "EUR")


def over(client: Client, rate: int, **given: object) -> Mandate:
    mandate = make_mandate(client=client, starts_on=date(2025, 1, 6), ends_on=date(2025, 6, 27))
    with unit_of_work():
        values = {"function": "logistics", "client_rate": Decimal(rate), "signed_on": date(2024, 12, 1), **given}
        for name, value in values.items():
            setattr(mandate, name, value)
    return mandate


def market(count: int, clients: int, **given: object) -> list[Mandate]:
    houses = [make_client(name=f"Haus {number} GmbH") for number in range(clients)]
    return [over(houses[number % clients], 1500 + 10 * number, **given) for number in range(count)]


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(BytesIO(content))
    assert len(document) == 1
    return " ".join(document[0].get_textpage().get_text_range().split())


@pytest.mark.parametrize(("count", "clients", "batches"), [(4, 4, 0), (6, 2, 0), (5, 3, 1), (11, 3, 2)])
def test_a_batch_closes_with_five_mandates_of_three_clients(office: Office, count: int, clients: int, batches: int) -> None:
    market(count, clients)

    close_batches(NOW)
    close_batches(NOW)

    assert db.session.scalar(sa.select(sa.func.count()).select_from(MarketBatch)) == batches
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MarketMandate)) == 5 * batches
    shown = office.open("/asking/briefs/logistics/DE/EUR.pdf")
    assert shown.status == (200 if batches else 404)
    assert ("No brief yet" in office.open("/asking/briefs").text) is (batches == 0)


@pytest.mark.parametrize(
    "given",
    [
        {"function": None},
        {"client_rate": None},
        {"lost_on": date(2025, 1, 1)},
        {"ends_on": date(2026, 3, 17)},
        {"signed_on": None},
    ],
)
def test_what_is_incomplete_lost_or_running_counts_for_nothing(office: Office, given: dict[str, object]) -> None:
    market(5, 3, **given)

    close_batches(NOW)

    assert market_queries.figures_of(LOGISTICS) is None


def test_what_changes_after_the_batch_was_closed_changes_no_figure(office: Office) -> None:
    mandates = market(5, 3)
    close_batches(NOW)
    before = market_queries.figures_of(LOGISTICS)

    with unit_of_work():
        mandates[0].client_rate = Decimal(9999)
    over(mandates[0].client, 3000)  # one more does not show until its batch is full
    close_batches(NOW)

    assert market_queries.figures_of(LOGISTICS) == before


def test_the_brief_says_median_range_length_and_share_in_three_languages(office: Office) -> None:
    market(5, 3)
    close_batches(NOW)

    texts = {language: text_of(market_document.brief(LOGISTICS, language, at=NOW) or b"") for language in ("de", "nl", "en")}

    assert "Market brief: Logistics, Germany" in texts["en"]
    assert "From 5 mandates of 3 clients." in texts["en"]
    assert "€1,520" in texts["en"]
    assert "between €1,510 and €1,530" in texts["en"]
    assert "25 weeks" in texts["en"]
    assert "1.520 €" in texts["de"]
    assert "€ 1.520" in texts["nl"]
    assert "Haus" not in "".join(texts.values())


def test_hourly_rates_are_brought_to_a_day(office: Office) -> None:
    market(5, 3, client_rate_unit="hour", client_rate=Decimal("187.50"))
    close_batches(NOW)

    found = market_queries.figures_of(LOGISTICS)
    assert found is not None
    assert found.median_rate == round(187.5 * firm().hours_a_day, -1)


@pytest.mark.parametrize("path", ["x/DE/EUR", "logistics/XX/EUR", "logistics/DE/USD", "logistics/DE/EUR"])
def test_a_brief_there_is_none_of_is_not_found(office: Office, path: str) -> None:
    assert office.open(f"/asking/briefs/{path}.pdf").status == 404


def test_a_letter_with_the_benefit_carries_the_brief(office: Office) -> None:
    market(5, 3)
    close_batches(NOW)
    promising = make_benefit(title_en="Market rates", text_en="What does it cost?", has_brief=True)
    talk = due_talk(office)
    assert "Market rates" not in office.open(f"/talks/{talk.id}/invitation").text  # no function, no brief
    with unit_of_work():
        talk.mandate.function = "logistics"

    page = office.open(f"/talks/{talk.id}/invitation")
    assert "Brief attached: 5 mandates of 3 clients." in page.text
    assert "Attached: the market brief" in compose(office, talk, benefit=str(promising.id)).text
    invited(office, talk, benefit=str(promising.id))

    (letter,) = letters("asking.invitation")
    (part,) = letter.attachments
    assert part["name"] == "market-brief.pdf"
    assert "Market brief: Logistics" in text_of(b64decode(part["base64"]))


def test_everybody_may_read_them_nobody_learns_a_client(office: Office) -> None:
    market(5, 3)
    close_batches(NOW)

    for role in ("assistant", "auditor"):
        page = Office(office.app, make_user(role=role)).open("/asking/briefs")
        assert "5 mandates of 3 clients" in page.text
        assert "Haus" not in page.text
