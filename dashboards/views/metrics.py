"""The catalogue of metrics, one metric, and the rows behind a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.queries import active_teams
from accounts.requests import UserRequest
from common.refusals import Invalid
from common.web.csv_export import write_csv
from common.web.http import too_many
from common.web.rates import EXPORT, wait_for
from dashboards import answers, explained, questions
from dashboards.catalogue import FAMILIES, METRICS, Metric
from dashboards.drill_lines import HEADS, RIGHT, lines, shape
from dashboards.drilldown import Choice, Drill, metric_url, page_of, rows_url
from dashboards.engine import periods
from dashboards.export import header_of, lines_of
from dashboards.groups import people_shown
from dashboards.questions import ASKED, OF_PROMISES, Asking, Question
from leads.queries import sources_known

HERE = {"nav_key": "metrics"}
FIRST_ROWS = 5
SOURCES_OFFERED = 200


@require_safe
def metrics(request: UserRequest) -> HttpResponse:
    """Every metric with what it means and how it is counted."""
    return render(request, "dashboards/metrics.html", {"families": FAMILIES} | HERE)


@require_safe
def metric(request: UserRequest, slug: str) -> HttpResponse:
    """One figure: its interval, the same thing counted otherwise, its groups and its rows."""
    found, frame = _metric(slug), questions.asking()
    question = questions.read(found, _asked(request.GET.dict(), frame), frame)
    people = people_shown(request.user, frame.people_in_figures)
    answer = answers.answer(found, question, people)
    drill = Drill(found, question, Choice(), people)
    page = page_of(drill, size=FIRST_ROWS)
    context = {
        "metric": found,
        "answer": answer,
        "page": explained.explain(answer),
        "heads": _heads(drill),
        "lines": lines(drill, page),
        "rows_url": rows_url(found, question),
        "related": _related(found, question),
        "teams": _with(question.filters.team, active_teams()),
        "sources": _with(question.filters.source, sources_known()[:SOURCES_OFFERED]),
    }
    return render(request, "dashboards/metric.html", context | HERE)


@require_safe
def rows(request: UserRequest, slug: str) -> HttpResponse:
    """The leads, deals or clocks behind one figure, a page at a time."""
    drill = _drill(request, slug)
    found, question = drill.metric, drill.question
    page = page_of(drill, request.GET.get("cursor", ""))
    context = {
        "metric": found,
        "question": question,
        "days": explained.days_words(question),
        "which": explained.which(drill),
        "heads": _heads(drill),
        "lines": lines(drill, page),
        "back_url": metric_url(found, question),
        "csv_url": f"{reverse('dashboards:rows-csv', args=[slug])}?{request.GET.urlencode()}",
        "pager": pager(request, page),
    }
    return render(request, "dashboards/rows.html", context | HERE)


@require_safe
def rows_csv(request: UserRequest, slug: str) -> HttpResponseBase:
    """All of the rows behind one figure, in pieces; at most five files an hour and person (S26)."""
    drill = _drill(request, slug)
    drill.rows()  # a part or a group that there is not is refused here, not within the file
    seconds = wait_for(EXPORT, f"user{request.user.pk}")
    if seconds:
        return too_many(request, seconds)
    name = f"{slug}-{drill.question.at.astimezone(drill.question.zone):%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        write_csv(header_of(drill), lines_of(drill)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _drill(request: UserRequest, slug: str) -> Drill:
    """The figure that an address of rows is about."""
    found, frame = _metric(slug), questions.asking()
    given = request.GET.dict()
    choice = Choice(given.pop("part", ""), given.pop("group", None))
    given.pop("cursor", "")
    question = questions.read(found, _asked(given, frame), frame)
    return Drill(found, question, choice, people_shown(request.user, frame.people_in_figures))


def _metric(slug: str) -> Metric:
    if slug not in METRICS:
        raise Http404("There is no such metric.")
    return METRICS[slug]


def _asked(given: Mapping[str, str], frame: Asking) -> dict[str, str]:
    """The question of an address; without days it is about this month. Empty fields of a form ask nothing."""
    asked = {name: value for name, value in given.items() if value}
    if unknown := set(asked) - set(ASKED):
        raise Invalid(dict.fromkeys(sorted(unknown), "This is not something a metric can be asked."))
    month = periods.month_of(frame.today)
    return {"from": month.first.isoformat(), "to": month.until.isoformat()} | asked


def _with(chosen: Any, offered: Iterable[Any]) -> list[Any]:
    """What can be chosen, what is chosen among it: a closed team or a rare source is not lost on the next answer."""
    known = list(offered)
    return known if not chosen or chosen in known else [chosen, *known]


def _related(metric: Metric, question: Question) -> list[tuple[str, str]]:
    """Name and address of what else belongs to this figure."""
    others = [METRICS[slug] for slug in metric.related]
    return [(other.name, metric_url(other, _same_days(question, other))) for other in others]


def _same_days(question: Question, other: Metric) -> Question:
    """The related metric over the same days and filters, on its own basis."""
    filters = question.filters if "clock" in other.groups else replace(question.filters, clock="")
    filters = filters if other.slug in OF_PROMISES else replace(filters, promise=None)
    return replace(question, basis=other.bases[0], by="", horizon=None, filters=filters)


def _heads(drill: Drill) -> list[dict[str, Any]]:
    return [{"label": head, "right": head in RIGHT} for head in HEADS[shape(drill)]]


def pager(request: UserRequest, page: Any) -> dict[str, str]:
    """Which rows a page shows, and where its neighbours are."""

    def link(cursor: str) -> str:
        return "?" + urlencode(request.GET.dict() | {"cursor": cursor}) if cursor else ""

    return {"summary": page.words, "previous_url": link(page.previous), "next_url": link(page.next)}
