"""Every table and column is in the registry, and nothing is in it that is not there."""

from __future__ import annotations

import pytest

from app.db import db
from app.privacy.registry import _LISTED, COLUMNS
from app.privacy.rules import Fate
from app.privacy.scrub import _nothing


def test_every_column_has_its_fate(app):
    there = {table.name: {column.name for column in table.columns} for table in db.metadata.sorted_tables}

    assert {name: set(fates) for name, fates in COLUMNS.items()} == there


def test_no_column_has_two_fates():
    for name, fates in _LISTED.items():
        listed = [column for columns in fates.values() for column in columns.split()]
        assert len(listed) == len(set(listed)), name


@pytest.mark.parametrize("name", [name for name, fates in COLUMNS.items() if Fate.EMPTIED in fates.values()])
def test_what_is_emptied_has_an_empty_value(app, name):
    for column, fate in COLUMNS[name].items():
        if fate is Fate.EMPTIED:
            assert _nothing(db.metadata.tables[name].c[column]) in (None, "", {}, [], "day", "EUR", False)
