"""How far the writing of a run is: an account a portion, noted in the transaction that writes it (R31)."""

from __future__ import annotations

from datetime import timedelta

from common.moments import database_now
from intake.lead_files import Log
from intake.models import ImportPortion, ImportRun
from intake.report import Refusal, Report

LEASE = timedelta(seconds=30)  # a portion takes a second or two


class OvertakenError(Exception):
    """Another worker goes on with this run."""


class Portions(Log):
    """What is written of one run, as its worker found it."""

    def __init__(self, run_id: int) -> None:
        self._run = run_id
        self._known = {portion.number: portion for portion in ImportPortion.objects.filter(run=run_id)}

    def known(self, number: int, account: Report) -> Report | None:
        portion = self._known.pop(number, None)
        if portion is None:
            return None
        account.counts |= portion.counts
        account.refusals = [Refusal(**refusal) for refusal in portion.refusals]
        account.leads = portion.leads
        return account

    def begin(self, number: int) -> None:
        """Hold the run. Raises OvertakenError where somebody else wrote this portion, or ended it."""
        held = ImportRun.objects.select_for_update(no_key=True).filter(pk=self._run)
        run = held.filter(status=ImportRun.Status.RUNNING).first()
        if run is None or "leads" in run.report or run.portions.filter(number=number).exists():
            raise OvertakenError
        run.claimed_until, run.tries = database_now() + LEASE, 1
        run.save(update_fields=["claimed_until", "tries"])

    def note(self, number: int, account: Report) -> None:
        """A run that got on may be tried as often again."""
        ImportPortion.objects.create(
            run_id=self._run,
            number=number,
            counts=account.counts,
            refusals=[refusal._asdict() for refusal in account.refusals],
            leads=account.leads,
        )
