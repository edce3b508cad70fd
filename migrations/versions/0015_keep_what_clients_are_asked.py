"""Keep what clients are asked: the ledger with wishes, benefits, forms, market briefs; and what references need.

New tables, and a column that may stay empty: safe while the previous release is still running (it ignores them; only its search
does not know a referee whom the new one has entered, and fails for that name). Talks
that were arranged, held or declined before stand in the ledger on the day they stand at in lists.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Search finds referees too; the statements stand here as they were made.
_SEARCH_SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS search_referee_ai AFTER INSERT ON referee BEGIN INSERT INTO search_name(kind, record_id, folded, sort_name) VALUES ('referee', NEW.id, NEW.folded_name, NEW.sort_name); END",
    "CREATE TRIGGER IF NOT EXISTS search_referee_au AFTER UPDATE OF folded_name, sort_name ON referee BEGIN UPDATE search_name SET folded = NEW.folded_name, sort_name = NEW.sort_name WHERE kind = 'referee' AND record_id = NEW.id; END",
    "CREATE TRIGGER IF NOT EXISTS search_referee_ad AFTER DELETE ON referee BEGIN DELETE FROM search_name WHERE kind = 'referee' AND record_id = OLD.id; END",
)
_SEARCH_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION search_referee() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN DELETE FROM search_name WHERE kind = 'referee' AND record_id = OLD.id; RETURN OLD; END IF; INSERT INTO search_name(kind, record_id, folded, sort_name) VALUES ('referee', NEW.id, NEW.folded_name, NEW.sort_name) ON CONFLICT (kind, record_id) DO UPDATE SET folded = EXCLUDED.folded, sort_name = EXCLUDED.sort_name; RETURN NEW; END $$",
    "CREATE OR REPLACE TRIGGER search_referee AFTER INSERT OR DELETE OR UPDATE OF folded_name, sort_name ON referee FOR EACH ROW EXECUTE FUNCTION search_referee()",
)

_BENEFITS = (
    (
        {
            "de": (
                "Honorare für diese Funktion",
                "Was kostet diese Funktion heute als Interim-Mandat, und wie lange dauert es? Ich habe es Ihnen auf einer Seite zusammengestellt, aus vergleichbaren eigenen Mandaten.",
            ),
            "nl": (
                "Tarieven voor deze functie",
                "Wat kost deze functie nu op interimbasis, en hoe lang duurt een opdracht? Ik heb het voor u op één pagina gezet, uit vergelijkbare opdrachten van ons bureau.",
            ),
            "en": (
                "Market rates for this role",
                "What does this role cost on an interim basis today, and how long does a mandate last? I have put it on one page for you, from comparable mandates of our own.",
            ),
        },
        ["sponsor", "hr", "finance"],
        ["quality", "extension", "closing"],
        True,
    ),
    (
        {
            "de": (
                "Was wir aus ähnlichen Mandaten gelernt haben",
                "Was haben andere Unternehmen in derselben Lage gelernt? Ich bringe drei Erfahrungen aus ähnlichen Mandaten mit, ohne Namen, und was sich daraus für Sie ergibt.",
            ),
            "nl": (
                "Wat wij van vergelijkbare opdrachten leerden",
                "Wat hebben andere bedrijven in dezelfde situatie geleerd? Ik breng drie ervaringen uit vergelijkbare opdrachten mee, zonder namen, en wat dat voor u betekent.",
            ),
            "en": (
                "What we learned from similar mandates",
                "What have others learned in the same position? I bring three experiences from similar mandates, without names, and what follows from them for you.",
            ),
        },
        [],
        ["quality", "closing"],
        False,
    ),
    (
        {
            "de": (
                "Früh sehen, ob es auf Kurs ist",
                "Sie sehen früh, ob das Mandat auf Kurs bleibt; was nicht passt, wird gleich geändert.",
            ),
            "nl": (
                "Vroeg zien of het op koers ligt",
                "U ziet vroeg of de opdracht op koers blijft; wat niet past, wordt meteen aangepast.",
            ),
            "en": (
                "See early whether it stays on course",
                "You see early whether the mandate stays on course, and what does not fit is put right at once.",
            ),
        },
        [],
        ["quality"],
        False,
    ),
    (
        {
            "de": (
                "Die neue Laufzeit nach Ihren Wünschen",
                "Sie richten die neue Laufzeit so ein, wie Sie sie brauchen: Was gut läuft, bleibt; was nicht, wird vom ersten Tag an geändert.",
            ),
            "nl": (
                "De nieuwe looptijd naar uw wens",
                "U richt de nieuwe looptijd in zoals u die nodig hebt: wat goed gaat, blijft; wat niet goed gaat, verandert vanaf de eerste dag.",
            ),
            "en": (
                "The new term the way you need it",
                "You set up the new term the way you need it: what goes well stays, what does not is changed from its first day.",
            ),
        },
        [],
        ["extension"],
        False,
    ),
    (
        {
            "de": (
                "Wer wann verfügbar ist",
                "Wer ist in den nächsten Monaten frei? Sie erhalten kurze Profile von Führungskräften, die zu Ihrem Unternehmen passen, bevor wir sie anderswo vorstellen.",
            ),
            "nl": (
                "Wie wanneer beschikbaar is",
                "Wie is de komende maanden vrij? U krijgt korte profielen van managers die bij uw bedrijf passen, voordat wij hen elders voorstellen.",
            ),
            "en": (
                "Who is free, and when",
                "Who is free in the coming months? You get short profiles of executives who fit your company before we propose them elsewhere.",
            ),
        },
        ["sponsor", "hr", "line"],
        ["quality", "extension", "closing"],
        False,
    ),
    (
        {
            "de": (
                "Ergebnisse schriftlich für Ihre Akten",
                "Sie erhalten die Ergebnisse und das, was noch zu tun bleibt, schriftlich für Ihre Unterlagen.",
            ),
            "nl": (
                "De resultaten op papier voor uw dossier",
                "U krijgt de resultaten, en wat er nog te doen blijft, op papier voor uw eigen dossier.",
            ),
            "en": (
                "The results in writing for your files",
                "You get the results, and what remains to be done, in writing for your own files.",
            ),
        },
        [],
        ["closing"],
        False,
    ),
    (
        {
            "de": (
                "Die Nachfolge im Blick",
                "Wir prüfen gemeinsam, ob Nachfolge und Übergabe auf gutem Weg sind, solange sich noch etwas ändern lässt.",
            ),
            "nl": (
                "Zicht op de opvolging",
                "Wij bekijken samen of opvolging en overdracht op koers liggen, zolang er nog iets aan te veranderen is.",
            ),
            "en": (
                "The succession in sight",
                "Together we look at whether succession and handover are on track while something can still be changed.",
            ),
        },
        ["sponsor", "hr", "successor", "line"],
        ["quality", "extension", "closing"],
        False,
    ),
    (
        {
            "de": (
                "Der eigene Weg ins Interim Management",
                "Wie sieht Interim Management von innen aus, auch als eigener Weg? Ich nehme mir Zeit für Ihre Fragen, vertraulich und unverbindlich.",
            ),
            "nl": (
                "De eigen stap naar interim-management",
                "Hoe ziet interim-management er van binnenuit uit, ook als eigen stap? Ik neem de tijd voor uw vragen, vertrouwelijk en vrijblijvend.",
            ),
            "en": (
                "A career of one's own in interim management",
                "What does interim management look like from the inside, also as a step of your own? I take time for your questions, in confidence and without obligation.",
            ),
        },
        ["sponsor", "line"],
        ["closing", "extension"],
        False,
    ),
)


def upgrade() -> None:
    op.create_table(
        "benefit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title_de", sa.String(length=120), nullable=False),
        sa.Column("title_nl", sa.String(length=120), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.Column("text_de", sa.String(length=400), nullable=False),
        sa.Column("text_nl", sa.String(length=400), nullable=False),
        sa.Column("text_en", sa.String(length=400), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column("has_brief", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit")),
    )
    op.create_table(
        "market_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("day_rates", sa.JSON(), nullable=False),
        sa.Column("weeks", sa.JSON(), nullable=False),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("client_ids", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_batch")),
    )
    op.create_index("ix_market_batch_kind", "market_batch", ["function", "country", "currency", "id"], unique=False)
    op.create_table(
        "referee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("company", sa.String(length=160), nullable=True),
        sa.Column("job_title", sa.String(length=120), nullable=True),
        sa.Column("relation", sa.String(length=6), nullable=False),
        sa.Column("together_from", sa.Date(), nullable=True),
        sa.Column("together_until", sa.Date(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("consent_how", sa.String(length=10), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objected_on", sa.Date(), nullable=True),
        sa.Column("judgement", sa.String(length=300), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form_of_address", sa.String(length=10), nullable=True),
        sa.Column("title", sa.String(length=60), nullable=True),
        sa.Column("first_name", sa.String(length=80), nullable=True),
        sa.Column("particle", sa.String(length=40), nullable=True),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column(
            "sort_name", sa.String(length=240).with_variant(sa.String(length=240, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "folded_name", sa.String(length=480).with_variant(sa.String(length=480, collation="C"), "postgresql"), nullable=False
        ),
        sa.CheckConstraint("relation IN ('boss','owner','client','peer','report')", name=op.f("ck_referee_relation")),
        sa.CheckConstraint("(consent_on IS NULL) = (consent_how IS NULL)", name=op.f("ck_referee_consent")),
        sa.ForeignKeyConstraint(["manager_id"], ["manager.id"], name=op.f("fk_referee_manager_id_manager")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referee")),
    )
    op.create_index(op.f("ix_referee_manager_id"), "referee", ["manager_id"], unique=False)
    op.create_index("ix_referee_sort_name_id", "referee", ["sort_name", "id"], unique=False)
    op.create_index("ix_referee_phone", "referee", ["phone"], unique=False)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SEARCH_SQLITE if is_sqlite else _SEARCH_POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)
    op.create_table(
        "contact_wish",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("never", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_wish_contact_id_contact")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["user_account.id"], name=op.f("fk_contact_wish_noted_by_id_user_account")),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contact_wish")),
    )
    op.create_table(
        "market_mandate",
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["market_batch.id"], name=op.f("fk_market_mandate_batch_id_market_batch")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_market_mandate_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("mandate_id", name=op.f("pk_market_mandate")),
    )
    op.create_index(op.f("ix_market_mandate_batch_id"), "market_mandate", ["batch_id"], unique=False)
    op.create_table(
        "written_reference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.String(length=200), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'declined') <= (declined_at IS NOT NULL)", name=op.f("ck_written_reference_declined")),
        sa.CheckConstraint(
            "(state IN ('released','revoked')) <= (released_at IS NOT NULL)", name=op.f("ck_written_reference_released")
        ),
        sa.CheckConstraint(
            "scope IS NULL OR scope IN ('internal','on_request','public')", name=op.f("ck_written_reference_scope")
        ),
        sa.CheckConstraint("state IN ('draft','sent','released','declined','revoked')", name=op.f("ck_written_reference_state")),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_written_reference_rating")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_written_reference_contact_id_contact")),
        sa.ForeignKeyConstraint(
            ["link_id"], ["personal_link.id"], name=op.f("fk_written_reference_link_id_personal_link"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_written_reference_made_by_id_user_account")),
        sa.ForeignKeyConstraint(["manager_id"], ["manager.id"], name=op.f("fk_written_reference_manager_id_manager")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_written_reference_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_written_reference")),
    )
    op.create_index(op.f("ix_written_reference_contact_id"), "written_reference", ["contact_id"], unique=False)
    op.create_index(op.f("ix_written_reference_link_id"), "written_reference", ["link_id"], unique=False)
    op.create_index("ix_written_reference_manager_id", "written_reference", ["manager_id", "state"], unique=False)
    op.create_index(op.f("ix_written_reference_mandate_id"), "written_reference", ["mandate_id"], unique=False)
    op.create_table(
        "ask",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("is_agreed", sa.Boolean(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=True),
        sa.Column("talk_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("bundled", sa.JSON(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("overridden", sa.JSON(), nullable=False),
        sa.Column("override_reason", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer IS NULL OR answer IN ('yes','written','later','no','lapsed')", name=op.f("ck_ask_answer")),
        sa.CheckConstraint("channel IN ('mail','form','phone','in_person')", name=op.f("ck_ask_channel")),
        sa.CheckConstraint(
            "purpose IN ('quality','extension','closing','aftercare','evaluation','views','reference','other')",
            name=op.f("ck_ask_purpose"),
        ),
        sa.CheckConstraint("(answer IS NULL) = (answered_on IS NULL)", name=op.f("ck_ask_answered")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_ask_asked_by_id_user_account")),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name=op.f("fk_ask_benefit_id_benefit")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_ask_contact_id_contact")),
        sa.ForeignKeyConstraint(
            ["link_id"], ["personal_link.id"], name=op.f("fk_ask_link_id_personal_link"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_ask_mandate_id_mandate")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_ask_talk_id_talk"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
    )
    op.create_index("ix_ask_asked_on", "ask", ["asked_on"], unique=False)
    op.create_index("ix_ask_benefit_id_answer", "ask", ["benefit_id", "answer"], unique=False)
    op.create_index("ix_ask_contact_id_asked_on", "ask", ["contact_id", "asked_on"], unique=False)
    op.create_index(op.f("ix_ask_link_id"), "ask", ["link_id"], unique=False)
    op.create_index("ix_ask_mandate_id", "ask", ["mandate_id"], unique=False)
    op.create_index(
        "ix_ask_overridden",
        "ask",
        ["asked_on", "contact_id"],
        unique=False,
        sqlite_where=sa.text("override_reason IS NOT NULL"),
        postgresql_where=sa.text("override_reason IS NOT NULL"),
    )
    op.create_index(
        "ix_ask_open",
        "ask",
        ["asked_on"],
        unique=False,
        sqlite_where=sa.text("answer IS NULL"),
        postgresql_where=sa.text("answer IS NULL"),
    )
    op.create_index(
        "uq_ask_talk_id_contact_id",
        "ask",
        ["talk_id", "contact_id"],
        unique=True,
        sqlite_where=sa.text("talk_id IS NOT NULL AND (answer IS NULL OR answer IN ('yes', 'written'))"),
        postgresql_where=sa.text("talk_id IS NOT NULL AND (answer IS NULL OR answer IN ('yes', 'written'))"),
    )
    op.create_table(
        "outside_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("reference_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("caller", sa.String(length=200), nullable=False),
        sa.Column("called_on", sa.Date(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judgement", sa.String(length=300), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_outside_call_rating")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_outside_call_contact_id_contact")),
        sa.ForeignKeyConstraint(["manager_id"], ["manager.id"], name=op.f("fk_outside_call_manager_id_manager")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["user_account.id"], name=op.f("fk_outside_call_noted_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["reference_id"], ["written_reference.id"], name=op.f("fk_outside_call_reference_id_written_reference")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_call")),
    )
    op.create_index(op.f("ix_outside_call_contact_id"), "outside_call", ["contact_id"], unique=False)
    op.create_index(op.f("ix_outside_call_manager_id"), "outside_call", ["manager_id"], unique=False)
    op.create_index(op.f("ix_outside_call_reference_id"), "outside_call", ["reference_id"], unique=False)
    op.create_table(
        "written_answer",
        sa.Column("ask_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name=op.f("fk_written_answer_ask_id_ask"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ask_id", name=op.f("pk_written_answer")),
    )
    # In place: SQLite would make the table anew, and other tables' rows stand on it.
    referee_id = sa.Column(
        "referee_id", sa.Integer(), sa.ForeignKey("referee.id", name=op.f("fk_talk_referee_id_referee")), nullable=True
    )
    op.add_column("talk", referee_id, inline_references=True)
    op.create_index(op.f("ix_talk_referee_id"), "talk", ["referee_id"], unique=False)
    op.create_index(
        "ix_talk_of_referee",
        "talk",
        ["sort_on", "id"],
        sqlite_where=sa.text("side = 'referee'"),
        postgresql_where=sa.text("side = 'referee'"),
    )

    op.add_column("mandate", sa.Column("function", sa.String(length=40), nullable=True))
    _offer_benefits()
    _enter_talks()


def _offer_benefits() -> None:
    rows = [
        {
            **{f"title_{language}": title for language, (title, _text) in words.items()},
            **{f"text_{language}": text for language, (_title, text) in words.items()},
            "position": position, "roles": roles, "purposes": purposes, "has_brief": has_brief, "is_active": True, "version": 1,
        }
        for position, (words, roles, purposes, has_brief) in enumerate(_BENEFITS, 1)
    ]  # fmt: skip
    text = sa.String()
    columns = [sa.column(f"{what}_{language}", text) for what in ("title", "text") for language in ("de", "nl", "en")]
    others = [sa.column("position", sa.Integer()), sa.column("roles", sa.JSON()), sa.column("purposes", sa.JSON())]
    flags = [sa.column("has_brief", sa.Boolean()), sa.column("is_active", sa.Boolean()), sa.column("version", sa.Integer())]
    op.bulk_insert(sa.table("benefit", *columns, *others, *flags), rows)


def _enter_talks() -> None:
    op.execute(
        "INSERT INTO ask (contact_id, purpose, channel, is_agreed, mandate_id, talk_id, asked_by_id, asked_on, times, bundled, "
        "answer, answered_on, overridden, version) "
        "SELECT talk.contact_id, talk.kind, 'phone', "
        "talk.kind = 'evaluation' OR (talk.planned AND talk.kind IN ('quality', 'closing') "
        "AND mandate.has_quality_clause IS NOT NULL AND mandate.has_quality_clause), "
        "talk.mandate_id, talk.id, talk.owner_id, talk.sort_on, '[]', '[]', "
        "CASE WHEN talk.state <> 'declined' THEN 'yes' WHEN talk.decline_reason = 'contact_left' THEN 'lapsed' ELSE 'no' END, "
        "talk.sort_on, '[]', 1 "
        "FROM talk LEFT JOIN mandate ON mandate.id = talk.mandate_id "
        "WHERE talk.contact_id IS NOT NULL AND talk.kind IN ('quality', 'extension', 'closing', 'aftercare', 'evaluation') "
        "AND talk.side IN ('client', 'both') AND talk.state IN ('held', 'declined')"
    )
