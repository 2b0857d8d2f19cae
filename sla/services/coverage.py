"""What a version leaves open: leads of late that no promise of a kind fits, and promises that overlap."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from definitions.catalogue import catalogue
from leads.models import LeadEvent
from sla.engine.entry import Wanted
from sla.engine.reading import Place
from sla.engine.table import ON_QUALIFICATION, Kind
from sla.models import Commitment, ContractVersion
from sla.services.hours import WorkingHours
from sla.services.segments import EVERYBODY_SEGMENTS, Segments

WINDOW = timedelta(days=90)
MOST = 200
SHOWN = 3
Rules = Mapping[str, Sequence[Commitment]]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at before signing. A risk is one that changes which clock starts."""

    title: str
    detail: str
    risk: bool = True


@dataclass(frozen=True, slots=True)
class Coverage:
    """The offers that were looked at, and what was found."""

    sampled: int
    remarks: tuple[Remark, ...]


def coverage_of(version: ContractVersion, at: datetime) -> Coverage:
    """By the newest offers of 90 days, each against every promise that runs by the clock: bounded work."""
    offers = list(
        LeadEvent.objects.filter(kind=LeadEvent.Kind.OFFERED, at__gte=at - WINDOW, handoff__isnull=False)
        .select_related("handoff__qualification__trigger__kind")
        .order_by("-at", "-pk")[:MOST]
    )
    segments = Segments(offers, WorkingHours())
    rules = _rules(version)
    remarks: list[Remark] = []
    for kind in Kind:
        found = rules.get(kind, ())
        if not found:
            label = Commitment.Kind(kind).label
            remarks.append(Remark(f"{label}: no promise", "No clock of this kind starts.", risk=False))
            continue
        remarks += _never_reached(found)
        matched = [(offer, _matches(found, kind, offer, version, segments)) for offer in offers]
        remarks += _overlaps(found, [fits for _, fits in matched])
        remarks += _gap(kind, [offer for offer, fits in matched if not fits], len(offers))
    return Coverage(len(offers), tuple(sorted(remarks, key=lambda one: not one.risk)))


def wanted_by(offer: LeadEvent, kind: Kind) -> Wanted:
    """The clock of this kind that the offer would start."""
    assert offer.handoff is not None  # noqa: S101 - only offers come here
    place = Place(offer.data.get("team"), offer.data.get("person"))
    handoff = None if kind in ON_QUALIFICATION else offer.handoff_id
    return Wanted(kind, 1, offer, offer.handoff.qualification_id, handoff, place, offer.at)


def _rules(version: ContractVersion) -> Rules:
    rules: defaultdict[str, list[Commitment]] = defaultdict(list)
    for commitment in version.commitments.filter(target__isnull=False).order_by("kind", "position"):
        rules[commitment.kind].append(commitment)
    return rules


def _matches(
    rules: Sequence[Commitment], kind: Kind, offer: LeadEvent, version: ContractVersion, segments: Segments
) -> list[int]:
    wanted = wanted_by(offer, kind)
    return [
        place for place, rule in enumerate(rules)
        if segments.unmet(rule.pk, rule.segment, wanted, version) is None
    ]  # fmt: skip


def _never_reached(rules: Sequence[Commitment]) -> list[Remark]:
    for place, rule in enumerate(rules[:-1]):
        if rule.segment in EVERYBODY_SEGMENTS:
            after = [f"“{later.name}”" for later in rules[place + 1 :]]
            are, them = ("is", "it") if len(after) == 1 else ("are", "them")
            title = f"{rule.get_kind_display()}: {', '.join(after)} {are} never reached"
            return [Remark(title, f"“{rule.name}” before {them} fits every lead.")]
    return []


def _overlaps(rules: Sequence[Commitment], matched: Sequence[list[int]]) -> list[Remark]:
    """The last rule for everybody else is meant to fit those before it, so it is no overlap."""
    pairs = Counter(
        (fits[0], later)
        for fits in matched
        for later in fits[1:]
        if rules[later].segment not in EVERYBODY_SEGMENTS
    )
    return [
        Remark(
            f"{rules[first].get_kind_display()}: “{rules[later].name}” also fits leads of “{rules[first].name}”",
            f"“{rules[first].name}” wins, first match. {_leads(count)} in 90 days.",
        )
        for (first, later), count in pairs.most_common()
    ]


def _gap(kind: Kind, without: Sequence[LeadEvent], every: int) -> list[Remark]:
    if not without:
        return []
    by_trigger = Counter(_trigger(offer) for offer in without).most_common(SHOWN)
    told = ", ".join(f"{name} {count}" for name, count in by_trigger)
    label = Commitment.Kind(kind).label
    return [
        Remark(f"{label}: no promise fits {_leads(len(without))} of {every}", f"No clock starts: {told}.")
    ]


def _trigger(offer: LeadEvent) -> str:
    assert offer.handoff is not None  # noqa: S101 - only offers come here
    trigger = offer.handoff.qualification.trigger
    return catalogue.touch_label(trigger.kind.key) if trigger else "no trigger"


def _leads(count: int) -> str:
    return f"{count} lead{'' if count == 1 else 's'}"
