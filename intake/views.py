"""The import pages: choose a file, match its columns, check it, import it, and see what became of each row."""

from __future__ import annotations

from collections.abc import Container
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.web.http import accepted, is_htmx, render_page, sent
from intake import access, guessing
from intake.encodings import UnreadableError
from intake.forms import LABELS, ColumnsForm, UploadForm
from intake.models import ImportRun
from intake.refused import refused_rows
from intake.services import runs, work
from intake.tasks import run_import
from leads.engine.identity import normal_form

STEP = {
    "uploaded": "map",
    "checking": "check",
    "checked": "check",
    "running": "run",
    "done": "run",
    "failed": "check",
}
PAST = 20


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: UserRequest) -> HttpResponse:
    """Choose a file; everyone sees the past imports."""
    if request.method == "POST":
        runs.must_import(request.user)
    form = UploadForm(sent(request), request.FILES or None)
    made: list[ImportRun] = []
    if accepted(form, lambda: made.append(_upload(request, form))):
        return redirect("intake:map", made[0].public_id)
    context = {
        "nav_key": "import", "step": 1, "may_import": standing_of(request.user).is_marketing,
        "past": access.runs_for(request.user)[:PAST],
    }  # fmt: skip
    return render_page(request, "intake/imports.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def match(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Say what each column is; the guess stands there already."""
    run = access.run_for(request.user, public_id)
    if request.method == "POST":
        runs.must_import(request.user)
    elif run.status not in (ImportRun.Status.UPLOADED, ImportRun.Status.CHECKED, ImportRun.Status.FAILED):
        return redirect(_page(run))
    form = _columns_form(request, run)
    if accepted(form, lambda: runs.check(run, form.choice(), by=request.user)):
        _wake(run)
        return redirect("intake:check", run.public_id)
    context = {
        "nav_key": "import",
        "step": 2,
        "run": run,
        "matched": sum(1 for column, _ in form.rows if column.target),
    }
    return render_page(request, "intake/map.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: UserRequest, public_id: UUID) -> HttpResponse:
    """What the import would do, and every row it would refuse; POST starts it."""
    run = access.run_for(request.user, public_id)
    if request.method == "POST":
        runs.start(run, by=request.user)
        _wake(run)
        return redirect("intake:run", run.public_id)
    return _step(request, run, "intake/check.html", 3)


@require_safe
def run(request: UserRequest, public_id: UUID) -> HttpResponse:
    """How far it is, then what became of it."""
    return _step(request, access.run_for(request.user, public_id), "intake/run.html", 4)


@require_safe
def refused(request: UserRequest, public_id: UUID) -> HttpResponseBase:
    """The refused rows as a file."""
    found = access.run_for(request.user, public_id)
    name = f"refused-{found.name.rpartition('.')[0] or found.name}.csv".encode("ascii", "replace").decode()
    answer = StreamingHttpResponse(refused_rows(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name.translate(QUOTES)}"'
    return answer


QUOTES = str.maketrans({'"': "'", "\\": "-", "?": "-"})


def _step(request: HttpRequest, run: ImportRun, template: str, step: int) -> HttpResponse:
    """A page that polls while the worker is busy, and moves on by itself when it is done."""
    busy = run.status in ImportRun.WORKED_ON
    if _page(run) != request.path and run.status != ImportRun.Status.FAILED:
        return redirect(_page(run))
    if is_htmx(request) and not busy:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"nav_key": "import", "step": step, "run": run, "busy": busy, **_figures(run)}
    return render_page(request, "intake/_progress.html" if is_htmx(request) else template, context)


def _figures(run: ImportRun) -> dict[str, Any]:
    report = run.report
    done, read = work.progress_of(run), report.get("read", 0)
    fine = read - report.get("refused", 0)
    parts = [("created", "ok", "New"), ("updated", "track", "Filled in"), ("unchanged", "mute", "Unchanged"),
             ("refused", "bad", "Refused")]  # fmt: skip
    return {
        "report": report, "refusals": _refusals(run), "fine": fine, "done": done,
        "parts": [{"value": report.get(name, 0), "tone": tone, "label": label} for name, tone, label in parts],
    }  # fmt: skip


def _refusals(run: ImportRun) -> list[dict[str, Any]]:
    """Under the name that the column has in the file, where it is mended; `meant` is what it was matched with.

    A field that no column of the file was matched with is not to be mended in one: there the whole row is named.
    """
    matched = {name: LABELS.get(target, "") for name, target in run.mapping.get("columns", {}).items()}
    told = {name: label for name, label in matched.items() if normal_form(name) != normal_form(label)}
    refusals = run.report.get("refusals", [])
    return [
        one | {"column": _named(one["column"], matched), "meant": told.get(one["column"], "")}
        for one in refusals
    ]


def _named(column: str, matched: Container[str]) -> str:
    return "" if column in LABELS and column not in matched else column


def _page(run: ImportRun) -> str:
    return reverse(f"intake:{STEP[run.status]}", args=[run.public_id])


def _upload(request: UserRequest, form: UploadForm) -> ImportRun:
    file = form.cleaned_data["file"]
    return runs.upload(file.name, file.read(runs.MAX_BYTES + 1), by=request.user)


def _columns_form(request: UserRequest, run: ImportRun) -> ColumnsForm:
    encoding = request.POST.get("encoding", "") or run.encoding
    try:
        table = runs.table_of(run, encoding)
    except UnreadableError:
        table = runs.table_of(run)
    chosen = guessing.targets(table.header)
    dates = guessing.date_format(guessing.values_of(table, "created_at", chosen))
    columns = guessing.columns(table, chosen, dates)
    initial = {"encoding": _choice(table.encoding), "date_format": dates, "known": run.known}
    return ColumnsForm(columns, sent(request), initial=initial)


def _choice(encoding: str) -> str:
    """UTF-16 and UTF-32 are chosen without their byte order: the file shows it."""
    return encoding.removesuffix("-le").removesuffix("-be")


def _wake(run: ImportRun) -> None:
    """Without a broker the beat finds the run within a minute of its return (R21)."""
    transaction.on_commit(partial(run_import.delay, run.pk), robust=True)
