"""Who is to be asked about an interview, and what was answered; a fixed number of statements each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.admission.appreciation_rules import Quarter, Score, Tally, score, shown_teams
from app.admission.models import Appreciation, AppreciationRequest
from app.core.dates import local_day
from app.db import db
from app.interviews.models import Interview
from app.managers.models import Manager
from app.managers.rules import GONE
from app.settings.queries import firm
from app.users.models import Team
from app.web.paging import Page, page_of

QUARTERS = 8


@dataclass(frozen=True)
class TeamScore:
    """A team's name and score; None: too few answers, or others could be worked out from it."""

    name: str
    score: Score | None


@dataclass(frozen=True)
class Shown:
    """A quarter as it may be shown: of the firm, None for too few answers, and of each team that was answered about."""

    quarter: Quarter
    firm: Score | None
    teams: Sequence[TeamScore]


def due(at: datetime) -> list[int]:
    """Return the interviews completed on a day before today, `appreciation_within_days` at most, whose manager was not asked yet."""
    today = local_day(at, firm().zone)
    found = db.session.execute(
        sa.select(Interview.id, Interview.completed_at)
        .join(Manager, Manager.id == Interview.manager_id)
        .outerjoin(AppreciationRequest, AppreciationRequest.interview_id == Interview.id)
        .where(
            Interview.completed_at >= at - timedelta(days=firm().appreciation_within_days),
            AppreciationRequest.interview_id.is_(None),
            Manager.email.is_not(None),
            Manager.state.not_in(sorted(GONE)),
        )
        .order_by(Interview.id)
    )
    return [row.id for row in found if row.completed_at and local_day(row.completed_at, firm().zone) < today]


def request_of(link_id: int, *, lock: bool = False) -> AppreciationRequest | None:
    """Return what was asked by this link."""
    wanted = sa.select(AppreciationRequest).where(AppreciationRequest.link_id == link_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(wanted)


def quarters(newest: Quarter) -> list[Shown]:
    """Return eight quarters, `newest` first; two statements."""
    names = {row.id: row.name for row in db.session.execute(sa.select(Team.id, Team.name).order_by(Team.name, Team.id))}
    oldest = newest.back(QUARTERS - 1)
    one = Appreciation
    rows = db.session.execute(
        sa.select(one.year, one.quarter, one.team_id, sa.func.count(), sa.func.sum(one.respect), sa.func.sum(one.substance))
        .where(one.year * 4 + one.quarter >= oldest.year * 4 + oldest.number)
        .group_by(one.year, one.quarter, one.team_id)
    )
    found: dict[Quarter, dict[int, Tally]] = {}
    for year, number, team_id, *sums in rows:
        found.setdefault(Quarter(year, number), {})[team_id] = Tally(*(int(value) for value in sums))
    return [_shown(quarter, found.get(quarter, {}), names) for quarter in (newest.back(back) for back in range(QUARTERS))]


def tips(quarter: Quarter) -> Page[Any]:
    """Return the tips of a quarter in an order that tells nothing; the caller has seen that it may be shown."""
    wanted = sa.select(Appreciation.id, Appreciation.tip).where(
        Appreciation.year == quarter.year, Appreciation.quarter == quarter.number, Appreciation.tip.is_not(None)
    )
    return page_of(wanted, [Appreciation.id])


def _shown(quarter: Quarter, tallies: dict[int, Tally], names: dict[int, str]) -> Shown:
    least = firm().appreciation_least
    visible = shown_teams({team: tally.count for team, tally in tallies.items()}, least)
    teams = [
        TeamScore(name, score(tallies[team], least) if team in visible else None)
        for team, name in names.items()
        if team in tallies
    ]
    return Shown(quarter, score(sum(tallies.values(), Tally()), least), teams)
