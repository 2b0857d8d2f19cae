"""The request of a signed-in person, for the types of views."""

from django.http import HttpRequest

from accounts.models import User


class UserRequest(HttpRequest):
    """What a view gets once `LoginRequiredMiddleware` has let it through."""

    user: User
