"""A person who signs in, or whom history names."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from common.models import PublicId


class UserManager(BaseUserManager["User"]):
    """Finds people by their normalised e-mail."""

    def create_user(self, email: str, name: str = "", password: str | None = None, **fields: Any) -> User:
        """A person who can sign in as soon as a password is set. Raises IntegrityError for a known e-mail."""
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(PublicId, AbstractBaseUser):
    """One person. A placeholder stands for someone whom only history names; nobody can sign in as one."""

    class OrganisationRole(models.TextChoices):
        NONE = "", "None"
        OPERATIONS = "operations", "Operations"
        ADMIN = "admin", "Admin"
        READ_ONLY = "read_only", "Read-only"

    class Theme(models.TextChoices):
        AUTO = "auto", "Match system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    email = models.EmailField(unique=True, help_text="Stored lower case.")
    name = models.CharField(max_length=120)
    organisation_role = models.CharField(
        max_length=12, choices=OrganisationRole, default=OrganisationRole.NONE, blank=True
    )
    time_zone = models.CharField(max_length=64, blank=True, help_text="IANA name; empty: the organisation's.")
    theme = models.CharField(max_length=5, choices=Theme, default=Theme.AUTO)
    shortcuts = models.BooleanField(default=True, help_text="Single-key shortcuts (WCAG 2.1.4).")
    is_active = models.BooleanField(default=True)
    is_placeholder = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name
