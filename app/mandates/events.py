"""What is told on the timeline about mandates. No amount stands in any of it: money is not everybody's to see."""

from __future__ import annotations

from app.core.errors import N_
from app.timeline import register
from app.web.icons import icon_name

register("mandates.created", N_("Mandate opened: %(title)s"), icon_name("compass"), tone="info")
register(
    "mandates.signed", N_("Contract signed on %(signed_on)s, from %(starts_on)s to %(ends_on)s"), icon_name("pen"), tone="ok"
)
register("mandates.manager_overridden", N_("A manager who is not released was put on it"), icon_name("exclamation-triangle"))
register("mandates.manager_set", N_("%(manager)s is meant to take it on"), icon_name("person-badge"))
register("mandates.manager_replaced", N_("%(manager)s takes over from %(was)s"), icon_name("person-badge"), tone="info")
register("mandates.manager_planned", N_("%(manager)s takes over from %(was)s on %(first_on)s"), icon_name("person-badge"))
register("mandates.manager_stays", N_("%(manager)s stays on it; %(was)s does not take over"), icon_name("person-badge"))
register("mandates.facts_changed", N_("Details changed"), icon_name("pencil"))
register("mandates.goal_changed", N_("Goal changed"), icon_name("flag"))
register("mandates.candidate_added", N_("%(manager)s is on the shortlist"), icon_name("person-badge"))
register("mandates.candidate_proposed", N_("%(manager)s is proposed again"), icon_name("person-badge"))
register("mandates.candidate_presented", N_("%(manager)s was presented to the client"), icon_name("person-badge"), tone="info")
register(
    "mandates.candidate_client_interview", N_("%(manager)s: interview with the client"), icon_name("person-badge"), tone="info"
)
register("mandates.candidate_chosen", N_("%(manager)s was chosen"), icon_name("person-badge"), tone="ok")
register(
    "mandates.candidate_set_back", N_("%(manager)s is no longer chosen, and on the shortlist as before"), icon_name("arrow-left")
)
register("mandates.candidate_declined", N_("%(manager)s was declined"), icon_name("x-lg"))
register("mandates.candidate_withdrew", N_("%(manager)s withdrew"), icon_name("x-lg"))
register("mandates.scoping_changed", N_("Scoping changed"), icon_name("compass"))
register("mandates.goals_changed", N_("Measurable goals changed"), icon_name("flag"))
register("mandates.exit_changed", N_("Exit plan changed"), icon_name("signpost"))
register("mandates.contact_changed", N_("%(contact)s is the contact from now on"), icon_name("person-lines-fill"))
register("mandates.colleagues_changed", N_("On the team: %(team)s"), icon_name("people"))
register("mandates.stage_left", N_("Scoping is done"), icon_name("check2"), tone="ok")
register("mandates.analysis_left", N_("Execution begins"), icon_name("check2"), tone="ok")
register("mandates.execution_left", N_("Evaluation and handover begin"), icon_name("check2"), tone="info")
register("mandates.closed", N_("Mandate closed"), icon_name("check2"), tone="ok")
register("mandates.gate_overridden", N_("Passed by override although something was missing"), icon_name("exclamation-triangle"))
register("mandates.view_of_client", N_("The client's view of the goals was kept"), icon_name("flag"), tone="info")
register("mandates.view_of_manager", N_("The manager's view of the goals was kept"), icon_name("flag"), tone="info")
register("mandates.view_of_provider", N_("Our own view of the goals was kept"), icon_name("flag"), tone="info")
register("mandates.asked_client", N_("The client was asked how far the goals were reached"), icon_name("envelope"))
register("mandates.asked_manager", N_("The manager was asked how far the goals were reached"), icon_name("envelope"))
register("mandates.gap_talk", N_("A joint talk on the goals is due"), icon_name("people"))
register("mandates.milestone_added", N_("Milestone added: %(title)s, %(due_on)s"), icon_name("flag"))
register("mandates.milestone_removed", N_("Milestone taken off the list: %(title)s"), icon_name("x-lg"))
register("mandates.milestone_moved", N_("Milestone moved from %(was_on)s to %(due_on)s: %(title)s"), icon_name("arrow-right"))
register("mandates.milestone_dropped", N_("Milestone dropped: %(title)s"), icon_name("x-lg"))
register("mandates.milestone_reached", N_("Milestone reached on %(reached_on)s: %(title)s"), icon_name("check2"), tone="ok")
register(
    "mandates.handbook_presented",
    N_("Version %(number)s of the handbook presented to the client"),
    icon_name("file-earmark-text"),
)
register(
    "mandates.handbook_sent", N_("Version %(number)s of the handbook sent to %(name)s for acceptance"), icon_name("envelope")
)
register("mandates.handbook_accepted", N_("%(name)s accepted version %(number)s of the handbook"), icon_name("check2"), tone="ok")
register("mandates.handbook_dropped", N_("Version %(number)s of the handbook was withdrawn"), icon_name("x-lg"))
register("mandates.report_came", N_("Short report of %(manager)s for %(month_on)s"), icon_name("file-earmark-text"))
register(
    "mandates.report_corrected",
    N_("Short report of %(manager)s for %(month_on)s corrected"),
    icon_name("file-earmark-text"),
)
register("mandates.status_checked", N_("Status check of %(due_on)s answered"), icon_name("check2"))
register("mandates.status_corrected", N_("Answers to the status check of %(due_on)s corrected"), icon_name("pencil"))
register("mandates.handover_added", N_("To be handed over: %(item)s"), icon_name("box-arrow-right"))
register("mandates.handover_done", N_("Handed over: %(item)s"), icon_name("check2"), tone="ok")
register("mandates.handover_waived", N_("Not handed over: %(item)s"), icon_name("x-lg"))
register("mandates.handover_reopened", N_("Open again: %(item)s"), icon_name("arrow-left"))
register("mandates.successor_named", N_("%(name)s is named as successor"), icon_name("person-badge"), tone="ok")
register("mandates.successor_left", N_("%(name)s is no longer the successor"), icon_name("x-lg"))
register("mandates.phasing_planned", N_("Phasing out planned"), icon_name("signpost"))
register("mandates.went_back", N_("Back to execution"), icon_name("arrow-left"))
register("mandates.lost", N_("Lost"), icon_name("x-lg"), tone="bad")
register("mandates.extended", N_("Extended from %(was_on)s to %(new_end_on)s"), icon_name("arrow-right"), tone="info")
register("mandates.shortened", N_("Shortened from %(was_on)s to %(new_end_on)s"), icon_name("arrow-right"), tone="info")
register("mandates.ended_early", N_("Ends early on %(new_end_on)s instead of %(was_on)s"), icon_name("arrow-right"), tone="bad")
register(
    "mandates.change_opened", N_("A new end on %(new_end_on)s is being agreed, not signed yet"), icon_name("hourglass-split")
)
register("mandates.change_dropped", N_("The new end on %(new_end_on)s was not agreed"), icon_name("x-lg"))
register("mandates.rates_changed", N_("Rates or days changed from %(effective_on)s"), icon_name("pencil"))
