"""Mail servers that misbehave."""

from django.core.mail.backends.base import BaseEmailBackend


class Refusing(BaseEmailBackend):
    """Refuses the connection."""

    def send_messages(self, email_messages: object) -> int:
        raise ConnectionRefusedError("no mail server")
