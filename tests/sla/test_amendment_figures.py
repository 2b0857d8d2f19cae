"""The figures of an amendment's page, which are worked out once a minute."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sla.services.recompute.figures import figures_of
from tests.factories import HOUR, MINUTE, NOON
from tests.sla.makers import happens, make_contract
from tests.sla.test_amendments import offered, unsigned

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_the_figures_are_kept_for_a_minute_and_never_for_other_terms(database_clock):
    """What they are kept as says the same as when they were worked out."""
    make_contract(answer=8 * HOUR, first_response=16 * HOUR)
    database_clock.set(NOON + 2 * HOUR)
    offered()
    happens("accepted", offered(at=NOON - 9 * HOUR), NOON - 3 * HOUR, person=None)
    version = unsigned(answer=HOUR, first_response=10 * HOUR)
    found = figures_of(version, NOON + 2 * HOUR)
    offered()

    with CaptureQueriesContext(connection) as asked:
        assert figures_of(version, NOON + 2 * HOUR + 59 * SECOND) == found
    assert len(asked) == 3
    assert len(found.preview.missed) == len(list(found.preview.missed)) == 2
    assert figures_of(version, NOON + 2 * HOUR + MINUTE).preview.concerned == found.preview.concerned + 2
    version.commitments.filter(kind="answer").update(target=20 * HOUR)
    assert figures_of(version, NOON + 2 * HOUR + MINUTE).preview.later == 2
