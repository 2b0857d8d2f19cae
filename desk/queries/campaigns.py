"""Campaigns with what became of their leads. Counted are distinct leads whose campaign it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from leads.models import BriefVersion, Campaign, Deal, DealLead, Handoff, Insight, Lead, Qualification

FEW = 10  # under this no rate
FEWEST_FOR_COST = 20
LISTS = {"live": "Live", "planned": "Planned", "brief": "Brief missing", "ended": "Ended"}


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many leads of one campaign came how far."""

    leads: int = 0
    mqls: int = 0
    offered: int = 0
    decided: int = 0
    accepted: int = 0
    sqls: int = 0
    won: int = 0

    @property
    def acceptance(self) -> float | None:
        """Accepted out of decided; None where there are too few for a rate."""
        return self.accepted / self.decided if self.decided >= FEW else None

    @property
    def waiting(self) -> int:
        return self.offered - self.decided

    @property
    def steps(self) -> list[tuple[str, int, int, str]]:
        """Each stage with the stage above it, and the side whose work it is."""
        counts = (self.leads, self.mqls, self.offered, self.accepted, self.sqls, self.won)
        labels = ("Leads", "MQL", "Offered", "Accepted", "SQL", "Won")
        sides = ("mkt", "mkt", "mkt", "sal", "sal", "sal")
        above = (0, *counts)
        return list(zip(labels, counts, above, sides, strict=False))


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One line of the list."""

    campaign: Campaign
    brief: BriefVersion | None
    funnel: Funnel
    heard: str

    @property
    def cost_per_sql(self) -> int | None:
        sqls = self.funnel.sqls
        return round(self.campaign.spend / sqls) if sqls >= FEWEST_FOR_COST else None


@dataclass(frozen=True, slots=True)
class CampaignView:
    """One campaign: its briefs, its funnel, its money, and what was heard."""

    campaign: Campaign
    briefs: Sequence[BriefVersion]
    funnel: Funnel
    pipeline: Decimal | None
    won_amount: Decimal | None
    deals: int
    answers: Sequence[tuple[str, int]]
    insights: Sequence[Insight]

    @property
    def brief(self) -> BriefVersion | None:
        return self.briefs[0] if self.briefs else None


def state_of(campaign: Campaign, today: date) -> str:
    if campaign.starts_on and campaign.starts_on > today:
        return "planned"
    over = campaign.ends_on is not None and campaign.ends_on < today
    return "ended" if over or not campaign.is_active else "live"


def campaign_rows(campaigns: QuerySet[Campaign]) -> list[CampaignRow]:
    """Every campaign by name: four queries, however many."""
    rows = list(campaigns.order_by("name"))
    briefs = BriefVersion.objects.order_by("campaign_id", "-number").distinct("campaign_id")
    newest = {brief.campaign_id: brief for brief in briefs}
    funnels, heard = _funnels(Lead.objects.filter(campaign__isnull=False)), _heard()
    return [
        CampaignRow(row, newest.get(row.pk), funnels.get(row.pk, Funnel()), heard.get(row.pk, ""))
        for row in rows
    ]


def campaign_view(campaign: Campaign) -> CampaignView:
    """A constant number of queries."""
    leads = Lead.objects.filter(campaign=campaign)
    linked = DealLead.objects.filter(handoff__lead__campaign=campaign).values("deal")
    money = Deal.objects.filter(pk__in=linked).aggregate(
        n=Count("pk"), opened=Sum("opening_amount"), won=Sum("amount", filter=Q(outcome=Deal.Outcome.WON))
    )
    answers = Handoff.objects.filter(lead__campaign=campaign, status=Handoff.Status.REJECTED)
    by_reason = answers.values_list("reason__label").annotate(n=Count("pk")).order_by("-n")[:6]
    said = Insight.objects.filter(Q(campaign=campaign) | Q(lead__campaign=campaign))
    return CampaignView(
        campaign=campaign,
        briefs=list(campaign.briefs.order_by("-number")),
        funnel=_funnels(leads).get(campaign.pk, Funnel()),
        pipeline=money["opened"],
        won_amount=money["won"],
        deals=money["n"],
        answers=[(label or "No reason", n) for label, n in by_reason],
        insights=list(said.select_related("lead", "by").order_by("-at")[:8]),
    )


def _funnels(leads: QuerySet[Lead]) -> dict[int, Funnel]:
    def handed(**wanted: object) -> Exists:
        return Exists(Handoff.objects.filter(lead=OuterRef("pk"), **wanted))

    reached = leads.filter(merged_into=None).annotate(
        is_mql=Exists(Qualification.objects.filter(lead=OuterRef("pk"))),
        is_offered=handed(),
        is_decided=handed(answered_at__isnull=False),
        is_accepted=handed(accepted_at__isnull=False),
        is_sql=handed(qualified_at__isnull=False),
        is_won=handed(status="won"),
    )
    counted = (
        reached.order_by()
        .values("campaign")
        .annotate(
            leads=Count("pk"),
            **{name: Count("pk", filter=Q(**{flag: True})) for name, flag in _FLAGS.items()},
        )
    )
    return {
        row["campaign"]: Funnel(**{name: row[name] for name in ("leads", *_FLAGS)})  # type: ignore[literal-required]
        for row in counted
    }


_FLAGS = {
    "mqls": "is_mql", "offered": "is_offered", "decided": "is_decided", "accepted": "is_accepted",
    "sqls": "is_sql", "won": "is_won",
}  # fmt: skip


def _heard() -> dict[int, str]:
    """What buyers of a campaign said most often, in their words."""
    said = Insight.objects.exclude(words="").annotate(of=F("lead__campaign")).filter(of__isnull=False)
    counted: Iterable[tuple[int, str, int]] = (
        said.order_by().values_list("of", "words").annotate(n=Count("pk")).order_by("of", "n", "words")
    )
    return {campaign: words for campaign, words, _ in counted}
