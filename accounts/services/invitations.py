"""The link with which an invited person chooses a password. Made when it is sent, stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from accounts.models import User
from accounts.queries import organisation

SUBJECT = "Your account for Baton"
TEXT = """{name},

{organisation} uses Baton to hand leads from marketing to sales. Choose a password to sign in:

{address}

The link works for three days. After that, ask for a new one on the sign-in page.
"""


@dataclass(frozen=True, slots=True)
class Invitation:
    """One mail, ready to be sent."""

    to: str
    subject: str
    text: str


def invitation_of(person: User, *, site: str) -> Invitation | None:
    """The mail of topic `person.invited`; None once the person has a password or was deactivated.

    `site` is the configured address of this installation, such as https://baton.example.com.
    """
    if not person.is_active or person.has_usable_password():
        return None
    link = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    address = site.rstrip("/") + reverse("account_reset_password_from_key", kwargs=link)
    company = organisation().name or "Your company"
    text = TEXT.format(name=person.name, organisation=company, address=address)
    return Invitation(person.email, SUBJECT, text)
