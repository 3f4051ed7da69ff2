"""Everything the ledger speaks of, by legal moves: places, themes, people and what happens around
cases. Names and cases are invented."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from kdt.access import delegating
from kdt.access.mapping import RoleMapping
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter, set_disabled, signed_in
from kdt.cases import around, families, positions, proposals, service, suspending
from kdt.cases.before_panel import agenda
from kdt.cases.importing import import_history
from kdt.deadlines import service as deadlines
from kdt.deadlines.reckoning import Term, Unit
from kdt.deadlines.rules import Rule
from kdt.forum import service as forum
from kdt.forum.service import Concluded
from kdt.ledger.service import By
from kdt.meetings import arranging, closing, consenting, minutes, settings
from kdt.meetings import service as meetings
from kdt.meetings.attendance import attend
from kdt.meetings.walking_in import walk_in
from kdt.panels import agendas
from kdt.panels.agendas import Item
from kdt.panels.calendar import enter_years
from kdt.panels.patterns import first
from kdt.panels.planning import plan
from kdt.panels.weights import Weights
from kdt.parliament import service as parliament
from kdt.parliament.service import Told as Question
from kdt.people import service as people
from kdt.publications import subscribing
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.themes import adjusting, consulting, signalling, stepping, testing
from kdt.themes import service as themes
from kdt.themes.consulting import Told
from kdt.themes.queries import Profile
from kdt.themes.signalling import Found
from kdt.themes.stepping import Told as Step
from kdt.vocabulary import (
    Attested,
    Basis,
    MeetingKind,
    Placing,
    Purpose,
    Reopening,
    Role,
    Stance,
    SuspensionGround,
)
from tests.service.test_together import ADMINISTRATOR, bring, command, officer
from tests.verify import record

# Of each: as many as there are ways to tamper with what is read of one subject, and a few.
MANY = 24
CASES = 56
HERE, PANEL = "Plaats 05", "kdt-plaats-05"
CHAIR = Actor("voorzitter", Role.CHAIR, HERE)
AWAY = Actor("secretaris-weg", Role.SECRETARY, HERE)
DEPUTY = Actor("vervanger", Role.SECRETARY, HERE, on_behalf_of=AWAY.person)
MEMBER = Actor("lid", Role.MEMBER, HERE)
COLLEAGUE = Actor("collega", Role.OFFICER, HERE)
POLICY = Actor("beleid", Role.POLICY_ADVISER)


def furnish(store: Store, folder: Path) -> None:
    """Enter all of it in a record, which may hold more."""
    _places_and_themes(store)
    _people(store)
    _cases(store)
    _meetings(store)
    for number in range(2):
        theme = {"kind": "theme", "id": f"ingelezen-{number}", "name": "", "description": ""}
        lines: list[record.Line] = [
            {"kind": "history", "version": 2},
            {**theme, "name": f"Ingelezen {number}"},
        ]
        file = record.write(folder / f"ingelezen-{number}.jsonl", lines)
        assert import_history(store, file, by="beheer").bad == []


def _places_and_themes(store: Store) -> None:
    for number in range(MANY):
        meetings.create_location(store, ADMINISTRATOR, f"Plaats {number:02}")
        themes.add(store, POLICY, f"Verzonnen draad {number:02}", "Bij elkaar verzonnen.")
        settings.set_pattern(store, ADMINISTRATOR, f"kdt-plaats-{number:02}", first("local"))
        rule = Rule(f"Verzonnen {number:02}", "Verzonnen", Term(6, Unit.MONTHS), 9)
        deadlines.set_rule(store, ADMINISTRATOR, rule, date(2001, 4, 1))
    deadlines.warn_ahead(store, ADMINISTRATOR, 7)
    for number in range(MANY):
        talk = Told(date(2001, 4, 1), "talk", ["vajn"], [], [], f"Verzonnen {number}.")
        made = consulting.enter(store, POLICY, talk)
    for number in range(MANY):
        day = date(2001, 4, 1)
        asked = Question("senate", day, f"Verzonnen {number}?", ["considered"], day, day)
        known = parliament.enter(store, POLICY, asked)
    answered = replace(asked, answer="Verzonnen.", answered_on=day, as_of=day)
    parliament.change(store, POLICY, known, answered)
    parliament.withdraw(store, POLICY, known)
    for number in range(MANY):
        address = f"https://voorbeeld.nl/{number}"
        subscribed = subscribing.begin(store, ADMINISTRATOR, address)
    subscribing.end(store, ADMINISTRATOR, subscribed)
    consulting.change(store, POLICY, made, replace(talk, partners=["svma", "vwn"]))
    consulting.withdraw(store, POLICY, made)
    for number in range(MANY):
        told = signalling.Told("journal", date(2001, 4, 1), f"Verzonnen {number}", "Verzonnen.")
        made = signalling.enter(store, POLICY, told)
        signalling.assess(store, POLICY, made, Found("open", f"Verzonnen {number}."))
        test = testing.Told("ex_post", date(2001, 4, 1), f"Verzonnen {number}", ["ind", "vwn"])
        tested = testing.enter(store, POLICY, test)
        heard = testing.Heard("vwn", "partly", date(2001, 4, 2), f"Verzonnen {number}.")
        testing.hear(store, POLICY, tested, heard)
        day, title = date(2001, 4, 3), f"Verzonnen {number}"
        change = adjusting.Told("law", "proposed", day, title, tests=[tested], signals=[made])
        adjusted = adjusting.enter(store, POLICY, change)
    adjusting.change(store, POLICY, adjusted, replace(change, status="dropped"))
    adjusting.withdraw(store, POLICY, adjusted)
    testing.change(store, POLICY, tested, replace(test, findings="Verzonnen."))
    testing.withdraw(store, POLICY, tested)
    signalling.change(store, POLICY, made, replace(told, followed="Verzonnen."))
    signalling.withdraw(store, POLICY, made)
    settings.set_weights(store, ADMINISTRATOR, Weights(held_over=5))
    with writing(store) as connection:
        enter_years(connection, range(2001, 2001 + MANY))
    meetings.change_location(store, ADMINISTRATOR, "Plaats 00", name="Elders")
    meetings.change_location(store, ADMINISTRATOR, "Plaats 01", is_open=False)
    meetings.change_panel(store, ADMINISTRATOR, "kdt-plaats-02", name="Overleg")
    _steps(store)


def _steps(store: Store) -> None:
    """Every step there is, and what each theme is about."""
    day, ids = date(2001, 4, 1), [f"verzonnen-draad-{number:02}" for number in range(MANY)]
    for theme in ids:
        profile = Profile("asylum", None, ("A-1", "A-2"), ("Vc 2000 C1",))
        stepping.alter(store, POLICY, theme, profile=asdict(profile))
        out = Step("send_out", day, "Verzonnen.", owed_by="policy", due_on=day)
        number = stepping.take(store, POLICY, theme, out)
    taken_back = Step("correct", day, "Vergist.", replaces=number)
    stepping.take(store, POLICY, ids[-1], taken_back)
    for step in (
        Step("consult", day),
        Step("answer", day, "Verzonnen."),
        Step("follow", day),
        Step("close", day, closed_as="solved"),
        Step("reopen", day),
        Step("merge", day, "Hetzelfde.", target=ids[1]),
    ):
        stepping.take(store, POLICY, ids[0], step)
    themes.change(store, POLICY, ids[1], name="Anders genoemd")
    for number, action in enumerate(("confirm", "reject")):
        proposed = themes.add(store, CHAIR, f"Voorstel {number}").id
        stepping.take(store, POLICY, proposed, Step(action, day, "Verzonnen."))


def _people(store: Store) -> None:
    officers = [f"medewerker-{number:02}" for number in range(MANY)]
    # An administrator says who there are; whoever signs in brings what they are now.
    everyone = [Person(one, one, ((Role.OFFICER, HERE),)) for one in officers]
    deputy = Actor("vervanger", Role.SECRETARY, HERE)
    others = (CHAIR, AWAY, deputy, MEMBER, COLLEAGUE, officer(HERE))
    everyone += [Person(one.person, one.person, ((one.role, one.location),)) for one in others]
    with writing(store) as connection:
        enter(connection, By("beheer"), everyone)
        enter(connection, By("beheer"), [Person("vertrokken", "Vera", ((Role.MANAGER, None),))])
        signed_in(connection, Person("vertrokken", "Vera V.", ()))
        for disabled in (True, False, True):
            set_disabled(connection, By("beheer"), "vertrokken", disabled=disabled)
    for number in range(MANY + 1):
        role = RoleMapping("groups", f"groep {number}", Role.AUDITOR)
        made = people.add_mapping(store, ADMINISTRATOR, role)
    people.remove_mapping(store, ADMINISTRATOR, made)
    with writing(store) as connection:
        today = moments.today(connection)
    for giver, taker in zip(officers, (*officers[1:], officers[0]), strict=True):
        actor = Actor(giver, Role.OFFICER, HERE)
        lent = delegating.delegate(store, actor, taker, today, today + timedelta(days=3))
    delegating.end(store, giver, lent.id)
    delegating.delegate(store, actor, taker, today, today + timedelta(days=9))
    delegating.delegate(store, AWAY, DEPUTY.person, today, today)


def _meetings(store: Store) -> None:
    """One arranged in every way, with an agenda that changed; and many that were closed."""
    with writing(store) as connection:
        today = moments.today(connection)
        row = agendas.locked(connection, PANEL, today)
        assert row is not None
        items = [Item(one.id, Basis.WAITING) for one in agenda(connection, PANEL, today)]
        agendas.draw_up(connection, By("klok"), row.id, items, moments.now(connection))
    arranging.place_item(store, [CHAIR], PANEL, today, items[0].escalation, 2, Placing.TOGETHER)
    assert len(consenting.record(store, [DEPUTY], PANEL, today).done) == CASES
    attend(store, [DEPUTY], PANEL, today, arrived=[MEMBER.person])
    far, further = today + timedelta(days=90), today + timedelta(days=91)
    kind = MeetingKind.EXTRAORDINARY
    arranging.add(store, [CHAIR], PANEL, far, kind, "Er is spoed.")
    arranging.move(store, [CHAIR], PANEL, far, further, "De zaal is bezet.")
    arranging.cancel(store, [CHAIR], PANEL, further, "Te weinig mensen.")
    for number in range(MANY):
        location, panel = f"Plaats {number:02}", f"kdt-plaats-{number:02}"
        if location != HERE:
            with writing(store) as connection:
                plan(connection, [(panel, today)])
                there = Person(f"lid {panel}", panel, ((Role.MEMBER, location),))
                enter(connection, By("beheer"), [there])
            chair = [Actor("voorzitter", Role.CHAIR, location)]
            attend(store, chair, panel, today, arrived=[there.id])
            attend(store, chair, panel, today, left=[there.id])
            closing.close(store, chair, panel, today, Attested.NOTHING, 0)
            with reading(store) as connection:
                draft = minutes.read(connection, chair, panel, today)
            assert draft is not None
            minutes.approve(store, chair, panel, today, draft.digest)
    closing.reopen(store, chair, panel, today, Reopening.MISTAKEN)
    opening = {"case": "Z-INLOOP", "location": HERE, "question": "decision", "ground": "other"}
    walk_in(store, [CHAIR], PANEL, today, COLLEAGUE.person, command("open", **opening).inputs)


def _cases(store: Store) -> None:
    with writing(store) as connection:
        today = moments.today(connection)
        plan(connection, [(PANEL, today)])
    brought = [
        bring(store, HERE, f"Z-ROND-{number}", today, listed=False).escalation
        for number in range(CASES)
    ]
    panel = {"panel": PANEL, "meetingOn": today.isoformat()}
    wanted = command("consider", outcome="decided", ruling="other", reasons="Verzonnen.").inputs
    for one in brought:
        service.perform(store, DEPUTY, one, [command("list", **panel)])
        number = proposals.propose(store, officer(HERE), one, wanted)
        for actor in (MEMBER, DEPUTY):
            positions.give(store, actor, one, Stance.AGREE, proposal=number)
        around.recuse(store, CHAIR, one, CHAIR.person)
        for purpose in (Purpose.RELATED_CASE, Purpose.QUALITY):
            around.state_purpose(store, [COLLEAGUE], one, purpose)
    for one in brought:
        first_on = today + timedelta(days=1)
        made = suspending.suspend(store, CHAIR, one, first_on, None, SuspensionGround.AGREED)
        suspending.end(store, CHAIR, one, made.number, today + timedelta(days=7))
        made = suspending.suspend(store, CHAIR, one, today, today, SuspensionGround.INCOMPLETE)
        if one == brought[0]:
            suspending.withdraw(store, CHAIR, one, made.number)
    theme, other = "verzonnen-draad-01", "verzonnen-draad-02"
    service.perform(store, CHAIR, brought[0], [command("tag", theme=theme)])
    split = Step("split", reasons="Verzonnen.", target=other, escalations=[brought[0]])
    stepping.take(store, POLICY, theme, split)
    families.join(store, CHAIR, brought[0], brought[1], "Verzonnen.")
    families.leave(store, CHAIR, brought[0], "Verzonnen.")
    for one, next_one in pairwise(brought):
        families.join(store, CHAIR, one, next_one, "Verzonnen.")
    for number in range(MANY):
        item = forum.bring(store, officer(HERE), f"Verzonnen {number}.", brought[number])
        forum.conclude(store, POLICY, item, Concluded(today, "Verzonnen.", theme))
    forum.withdraw(store, MEMBER, forum.bring(store, MEMBER, "Toch niet."))
    for taker in ("medewerker-00", COLLEAGUE.person):
        giver = officer(HERE).person if taker != COLLEAGUE.person else "medewerker-00"
        around.hand_over(store, [ADMINISTRATOR], giver, taker)
