"""Campaigns with what became of their leads. Counted are distinct leads whose campaign it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from accounts.queries import sellers
from desk.queries.briefs import Readers, readers_of, readings_counted
from desk.queries.reached import reached
from leads.models import BriefVersion, Campaign, Deal, DealLead, Handoff, Insight, Lead

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
    def steps(self) -> list[tuple[str, str, int, int, str]]:
        """Each stage with its key, its count, the count of the stage above, and the side whose work it is."""
        counts = (self.leads, self.mqls, self.offered, self.accepted, self.sqls, self.won)
        keys = ("", "mql", "offered", "accepted", "sql", "won")
        labels = ("Leads", "MQL", "Offered", "Accepted", "SQL", "Won")
        sides = ("mkt", "mkt", "mkt", "sal", "sal", "sal")
        above = (0, *counts)
        return list(zip(keys, labels, counts, above, sides, strict=False))


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One line of the list."""

    campaign: Campaign
    brief: BriefVersion | None
    funnel: Funnel
    heard: str
    read_by: int = 0  # sellers who know the newest wording
    sellers: int = 0

    @property
    def brief_line(self) -> str:
        return f"v{self.brief.number} read by {self.read_by} of {self.sellers}" if self.brief else "No brief"

    @property
    def cost_per_sql(self) -> int | None:
        sqls = self.funnel.sqls
        return round(self.campaign.spend / sqls) if sqls >= FEWEST_FOR_COST else None


@dataclass(frozen=True, slots=True)
class CampaignView:
    """One campaign: its briefs, its funnel, its money, and what was heard."""

    campaign: Campaign
    briefs: Sequence[BriefVersion]
    readers: Readers
    funnel: Funnel
    pipeline: Decimal | None
    won_amount: Decimal | None
    deals: int
    answers: Sequence[tuple[str, str, int]]  # key and label of the reason, and how many leads
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
    """Every campaign by name: six queries, however many."""
    rows = list(campaigns.order_by("name"))
    briefs = BriefVersion.objects.order_by("campaign_id", "-number").distinct("campaign_id")
    newest = {brief.campaign_id: brief for brief in briefs}
    funnels, heard = _funnels(Lead.objects.filter(campaign__isnull=False)), _heard()
    read, selling = readings_counted(list(newest.values())), sellers().count()
    return [
        CampaignRow(
            campaign=row,
            brief=(brief := newest.get(row.pk)),
            funnel=funnels.get(row.pk, Funnel()),
            heard=heard.get(row.pk, ""),
            read_by=read.get(brief.pk, 0) if brief else 0,
            sellers=selling,
        )
        for row in rows
    ]


def campaign_view(campaign: Campaign) -> CampaignView:
    """A constant number of queries."""
    leads = Lead.objects.filter(campaign=campaign)
    linked = DealLead.objects.filter(handoff__lead__campaign=campaign).values("deal")
    money = Deal.objects.filter(pk__in=linked).aggregate(
        n=Count("pk"), opened=Sum("opening_amount"), won=Sum("amount", filter=Q(outcome=Deal.Outcome.WON))
    )
    answers = Handoff.objects.filter(
        lead__campaign=campaign, lead__merged_into=None, status=Handoff.Status.REJECTED
    )
    by_reason = answers.values_list("reason__key").annotate(
        label=Max("reason__label"), n=Count("lead", distinct=True)
    )
    said = Insight.objects.filter(Q(campaign=campaign) | Q(lead__campaign=campaign))
    briefs = list(campaign.briefs.order_by("-number"))
    return CampaignView(
        campaign=campaign,
        briefs=briefs,
        readers=readers_of(campaign, briefs[0] if briefs else None),
        funnel=_funnels(leads).get(campaign.pk, Funnel()),
        pipeline=money["opened"],
        won_amount=money["won"],
        deals=money["n"],
        answers=[
            (key or "", label or "No reason", n) for key, label, n in by_reason.order_by("-n", "label")[:6]
        ],
        insights=list(said.select_related("lead", "by").order_by("-at")[:8]),
    )


def _funnels(leads: QuerySet[Lead]) -> dict[int, Funnel]:
    steps = {f"at_{step}": reached(step) for step in _COUNTS}
    counted = (
        leads.filter(merged_into=None)
        .annotate(**steps)
        .order_by()
        .values("campaign")
        .annotate(
            leads=Count("pk"),
            **{name: Count("pk", filter=Q(**{f"at_{step}": True})) for step, name in _COUNTS.items()},
        )
    )
    return {
        row["campaign"]: Funnel(**{name: row[name] for name in ("leads", *_COUNTS.values())})  # type: ignore[literal-required]
        for row in counted
    }


_COUNTS = {
    "mql": "mqls", "offered": "offered", "decided": "decided", "accepted": "accepted", "sql": "sqls", "won": "won"
}  # fmt: skip


def _heard() -> dict[int, str]:
    """What buyers of a campaign said most often, in their words."""
    said = Insight.objects.exclude(words="").annotate(of=F("lead__campaign")).filter(of__isnull=False)
    counted: Iterable[tuple[int, str, int]] = (
        said.order_by().values_list("of", "words").annotate(n=Count("pk")).order_by("of", "n", "words")
    )
    return {campaign: words for campaign, words, _ in counted}
