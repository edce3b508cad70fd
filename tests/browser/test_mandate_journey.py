"""One mandate through its four stages in a real browser: refused gates, two handbooks, another manager, an extension, a gap, its close.

Mails go over a real mail server, the clock is moved on; client and manager answer behind their links on a phone.
Source: docs/domain.md, "Mandates".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser import axe
from tests.browser.firm import CONSULTANT, LEAD, Firm
from tests.browser.house import DESK, PHONE
from tests.browser.installation import PASSWORD, Colleague, Installation, berlin, personal_link, words_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CONTACT, FORMER, MANAGER = "r.osterkamp@example.org", "j.maassdorf@example.org", "a.roelofs@example.org"
MILESTONES = (("Ist-Aufnahme der Schichten", "2026-02-02"), ("Schichtplan neu", "2026-03-09"), ("Übergabe", "2026-07-03"))
GOALS = ("Pünktliche Lieferungen: 95 statt 78 Prozent", "Rückstand unter 100 Aufträgen")
CLIENT_PLAN = [
    ("quality", "2026-01-26"),
    ("quality", "2026-03-09"),
    ("evaluation", "2026-04-13"),
    ("quality", "2026-04-20"),
    ("quality", "2026-06-01"),
    ("closing", "2026-06-26"),
    ("aftercare", "2026-10-08"),
]
EXTENDED = [
    *[("quality", "2026-05-19")] * 3,
    ("extension", "2026-05-26"),
    ("quality", "2026-06-01"),
    ("quality", "2026-07-13"),
    ("quality", "2026-08-24"),
    ("closing", "2026-10-16"),
    ("aftercare", "2027-01-28"),
]


class Course(Firm):
    """The firm, its client and its managers; the steps are in the order of the work."""

    consultant: Colleague
    base = "/mandates/1"

    def __init__(self, browser: Browser, house: Installation) -> None:
        super().__init__(browser, house)
        self.seen: set[str] = set()

    @contextmanager
    def day(self, day: str, time: str = "09:30") -> Iterator[None]:
        """Serve the firm from this moment of Berlin on, the consultant before a browser."""
        with self.house.open(berlin(day, time)):
            self.consultant = self.colleague(CONSULTANT)
            yield
            self.consultant.close()

    def look(self, who: Colleague, name: str, width: int = DESK) -> None:
        """Hold that axe finds nothing on a page, and take a picture; once for each name. Forms: test_mandate_pages."""
        if name in self.seen:
            return
        self.seen.add(name)
        assert axe.findings(who.page, (("light", width),)) == [], name
        who.picture(name)

    def write(self, place: str, **values: str) -> None:
        """Fill the first form on a page of the mandate as its consultant and send it; it has to be taken."""
        self.consultant.open(f"{self.base}/{place}")
        self.consultant.fill(**values)
        self.consultant.submit()
        assert not self.consultant.page.locator(".lo-errors").count(), self.consultant.text

    def press(self, place: str, action: str) -> None:
        """Press the button on a page of the mandate whose form posts to an address that ends like this."""
        self.consultant.open(f"{self.base}/{place}")
        self.consultant.watched.follow(f"main form[action$='{action}'] button")

    def refused(self, *words: str) -> str:
        """Read in three languages what the gate lacks: whole sentences, in English with these words; return the page's text."""
        who, told = self.consultant, {}
        for language in ("de", "nl", "en"):
            who.open(f"{self.base}/stage-changes/new?lang={language}")
            told[language] = who.page.locator("main form li").evaluate_all("all => all.map(e => e.firstChild.textContent.trim())")
        for lines in zip(words, *told.values(), strict=True):
            assert lines[0] in lines[-1], told["en"]
            assert len(set(lines)) == 4 and all(line.endswith(".") for line in lines[1:]), lines
        assert not who.page.locator("main form button").count()  # a consultant passes no gate that is shut
        self.look(who, f"gate-{words[0]}")
        return who.text

    def behind_link(self, to: str, purpose: str, count: int = 1) -> Colleague:
        """Wait for a mail and open its link on a phone."""
        visitor = self.colleague(width=PHONE)
        visitor.open(urlsplit(personal_link(self.house.wait_for(to, purpose, count)[-1])).path)
        return visitor

    def plan(self) -> list[tuple[object, ...]]:
        """Return the open talks with the client, by day."""
        asked = "SELECT kind, due_on FROM talk WHERE mandate_id = 1 AND state IN ('due', 'arranged') AND side != 'manager'"
        return self.house.rows(f"{asked} ORDER BY due_on, kind")

    def log(self, kind: str, **answers: str) -> None:
        """Log the open talk of this kind as held now."""
        asked = "SELECT id FROM talk WHERE mandate_id = 1 AND kind = ? AND state = 'due'"
        self.consultant.open(f"/talks/{self.house.rows(asked, kind)[0][0]}/record")
        self.consultant.fill(channel="phone", **answers)
        self.consultant.submit("Save")
        assert "Logged. Thank you." in self.consultant.text, self.consultant.text

    @property
    def state(self) -> tuple[object, ...]:
        return self.house.rows("SELECT stage, closed_on FROM mandate WHERE id = 1")[0]


def begin(house: Installation) -> None:
    monday = berlin("2026-01-05")
    house.flask("db", "upgrade", moment=monday)
    for email, role, name in ((LEAD, "lead", "Lars Brodersen"), (CONSULTANT, "consultant", "Katrin Ostendorff")):
        account = ("--role", role, "--name", name, "--password", PASSWORD, "--language", "en")
        house.flask("users", "add", email, *account, moment=monday)


def enter_people(course: Course) -> None:
    who, lead = course.consultant, course.colleague(LEAD)
    who.open("/clients/new")
    who.fill(name="Velbrink Antriebstechnik GmbH", region="DE-BY")
    who.submit()
    who.open("/clients/1/contacts/new")
    who.fill(form_of_address="herr", first_name="Rüdiger", last_name="Osterkamp", email=CONTACT, language="de", role="sponsor")
    who.submit()
    for number, (first, last, email, language) in enumerate(
        (("Jürgen", "Maaßdorf", FORMER, "de"), ("Anneke", "Roelofs", MANAGER, "nl")), 1
    ):
        who.open("/managers/new")
        who.fill(first_name=first, last_name=last, email=email, language=language)
        who.submit()
        lead.open(f"/managers/{number}/release")
        lead.fill(reason="Known from two mandates")
        lead.submit("Release")
    lead.close()


def scope(course: Course) -> None:
    """Open the mandate with its task alone, be refused, write what is missing, and sign: the stage is left by itself."""
    who = course.consultant
    who.open("/mandates/new?client=1")
    course.look(who, "mandate-new")
    who.fill(title="Interim-Werksleitung")
    who.submit()
    course.look(who, "mandate-in-scoping")
    text = course.refused("goal", "exit plan", "handed over", "by when", "manager", "contract")
    assert "not even for a lead" in text
    course.write(
        "scoping",
        goal="Liefertreue von 78 auf 95 Prozent",
        exit_plan="Nachfolger Herr Tiedemann",
        handed_over="Schichtpläne",
        exit_on="2026-07-10",
        goal_1=GOALS[0],
        measure_1="Wochenbericht Versand",
    )
    course.write("candidates", manager_name="Maass")
    for state in ("presented", "client_interview", "chosen"):
        course.write("candidates/1", state=state)
    course.write("contract", starts_on="2026-01-12", ends_on="2026-07-10", client_rate="1890", manager_rate="1450")
    assert course.state == (2, None)
    course.look(who, "mandate-in-analysis")


def agree_first_handbook(course: Course) -> None:
    """Write the plan and present it; the client asks for a change, what was shown before is not accepted, the adjusted one is."""
    who = course.consultant
    assert "not even" not in course.refused("handbook", "evaluation moments")
    for title, day in MILESTONES:
        course.write("plan/milestones/new", title=title, due_on=day)
    course.press("plan", "/plan/moments")
    course.look(who, "plan")
    course.write("handbook")
    course.write("handbook/1/request")
    client = course.behind_link(CONTACT, "mandates.handbook")
    course.look(client, "client-handbook", PHONE)

    course.write("plan/milestones/2", due_on="2026-03-16")
    course.write("handbook")
    client.submit()
    assert "16. März 2026" in client.text and course.state == (2, None)
    client.submit()
    assert "angenommen von Rüdiger Osterkamp" in client.text
    client.close()
    assert course.state == (3, None)
    assert course.plan() == CLIENT_PLAN


def change_course(course: Course) -> None:
    """Take the manager's report, agree a second handbook by signature, and put another manager on the mandate."""
    former = course.behind_link(FORMER, "mandates.report")
    course.look(former, "manager-report", PHONE)
    former.fill(days="13.5", tasks="Schichten aufgenommen", obstacles="Lieferdaten fehlen")
    former.submit()
    assert "Ihr Bericht ist angekommen" in former.text
    former.close()
    who = course.consultant
    course.press("plan", "milestones/1/completion")
    course.write("plan/milestones/2", due_on="2026-03-30", reason="Daten kamen später")
    course.write("plan/goals/new", title=GOALS[1], measure="Auftragsliste")
    who.open(f"{course.base}/handbook")
    course.look(who, "handbook-with-news")
    for words in (GOALS[1], "Schichtplan neu", "16 March 2026", "30 March 2026"):
        assert words in who.text
    course.write("handbook", summary="Rückstand als zweites Ziel")
    course.write("handbook/2/acceptance", accepted_how="signature")
    assert who.context.request.get(f"{course.base}/handbook/2.pdf").body()[:5] == b"%PDF-"
    course.write("manager", manager_name="Roelofs", first_on="2026-02-09", reason="Herr Maaßdorf ist länger krank")
    spells = course.house.rows("SELECT manager_id, starts_on, ends_on FROM manager_spell WHERE mandate_id = 1 ORDER BY starts_on")
    assert spells == [(1, "2026-01-12", "2026-02-08"), (2, "2026-02-09", None)]
    assert "Anneke Roelofs" in who.text and "Herr Maaßdorf ist länger krank" in who.text


def extend(course: Course) -> None:
    """Hold the evaluation talk, then extend by what the preview showed: each talk that moves, before and after."""
    who = course.consultant
    course.log("evaluation", notes="Beide Seiten zufrieden")
    who.open(f"{course.base}/extensions/new")
    who.fill(new_end_on="2026-10-30", reason="Nachfolger beginnt im Oktober")
    who.submit()
    course.look(who, "extension")
    preview = " ".join(who.text.split())
    for line in ("Closing talk Rüdiger Osterkamp Fri 26 Jun, due Fri 16 Oct, due", "Exit countdown Fri 15 May Fri 4 Sept"):
        assert line in preview, preview
    who.submit()
    assert course.plan() == EXTENDED
    course.refused("milestone", "(Fri 4 September)")
    for number in (2, 3):
        course.press("plan", f"milestones/{number}/completion")


def judge(course: Course) -> None:
    """Go on to the last stage; client and manager judge behind their links, we do, and a gap asks for a talk."""
    who = course.consultant
    course.write("exit/edit", successor="Jens Tiedemann")
    course.write("stage-changes/new")
    course.look(who, "mandate-in-handover")
    course.write("handover/new", text="Schichtpläne erklärt")
    course.write("evaluation/client/request")
    course.write("evaluation/manager/request")
    for to, percents, thanks in ((CONTACT, ("90", "60"), "Ihre Antworten"), (MANAGER, ("92", "95"), "uw antwoorden")):
        visitor = course.behind_link(to, "mandates.goal_view")
        course.look(visitor, f"views-{to}", PHONE)
        visitor.fill(percent_1=percents[0], percent_2=percents[1])
        visitor.submit()
        assert thanks in visitor.text
        visitor.close()
    course.write("evaluation/provider", percent_1="90", percent_2="80")
    course.look(who, "evaluation-with-gap")
    assert f"“{GOALS[1]}”" in who.text and "35 points" in who.text
    text = course.refused("(Fri 30 October)", "handed over", "closing talk", "far apart")
    assert "not even by a lead" in text
    course.press("evaluation", "/evaluation/talks")
    course.look(who, "joint-talk")
    course.log("evaluation", notes="Rückstand im Export besprochen")
    course.log("closing", overall="5")
    course.press("handover", "/completion")


def close(course: Course) -> None:
    who = course.consultant
    who.open(f"{course.base}/stage-changes/new")
    course.look(who, "close")
    who.submit()
    course.look(who, "mandate-closed")
    assert course.state == (4, "2026-10-30") and course.plan() == [("aftercare", "2027-01-28")]
    assert "Fri 30 October" in who.text


def pass_another_by_override(course: Course) -> None:
    """Let a second mandate pass as its lead, with a reason for all to read; then it ends early. A third one is lost."""
    who = course.consultant
    for number, task in ((2, "Interim-Controlling"), (3, "Interim-Einkauf")):
        who.open("/mandates/new?client=1")
        who.fill(title=task, goal="Abschluss in 5 Tagen", exit_plan="Frau Wendt", handed_over="Kalender", exit_on="2026-07-30")
        who.submit()
        assert who.number == number
    course.base = "/mandates/2"
    course.write("contract", manager_name="Roelofs", starts_on="2026-01-12", ends_on="2026-07-30")
    lead = course.colleague(LEAD)
    lead.open(f"{course.base}/stage-changes/new")
    lead.submit()
    assert lead.page.locator("#override_reason.is-invalid").count() == 1
    lead.fill(override_reason="Plan mündlich vereinbart")
    lead.submit()
    lead.close()
    who.open(course.base)
    assert all(words in who.text for words in ("L. Brodersen", "Plan mündlich vereinbart")), who.text
    course.look(who, "mandate-with-override")
    who.open(f"{course.base}/extensions/new")
    who.fill(new_end_on="2026-02-27", is_early_end="y", reason="Der Standort wird verkauft")
    who.submit()
    who.submit()
    assert "27 February 2026" in who.text
    course.base = "/mandates/3"
    course.write("lost", lost_reason="Auftraggeber stellt selbst ein")
    assert "Auftraggeber stellt selbst ein" in who.text
    course.base = "/mandates/1"


def test_a_mandate_from_its_task_to_the_aftercare(browser: Browser, house: Installation) -> None:
    course = Course(browser, house)
    begin(house)
    with course.day("2026-01-05"):
        enter_people(course)
        scope(course)
        agree_first_handbook(course)
        pass_another_by_override(course)
    with course.day("2026-02-02"):
        change_course(course)
    with course.day("2026-05-18"):
        extend(course)
    with course.day("2026-10-28"):
        judge(course)
    with course.day("2026-10-30"):
        close(course)
    with course.day("2027-01-28"):
        course.consultant.open("/today")
        assert "Aftercare talk with Rüdiger Osterkamp" in course.consultant.text
        course.log("aftercare")
    assert words_of(house.letters(FORMER, "mandates.report")[0]).startswith("Guten Tag, Jürgen Maaßdorf")
