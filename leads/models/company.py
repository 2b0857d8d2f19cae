"""The employers of leads."""

from django.db import models
from django.db.models import F, Q

from common.models import PublicId


class Company(PublicId):
    """One employer. What it is to us now; CompanyRelation keeps what it was."""

    class Tier(models.TextChoices):
        NAMED = "named", "Named"
        TARGET = "target", "Target"
        OTHER = "other", "Other"

    class Relation(models.TextChoices):
        NONE = "none", "None"
        PROSPECT = "prospect", "Prospect"
        OPEN_DEAL = "open_deal", "Open deal"
        CUSTOMER = "customer", "Customer"
        FORMER = "former", "Former customer"
        PARTNER = "partner", "Partner"
        COMPETITOR = "competitor", "Competitor"

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=600, db_index=True, help_text="text_key of the name.")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    industry = models.CharField(max_length=120, blank=True)
    industry_key = models.CharField(max_length=360, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    country = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="companies"
    )
    tier = models.CharField(max_length=6, choices=Tier, default=Tier.OTHER)
    relation = models.CharField(max_length=10, choices=Relation, default=Relation.NONE)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "companies"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CompanyDomain(models.Model):
    """An internet domain that belongs to one company."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253, unique=True, help_text="Lower case, without www.")
    is_primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(is_primary=True), name="one_primary_domain_per_company"
            )
        ]

    def __str__(self) -> str:
        return self.domain


class CompanyRelation(models.Model):
    """What a company was to us from one moment until another."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="relations")
    relation = models.CharField(max_length=10, choices=Company.Relation)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["from_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(until_at__isnull=True),
                name="one_current_relation_per_company",
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")),
                name="relation_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.relation}"


class CompanyChange(models.Model):
    """One value that one fact of a company had from a moment on; relations have their spans (CompanyRelation).

    A company is made with its first values; only what is said otherwise later is a change.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="changes")
    fact = models.CharField(max_length=40, help_text="company.industry, company.employees or company.domain.")
    value = models.JSONField(null=True)
    was = models.JSONField(null=True, help_text="The value before.")
    at = models.DateTimeField(help_text="Recorded at this moment, and known from then on.")
    source = models.CharField(max_length=40, blank=True, help_text="form, import, api or a person's edit.")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["company", "fact", "at"], name="change_by_company_and_fact")]

    def __str__(self) -> str:
        return f"{self.fact} of {self.company_id}"
