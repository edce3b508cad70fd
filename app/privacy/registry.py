"""Every table and column: whose data it holds, and what the erasure of a manager does to it.

A test compares this with the tables there are: a column that stands in no list makes it fail.
"""

from __future__ import annotations

from app.privacy.rules import Fate

E, D, R, O = Fate.EMPTIED, Fate.DELETED, Fate.REDACTED, Fate.OVERWRITTEN  # noqa: E741
S, T, N = Fate.SHELL, Fate.NOT_THEIRS, Fate.NOT_PERSONAL

_NAME = "form_of_address title first_name particle last_name country sort_name folded_name"

# Table → fate → its columns.
_LISTED: dict[str, dict[Fate, str]] = {
    "manager": {
        E: f"{_NAME} language headline email phone mobile street postcode city is_newcomer available_from "
        "availability_confirmed_on days_per_week rate rate_unit rate_currency source source_note note owner_id released_on "
        "next_step next_step_on",
        N: "id state created_at changed_at version",
    },
    "manager_tag": {D: "manager_id kind value level"},
    "manager_document": {D: "id manager_id kind number file_id made_on received_on added_by_id"},
    "stored_file": {D: "id owner_type owner_id kind number sha256 size content_type name uploaded_at uploaded_by_id"},
    "interview": {
        D: "id talk_id manager_id career motive wants_employment impression abilities ability_notes noted completed_at "
        "completed_by_id letter_sent_at changed_at version"
    },
    "recommendation": {D: "id interview_id position text by_on used asked_on asked_by_id"},
    # The case stays as numbers: how many came, how long it took, and what the books must say about a fee.
    "admission_case": {
        E: "next_on halted_on halt_reason falls_short last_letter_on last_mail_at",
        S: "fee fee_amount fee_number",
        T: "reviewer_id",
        N: "manager_id entered_state_at stages_used repeated review_began_at batch_id version",
    },
    "freshness_round": {
        D: "id manager_id number asks_papers asks_availability letters began_on last_sent_on link_id ended_on outcome"
    },
    "appreciation_request": {D: "interview_id manager_id team_id asked_on link_id answered"},
    "appreciation": {R: "tip", N: "id team_id year quarter respect substance"},
    "admission_move": {N: "id moved_on came"},
    "legal_text": {N: "id kind language number text since"},
    "legal_edition": {T: "put_by_id", N: "id kind de nl en in_force_at version"},
    "registration_proof": {
        D: "id manager_id language zone name terms_id privacy_id page_text registered_at registered_ip registered_agent "
        "mail_subject mail_text message_id mailed_to confirmed_at confirmed_ip confirmed_agent confirm_page_text"
    },
    "data_origin": {D: "manager_id source ground noted_at told_at by_hand_on by_hand_by_id"},
    "admission_batch": {T: "imported_by_id started_by_id", N: "id name imported_at started_at"},
    "paper_reading": {D: "document_id manager_id read_at problem page_count pages analysis"},
    "admission_reaction": {D: "id manager_id code note said_on kept_at kept_by_id"},
    "cv_review": {D: "id manager_id document_id verdicts began_at began_by_id decision reason decided_at decided_by_id version"},
    # Talks that belong to no mandate are deleted; the others stay as a shell: that and when the firm did its duty.
    "talk": {
        E: "place benefit note took_part record overall answers may_quote step step_on step_owner_id",
        S: "id kind side state mandate_id contact_id manager_id referee_id owner_id due_on planned sort_on appointment_at appointment_zone "
        "minutes channel calendar_uid calendar_sequence invited was_closing decline_reason cancelled_by_change "
        "owner_must_decide held_at held_minutes written recorded_by_id not_reached not_reached_at step_done_on created_at version",
    },
    # Requests to clients' contacts: what they said may name the manager.
    "ask": {
        R: "said override_reason",
        T: "asked_by_id",
        N: "id contact_id purpose channel is_agreed mandate_id talk_id asked_on benefit_id link_id times zone minutes bundled answer "
        "answered_on reminded_on overridden version",
    },
    "contact_wish": {R: "note", T: "noted_by_id", N: "contact_id not_before never said_on version"},
    "benefit": {
        N: "id position title_de title_nl title_en text_de text_nl text_en roles purposes has_brief is_active version",
    },
    "written_answer": {R: "answers", N: "ask_id saved_at sent_at version"},
    "market_batch": {N: "id function country currency closed_on day_rates weeks extended client_ids"},
    "market_mandate": {N: "mandate_id batch_id"},
    "written_reference": {
        D: "id mandate_id manager_id contact_id language situation results rating state scope made_at made_by_id link_id sent_at "
        "released_at released_by declined_at revoked_at reason version"
    },
    "referee": {
        D: f"id manager_id {_NAME} language company job_title relation together_from together_until email phone consent_on "
        "consent_how told_at objected_on judgement judged_on note created_at version"
    },
    "outside_call": {
        D: "id manager_id reference_id contact_id caller called_on rating said noted_by_id noted_at judgement judged_on version"
    },
    "talk_participant": {T: "user_id contact_id", N: "id talk_id"},
    # A signed mandate: kept by law. One that was not signed loses its manager.
    "mandate": {
        R: "title folded_title lost_reason clause goal reports_to exit_plan handed_over manager_override_reason next_step reach "
        "expectations means culture no_closing_reason successor",
        S: "id year running client_id contact_id manager_id owner_id stage lost_on closed_on signed_on starts_on first_end_on "
        "ends_on has_quality_clause exit_on client_rate client_rate_unit manager_rate manager_rate_unit currency days_per_week",
        N: "next_step_on created_at changed_at version place function",
    },
    "mandate_goal": {R: "title measure", N: "id mandate_id position"},
    "milestone": {R: "title means owner reason", N: "id mandate_id due_on state reached_on version"},
    "evaluation_moment": {N: "id mandate_id planned_on talk_id"},
    # What was agreed with the client stays as long as the mandate; the manager's name in it does not.
    "handbook_version": {
        R: "content summary",
        T: "accepted_by made_by_id recorded_by_id",
        N: "id mandate_id number made_at presented_on link_id sent_at accepted_on accepted_at accepted_how dropped_on version",
    },
    "stage_change": {R: "override_reason", T: "changed_by_id", N: "id mandate_id from_stage changed_on changed_at missing"},
    # On the short list of one who took it: the row goes. Who was on a signed mandate and when stays as its shell.
    "mandate_candidate": {
        D: "id mandate_id manager_id state reason presented_on interview_on non_circumvention_until note added_at added_by_id version"
    },
    "manager_spell": {R: "reason override_reason", S: "id mandate_id manager_id starts_on ends_on"},
    "manager_report": {
        E: "tasks obstacles",
        S: "id mandate_id manager_id month days",
        T: "recorded_by_id",
        N: "asked_at link_id sent_in_at version",
    },
    "handover_item": {R: "text receiver waived_reason", N: "id mandate_id kind due_on done_on version"},
    "phasing_month": {N: "mandate_id month days_per_week"},
    "status_check": {
        E: "answers note",
        S: "id mandate_id manager_id regime occasion due_on done_on",
        T: "done_by_id",
        N: "version",
    },
    "goal_view": {R: "note given_by", T: "recorded_by_id", N: "id mandate_id goal_id side percent given_on"},
    "view_request": {N: "mandate_id side link_id asked_at"},
    "extension": {
        R: "reason",
        S: "id mandate_id kind old_end_on new_end_on signed_on effective_on client_rate manager_rate days_per_week",
        N: "created_by_id created_at version",
    },
    "rate_change": {
        R: "reason",
        S: "id mandate_id effective_on client_rate manager_rate days_per_week",
        N: "created_by_id created_at",
    },
    "mandate_colleague": {T: "user_id", N: "mandate_id"},
    "mandate_number": {N: "year last"},
    "letter": {
        E: "to_address to_name guard_args",
        R: "subject text html attachments",
        T: "from_name reply_to",
        N: "id key message_id priority language automatic purpose about_type about_id link_id has_link guard state created_at "
        "next_attempt_at first_attempt_at failures render_failures claimed_by claimed_until sent_at reason",
    },
    "letter_attempt": {E: "reply", N: "id letter_id at ended_at outcome code"},
    "mail_queue": {R: "reply", N: "id fault since paused_until"},
    "personal_link": {
        D: "id purpose subject_type subject_id recipient language created_at expires_at max_uses uses last_used_at revoked_at "
        "version token_hash"
    },
    "event": {R: "facts", N: "id kind at actor_kind actor_id"},
    "event_subject": {D: "about_type about_id at event_id"},
    "audit_change": {O: "old new", N: "id at actor_kind actor_id table_name row_id change"},
    "form_post": {D: "key leads_to posted_at"},
    "search_name": {D: "id kind record_id folded sort_name"},
    "told": {D: "id rule subject occurrence recipient at"},
    "client": {
        R: "note next_step",
        T: "owner_id",
        N: "id name sort_name industry headcount turnover_millions turnover_currency street postcode city region website phone "
        "next_step_on created_at version",
    },
    "contact": {
        R: "note",
        T: f"{_NAME} language job_title role email phone mobile channel zone left_on",
        N: "id client_id created_at version",
    },
    "user_account": {
        T: "email password fs_uniquifier role team_id is_reviewer form_of_address title first_name particle last_name sort_name "
        "phone language zone region theme single_keys digest notices_in_digest talk_mails tf_primary_method tf_totp_secret tf_last_counter "
        "mf_recovery_codes active confirmed_at",
        N: "id version",
    },
    "user_session": {T: "key_hash user_id created_at last_seen_at passed_at ended_at browser", N: "id"},
    "absence": {T: "user_id deputy_id starts_on ends_on", N: "id"},
    "team": {N: "id name"},
    "firm_setting": {N: "name value"},
    "firm_revision": {N: "id changes version"},
    "throttle_hit": {N: "id bucket key_hash at"},
    "heartbeat": {N: "worker kind host at started_at boot_id boottime_seconds trusted_at clock_at server_at refuses_since"},
    "clock_jump": {
        T: "confirmed_by_id",
        N: "id host boot_id booted_at clock_at against ahead_seconds seen_at confirmed_at over_at",
    },
    "job_run": {N: "id job slot worker started_at ended_at due done skipped failed problem"},
    "job_request": {T: "asked_by_id", N: "id job asked_at run_id"},
    "lease": {N: "name worker until"},
    "erasure": {
        N: "id manager_id erased_at seconds letter_id overwritten_at letter_overwritten_at",
        T: "actor_kind actor_id",
    },
    "erasure_note": {N: "id kind number erased_at told written_at"},
    "backup_run": {N: "id kind folder started_at taken_at ended_at bytes problem"},
    "erased_address": {N: "hash erased_at"},
    "file_to_delete": {N: "sha256 since"},
}

COLUMNS: dict[str, dict[str, Fate]] = {
    table: {column: fate for fate, columns in fates.items() for column in columns.split()} for table, fates in _LISTED.items()
}


def columns(table: str, fate: Fate) -> list[str]:
    """Return the columns of a table that have this fate."""
    return [column for column, one in COLUMNS[table].items() if one is fate]


def tables_with(fate: Fate) -> list[str]:
    """Return the tables that have a column with this fate."""
    return [table for table, fates in COLUMNS.items() if fate in fates.values()]
