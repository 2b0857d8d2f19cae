"""The matrix of roles: what each standing allows."""

import pytest

from accounts.engine.standing import Seat, Standing
from accounts.queries import standing_of
from tests.accounts.people import make_member, make_person, make_team

OURS, OTHER, DEMAND = 1, 2, 3
QUESTIONS = (
    "may_configure",
    "is_marketing",
    "is_manager",
    "sells in ours",
    "manages ours",
    "sells in other",
    "manages other",
)


def answers(standing: Standing) -> set[str]:
    """The questions answered with yes."""
    said = {
        "may_configure": standing.may_configure,
        "is_marketing": standing.is_marketing,
        "is_manager": standing.is_manager,
        "sells in ours": standing.sells_in(OURS),
        "manages ours": standing.manages(OURS),
        "sells in other": standing.sells_in(OTHER),
        "manages other": standing.manages(OTHER),
    }
    return {question for question in QUESTIONS if said[question]}


REP = Seat(OURS, "rep", "sales")
SALES_MANAGER = Seat(OURS, "sales_manager", "sales")
MARKETER = Seat(DEMAND, "marketing", "marketing")
MARKETING_MANAGER = Seat(DEMAND, "marketing_manager", "marketing")
ADMIN_MAY = {
    "may_configure",
    "is_marketing",
    "is_manager",
    "manages ours",
    "manages other",
}


@pytest.mark.parametrize(
    ("standing", "yes", "signs"),
    [
        pytest.param(Standing(1), set(), set(), id="nobody in particular"),
        pytest.param(Standing(None), set(), set(), id="not signed in"),
        pytest.param(Standing(1, "", (REP,)), {"sells in ours"}, set(), id="rep"),
        pytest.param(
            Standing(1, "", (SALES_MANAGER,)),
            {"is_manager", "sells in ours", "manages ours"},
            {"sales"},
            id="sales manager",
        ),
        pytest.param(Standing(1, "", (MARKETER,)), {"is_marketing"}, set(), id="marketing"),
        pytest.param(
            Standing(1, "", (MARKETING_MANAGER,)),
            {"is_marketing", "is_manager"},
            {"marketing"},
            id="marketing manager",
        ),
        pytest.param(Standing(1, "operations"), {"may_configure", "is_marketing"}, set(), id="operations"),
        pytest.param(
            Standing(1, "operations", (SALES_MANAGER,)),
            {"may_configure", "is_marketing", "is_manager", "sells in ours", "manages ours"},
            set(),
            id="operations never signs, even as a manager",
        ),
        pytest.param(Standing(1, "admin"), ADMIN_MAY, set(), id="admin signs for no side"),
        pytest.param(
            Standing(1, "admin", (REP,)),
            ADMIN_MAY | {"sells in ours"},
            {"sales"},
            id="admin signs for the side he is a member of",
        ),
        pytest.param(
            Standing(1, "read_only", (SALES_MANAGER, MARKETING_MANAGER)), set(), set(), id="read-only wins"
        ),
    ],
)
def test_a_standing_allows_exactly_this(standing: Standing, yes: set[str], signs: set[str]) -> None:
    assert (answers(standing), standing.signs_for) == (yes, signs)


@pytest.mark.parametrize(
    ("seats", "side"),
    [((), ""), ((REP,), "sales"), ((MARKETER, REP), "marketing")],
    ids=["between", "sales", "first"],
)
def test_the_side_is_that_of_the_first_team(seats: tuple[Seat, ...], side: str) -> None:
    assert Standing(1, "", seats).side == side


@pytest.mark.django_db
def test_a_standing_is_read_once_for_a_person(django_assert_num_queries: object) -> None:
    team = make_team(function="demand")
    person = make_member(team, "marketing_manager")

    with django_assert_num_queries(1):  # type: ignore[operator]
        first, second = standing_of(person), standing_of(person)

    assert first is second
    assert first == Standing(person.pk, "", (Seat(team.pk, "marketing_manager", "marketing"),))


@pytest.mark.django_db
def test_a_manager_leads_the_own_team_only_on_either_side() -> None:
    demand, sales = make_team(function="demand"), make_team()
    standing = standing_of(make_member(demand, "marketing_manager"))

    assert (standing.leads_team(demand.pk), standing.leads_team(sales.pk)) == (True, False)
    assert standing_of(make_person(role="admin")).leads_team(sales.pk) is True
