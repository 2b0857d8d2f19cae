"""Mail servers that misbehave."""

from typing import ClassVar

from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection


class Refusing(BaseEmailBackend):
    """Refuses the connection."""

    def send_messages(self, email_messages: object) -> int:
        raise ConnectionRefusedError("no mail server")


class Watching(BaseEmailBackend):
    """Takes everything, and notes whether a transaction was open meanwhile."""

    in_transaction: ClassVar[list[bool]] = []

    def send_messages(self, email_messages: object) -> int:
        self.in_transaction.append(connection.in_atomic_block)
        return 1
