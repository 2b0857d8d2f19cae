"""The people whom a visitor meets on the first screens, by name."""

from __future__ import annotations

from dataclasses import dataclass

from alignment.demo.people import AMERICAS, ENTERPRISE, MIDMARKET


@dataclass(frozen=True, slots=True)
class Guest:
    """One lead with what caused it: campaign, deciding touch and its detail."""

    name: str
    company: str
    title: str
    source: str
    campaign: str
    trigger: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An unanswered offer: where it lies, and how many business hours it has waited."""

    guest: Guest
    team: str
    rep: str
    waited: float
    state: str


WEBINAR, BENCHMARK, FAIR = "Water Loss Webinar", "Pump Efficiency Benchmark", "AquaTech Amsterdam"
SEARCH, DEMO = "Search, leak detection", "Book a demo"
LENA, TOM, NADIA, MARCUS = "Lena Vogt", "Tom Okafor", "Nadia Petrova", "Marcus Bell"

DEV = Guest(
    "Dev Achari",
    "Kestrel Paper",
    "Plant Director",
    "Demo request",
    DEMO,
    "demo_request",
    "Asked for a demo for two mills",
)
MAREN = Guest(
    "Maren Solberg",
    "Nordhavn Shipping",
    "VP Operations",
    "Webinar",
    WEBINAR,
    "webinar",
    'Attended 41 of 45 min, asked "How do you meter ballast lines?"',
)
UNANSWERED = (
    Waiting(DEV, MIDMARKET, LENA, 56 / 60, "late"),
    Waiting(
        Guest("Stefan Roth", "Lindau Beverages", "Plant Manager", "Content", BENCHMARK, "content_download"),
        MIDMARKET, MARCUS, 5.8, "late",
    ),
    Waiting(
        Guest("Gwen Tully", "Harbor Steelworks", "Head of Maintenance", "Paid search", SEARCH, "contact_form"),
        MIDMARKET, "", 9.2, "late",
    ),
    Waiting(MAREN, MIDMARKET, LENA, 4 - 38 / 60, "risk"),
    Waiting(
        Guest("Yusuf Demir", "Solis Packaging", "Head of Maintenance", "Paid search", SEARCH, "pricing_page"),
        MIDMARKET, LENA, 4 - 44 / 60, "risk",
    ),
    Waiting(
        Guest("Noel Fischer", "Quay Logistics", "Fleet Manager", "Event", FAIR, "event_visit", "Stand 12.310"),
        MIDMARKET, NADIA, 4 - 21 / 60, "risk",
    ),
    Waiting(
        Guest("Clara Whitcombe", "Orchard Street Brewing", "Operations Manager", "Content", BENCHMARK,
              "content_download"),
        MIDMARKET, LENA, 4 - 161 / 60, "track",
    ),
    Waiting(
        Guest("Rosa Imbert", "Mesa Verde Utilities", "Network Engineer", "Event", FAIR, "event_visit"),
        MIDMARKET, LENA, 4 - 202 / 60, "track",
    ),
    Waiting(
        Guest("Ada Kowalczyk", "Fenwick Mills", "Maintenance Manager", "Webinar", WEBINAR, "webinar",
              "Attended 38 of 45 min"),
        MIDMARKET, TOM, 1.9, "track",
    ),
    Waiting(
        Guest("Irina Pavlova", "Delta Desal", "Director of Operations", "Webinar", WEBINAR, "webinar",
              "Attended 44 of 45 min"),
        ENTERPRISE, "Sofia Duarte", 0.9, "track",
    ),
    Waiting(
        Guest("Luc Perrin", "Altamont Foods", "VP Operations", "Content", BENCHMARK, "content_download"),
        AMERICAS, "Kofi Mensah", 0.75, "track",
    ),
    Waiting(
        Guest("Hana Sato", "Mirai Foods", "Technical Director", "Content", BENCHMARK, "content_download"),
        MIDMARKET, NADIA, 2.4, "paused",
    ),
)  # fmt: skip

# Returned to marketing: who asked, what is missing, and since how many business hours.
RETURNED = (
    (
        Guest("Owen Baptiste", "Talbot & Crane", "Facilities Lead", "Paid search", SEARCH, "pricing_page"),
        MIDMARKET, LENA, "phone_missing", "lead.phone", 2.2,
    ),
    (
        Guest("Sam Pryce", "Orla Ceramics", "Maintenance Engineer", "Paid search", SEARCH, "contact_form"),
        MIDMARKET, NADIA, "role_unclear", "lead.title", 0.8,
    ),
    (
        Guest("Tess Moyo", "Calder Textiles", "Operations Engineer", "Event", FAIR, "pricing_request"),
        MIDMARKET, TOM, "phone_missing", "lead.phone", 3.4,
    ),
)  # fmt: skip

# MQLs that marketing has not offered yet, with the minutes of its one hour that are gone.
TO_OFFER = (
    (Guest("Henrik Aalto", "Vanta Hydro", "Head of Maintenance", "Content", BENCHMARK, "content_download"), 13),
    (Guest("Amara Nwosu", "Greyfield Dairy", "Operations Manager", "Webinar", WEBINAR, "webinar"), 8),
    (Guest("Ola Fjeld", "Tromso Fish Co", "Technical Director", "Webinar", WEBINAR, "webinar"), 52),
    (Guest("Vilde Norby", "Fjordline", "Fleet Manager", "Event", FAIR, "event_visit"), 24),
    (Guest("Marit Haugen", "Fjordline", "Technical Director", "Event", FAIR, "event_visit"), 26),
    (Guest("Beth Harrow", "Kestrel Paper", "Maintenance Manager", "Content", BENCHMARK, "content_download"), 2),
    (Guest("Ines Maas", "Solis Packaging", "Plant Manager", "Paid search", SEARCH, "pricing_page"), 35),
    (Guest("Karin Ekholm", "Mirai Foods", "Operations Manager", "Webinar", WEBINAR, "webinar"), 41),
    (Guest("Ruth Abara", "Orchard Street Brewing", "Head of Maintenance", "Webinar", WEBINAR, "webinar"), 5),
)  # fmt: skip

# What Lena works on: attempts made so far, business hours since she accepted.
WORKING = (
    (Guest("Hege Brekke", "Tromso Fish Co", "Plant Manager", "Event", FAIR, "event_visit"), 0, 5.4),
    (Guest("Daniel Hughes", "Greyfield Dairy", "Plant Manager", "Content", BENCHMARK, "content_download"), 0, 2.1),
    (Guest("Ines Carvalho", "Talbot & Crane", "Facilities Manager", "Demo request", DEMO, "demo_request"), 2, 20.0),
    (Guest("Tariq Mansour", "Fenwick Mills", "Plant Manager", "Webinar", WEBINAR, "webinar"), 3, 44.0),
    (Guest("Lucie Moreau", "Lindau Beverages", "Operations Manager", "Webinar", WEBINAR, "webinar"), 4, 70.0),
    (Guest("Jon Pryce", "Quay Logistics", "Fleet Manager", "Content", BENCHMARK, "content_download"), 5, 96.0),
)  # fmt: skip
CONTESTED = Guest(
    "Beth Lambert", "Basalt Mining", "Operations Manager", "Paid search", SEARCH, "contact_form"
)
