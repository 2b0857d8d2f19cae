"""The hour of the day in the reporting zone: its offsets are worked out here, never by the database (A29)."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import takewhile

from django.db.models import Case, DateTimeField, DurationField, ExpressionWrapper, F, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import ExtractHour

from calendars.engine.instants import micros, moment
from calendars.engine.zones import Stretch, stretches_from
from dashboards.questions import Question

EARLIER = timedelta(days=1_100)  # a clock that is due in the period may have started long before


def hour_of(column: str, question: Question) -> Combinable:
    """From 0 to 23, by the clock on the wall at that moment; an hour that a change repeats counts twice."""
    local = ExpressionWrapper(F(column) + _offset(column, question), output_field=DateTimeField())
    return ExtractHour(local, tzinfo=UTC)


def _offset(column: str, question: Question) -> Case:
    first, *later = _stretches(question)
    whens = [
        When(**{f"{column}__gte": moment(stretch.start)}, then=_length(stretch))
        for stretch in reversed(later)
    ]
    return Case(*whens, default=_length(first), output_field=DurationField())


def _stretches(question: Question) -> list[Stretch]:
    """At least one: the offset that was in force long before the period."""
    since, until = micros(question.period.start - EARLIER), micros(question.period.end)
    return list(takewhile(lambda one: one.start < until, stretches_from(question.zone.key, since)))


def _length(stretch: Stretch) -> Value:
    return Value(timedelta(microseconds=stretch.offset), output_field=DurationField())
