"""How far the writing of a run is: an account a portion, noted in the transaction that writes it (R31)."""

from __future__ import annotations

from datetime import timedelta

from common.database.moments import database_now
from intake.lead_files import Log
from intake.models import ImportPortion, ImportRun
from intake.report import Refusal, Report

LEASE = timedelta(seconds=30)  # a portion takes a second or two


class OvertakenError(Exception):
    """Another worker goes on with this run."""


class Portions(Log):
    """What is written of one run, as its worker found it."""

    def __init__(self, run: ImportRun) -> None:
        self._run, self._chosen = run.pk, _chosen(run)
        self._known = {portion.number: portion for portion in ImportPortion.objects.filter(run=run)}

    def known(self, number: int, account: Report) -> Report | None:
        portion = self._known.pop(number, None)
        if portion is None:
            return None
        account.counts |= portion.counts
        account.refusals = [Refusal(**refusal) for refusal in portion.refusals]
        account.leads = portion.leads
        return account

    def begin(self, number: int) -> None:
        """Hold the run. Raises OvertakenError where somebody else wrote this portion, ended it, or began it anew."""
        held = ImportRun.objects.select_for_update(no_key=True).defer("content").filter(pk=self._run)
        run = held.filter(status=ImportRun.Status.RUNNING).first()
        if run is None or "leads" in run.report or _chosen(run) != self._chosen:
            raise OvertakenError
        if run.portions.filter(number=number).exists():
            raise OvertakenError
        # One that got on may be tried as often again.
        run.claimed_until, run.tries = database_now() + LEASE, 1
        run.save(update_fields=["claimed_until", "tries"])

    def note(self, number: int, account: Report) -> None:
        ImportPortion.objects.create(
            run_id=self._run,
            number=number,
            counts=account.counts,
            refusals=[refusal._asdict() for refusal in account.refusals],
            leads=account.leads,
        )


def _chosen(run: ImportRun) -> tuple[object, ...]:
    """How the file is read: a run that was given up can be started again otherwise."""
    return run.mapping, run.encoding, run.known
