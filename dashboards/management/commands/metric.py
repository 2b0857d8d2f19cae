"""`manage.py metric SLUG --from D --to D`: one figure of the catalogue, as pages and API say it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.refusals import DomainError
from dashboards import answers, catalogue, questions
from dashboards.questions import ASKED


class Command(BaseCommand):
    help = "Print one metric. Days are in the reporting zone unless told; the last one is not included."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help=", ".join(catalogue.METRICS))
        parser.add_argument("--from", required=True, metavar="DAY")
        parser.add_argument("--to", required=True, metavar="DAY")
        parser.add_argument("--by", default="", help="source, team, owner, campaign, month, week, reason ...")
        parser.add_argument("--basis", default="", help="period, cohort, due or snapshot")
        parser.add_argument("--horizon", default="", metavar="DAYS|all")
        parser.add_argument("--zone", default="", help="whose days; without it the reporting zone")
        for name in ("team", "source", "owner", "clock", "promise"):
            parser.add_argument(f"--{name}", default="", help=f"only of this {name}")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, slug: str, as_json: bool, **options: Any) -> None:
        try:
            metric = catalogue.metric(slug)
            asked = {name: options[name] for name in ASKED if options[name]}
            found = answers.answer(metric, questions.read(metric, asked, questions.asking()))
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        printed = answers.as_json(found)
        self.stdout.write(
            json.dumps(printed, ensure_ascii=False, indent=2) if as_json else _in_words(printed)
        )


def _in_words(printed: dict[str, Any]) -> str:
    """A line a group, the total last: name, value, the counts behind it."""
    lines = [*printed["rows"], {"group": "total", **printed["total"]}]
    return "\n".join(
        f"{line['group'] or 'none'}\t{line['value']}\t{line['numerator']} of {line['denominator']}\tn {line['n']}"
        for line in lines
    )
