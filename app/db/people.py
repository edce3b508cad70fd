"""What every person outside and inside the firm has: how to address them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import names
from app.db.base import folded


class Person:
    """Columns of a person's name; `form_of_address` is frau, herr, neither, or None where not known: never guessed."""

    form_of_address: Mapped[str | None] = mapped_column(sa.String(10))
    title: Mapped[str | None] = mapped_column(sa.String(60))  # academic
    first_name: Mapped[str | None] = mapped_column(sa.String(80))
    particle: Mapped[str | None] = mapped_column(sa.String(40))
    last_name: Mapped[str] = mapped_column(sa.String(80))
    language: Mapped[str] = mapped_column(sa.String(2))  # de, nl, en: of letters to this person
    country: Mapped[str | None] = mapped_column(sa.String(2))  # ISO; Dutch particles are capitalised, Belgian ones stay
    sort_name: Mapped[str] = mapped_column(folded(240))  # folded, the particle aside; kept by `name_changed`
    folded_name: Mapped[str] = mapped_column(folded(480))  # what name search looks in; kept by `name_changed`

    @property
    def name(self) -> str:
        """“Dr. Anneke van der Berg”."""
        return names.full_name(self.title, self.first_name, self.particle, self.last_name)

    def name_changed(self) -> None:
        """Keep the columns that lists sort by and searches look in."""
        self.sort_name = names.sort_name(self.first_name, self.last_name)[:240]
        self.folded_name = names.searchable(names.full_name(None, self.first_name, self.particle, self.last_name))[:480]

    def salutation(self) -> str:
        """Return the first line of a letter to this person, in their language, without the comma."""
        return names.salutation(
            self.language, self.form_of_address, self.title, self.first_name, self.particle, self.last_name, self.country
        )

    def short_address(self, language: str) -> str:
        """Return how this person is spoken of in `language`: "Frau Dr. Roelofs"."""
        return names.short_address(
            language, self.form_of_address, self.title, self.first_name, self.particle, self.last_name, self.country
        )
