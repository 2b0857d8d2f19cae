"""Moments are said in the zone of the reader, else in the organisation's."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from accounts.middleware import local_time
from accounts.models import Organisation
from tests.accounts.people import make_person


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("own", "organisation", "said"),
    [
        ("Europe/Oslo", "America/New_York", "Europe/Oslo"),
        ("", "America/New_York", "America/New_York"),
        ("", "", "UTC"),
    ],
)
def test_a_page_is_said_in_the_zone_of_its_reader(own: str, organisation: str, said: str) -> None:
    if organisation:
        Organisation.objects.create(name="Northwater", time_zone=organisation)
    request = RequestFactory().get("/")
    request.user = make_person(time_zone=own)

    answer = local_time(lambda _: HttpResponse(timezone.get_current_timezone_name()))(request)

    assert (answer.content.decode(), timezone.get_current_timezone_name()) == (said, "UTC")
