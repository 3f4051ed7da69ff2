"""From claims to roles, by rows: what they come to, and what cannot be followed."""

import pytest

from kdt.access.mapping import RoleMapping, resolve, values_at
from kdt.access.mappings import all_mappings
from kdt.access.permissions import Actor
from kdt.errors import Forbidden, InvalidInput, NotFound, Refused
from kdt.meetings.service import create_location
from kdt.people.service import Code, add_mapping, remove_mapping
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Role
from tests.signing_in.conftest import BOSS

HERE = ("Den Bosch", "Ter Apel", "Zaandam", "Zaandám")
BY_NAME = RoleMapping("groups", "kdt-officer-*", Role.OFFICER, "*", 1)
NATIONAL = RoleMapping("groups", "kdt-chair", Role.CHAIR, None, 2)
FIXED = RoleMapping("realm_access.roles", "bosch", Role.SECRETARY, "Den Bosch", 3)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("groups", ("a", "b")),
        ("name", ("Anna",)),
        ("realm_access.roles", ("c",)),
        ("https://kdt.example/roles", ("d",)),
        ("realm_access", ()),
        ("realm_access.roles.c", ()),
        ("name.first", ()),
        ("absent", ()),
        ("number", ()),
    ],
)
def test_a_claim_is_found_by_its_name_or_its_path(path: str, found: tuple[str, ...]) -> None:
    claims = {
        "groups": ["a", 1, None, "b"],
        "name": "Anna",
        "realm_access": {"roles": ["c"]},
        "https://kdt.example/roles": ["d"],
        "number": 1,
    }
    assert values_at(claims, path) == found


@pytest.mark.parametrize(
    ("groups", "grants"),
    [
        (["kdt-officer-den-bosch"], (("officer", "Den Bosch"),)),
        (["kdt-officer-DEN BOSCH"], (("officer", "Den Bosch"),)),
        (
            ["kdt-officer-ter-apel", "kdt-officer-den-bosch", "kdt-chair"],
            (("chair", None), ("officer", "Den Bosch"), ("officer", "Ter Apel")),
        ),
        (["kdt-officer-den-bosch", "kdt-officer-den-bosch"], (("officer", "Den Bosch"),)),
        (["kdt-officer-"], ()),
        (["kdt-officer"], ()),
        (["xkdt-officer-den-bosch"], ()),
        (["KDT-OFFICER-den-bosch"], ()),
        (["kdt-chair-x"], ()),
        ([], ()),
    ],
)
def test_what_groups_come_to(groups: list[str], grants: tuple[tuple[str, str | None], ...]) -> None:
    found = resolve({"groups": groups}, [BY_NAME, NATIONAL, FIXED], HERE)
    assert found.grants == grants
    assert not found.contradicting


def test_a_location_that_is_not_known_gives_nothing_and_is_named() -> None:
    groups = ["kdt-officer-atlantis", "kdt-officer-zaandam", "kdt-chair"]
    found = resolve({"groups": groups}, [BY_NAME, NATIONAL], HERE)
    # Two locations that are written alike are neither.
    assert found.grants == (("chair", None),)
    assert found.lost == (BY_NAME,)
    gone = resolve({"realm_access": {"roles": ["bosch"]}}, [FIXED], ("Zwolle",))
    assert (gone.grants, gone.lost) == ((), (FIXED,))


def test_where_mappings_contradict_each_other_there_is_no_role_at_all() -> None:
    everywhere = RoleMapping("groups", "kdt-officer-den-*", Role.OFFICER, None, 4)
    groups = ["kdt-officer-den-bosch", "kdt-chair"]
    found = resolve({"groups": groups}, [BY_NAME, everywhere, NATIONAL], HERE)
    assert found.grants == ()
    assert set(found.contradicting) == {BY_NAME, everywhere}
    # From two values it is no contradiction: one may sit in two panels.
    both = [NATIONAL, RoleMapping("groups", "kdt-chair-bosch", Role.CHAIR, "Den Bosch", 5)]
    sits = resolve({"groups": ["kdt-chair", "kdt-chair-bosch"]}, both, HERE)
    assert sits.grants == (("chair", None), ("chair", "Den Bosch"))


def test_what_cannot_be_followed_is_not_kept(store: Store) -> None:
    create_location(store, BOSS, "Den Bosch")
    add_mapping(store, BOSS, RoleMapping("groups", "a", Role.OFFICER, "Den Bosch"))
    for new, code in (
        (RoleMapping("groups", "a", Role.OFFICER, "Den Bosch"), Code.MAPPING_THERE),
        (RoleMapping(" groups ", "a", Role.OFFICER), Code.MAPPING_CONTRADICTS),
        (RoleMapping("groups", "a", Role.OFFICER, "Atlantis"), Code.MAPPING_LOCATION_UNKNOWN),
        (RoleMapping("groups", "b", Role.OFFICER, "*"), Code.MAPPING_WITHOUT_STAR),
        (RoleMapping("groups", "*b*", Role.OFFICER), Code.MAPPING_TWO_STARS),
    ):
        with pytest.raises(Refused) as refused:
            add_mapping(store, BOSS, new)
        assert refused.value.refusal.code == code
    for claim, value in (("", "a"), ("groups", " "), ("groups", "a\0"), ("g" * 201, "a")):
        with pytest.raises(InvalidInput):
            add_mapping(store, BOSS, RoleMapping(claim, value, Role.OFFICER))
    with reading(store) as connection:
        assert len(all_mappings(connection)) == 1


def test_a_mapping_comes_and_goes_and_both_are_recorded(store: Store) -> None:
    made = add_mapping(store, BOSS, RoleMapping("groups", "kdt-chair", Role.CHAIR))
    assert remove_mapping(store, BOSS, made).value == "kdt-chair"
    with pytest.raises(NotFound):
        remove_mapping(store, BOSS, made)
    with store.engine.connect() as connection:
        facts = connection.exec_driver_sql(
            "select fact, subject_id from ledger where subject = 'mapping' order by seq"
        ).fetchall()
        by = connection.exec_driver_sql(
            "select distinct person from ledger_people where subject = 'mapping'"
        ).scalar_one()
    assert [tuple(one) for one in facts] == [("add", str(made)), ("remove", str(made))]
    assert by == BOSS.person


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_may(store: Store, role: Role) -> None:
    actor = Actor("iemand", role)
    with pytest.raises(Forbidden):
        add_mapping(store, actor, RoleMapping("groups", "a", role))
    with pytest.raises(Forbidden):
        remove_mapping(store, actor, 1)
