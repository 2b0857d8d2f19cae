"""`api_key create --for EMAIL --scopes A,B`: prints the key alone, so that a script can read it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.queries import person_by
from accounts.services import keys
from common.refusals import Invalid


class Command(BaseCommand):
    help = "Make an API key for a person. The key is printed once and stored nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        create = acts.add_parser("create", help="make a key and print it")
        create.add_argument("--for", dest="email", required=True, help="e-mail of the person it belongs to")
        create.add_argument("--scopes", required=True, help=f"comma-separated, of {', '.join(keys.SCOPES)}")
        create.add_argument("--name", default="", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = person_by(options["email"], field="--for")
            _, secret = keys.create(person, scopes=options["scopes"].split(","), name=options["name"])
        except Invalid as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(secret)
