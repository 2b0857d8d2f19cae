"""Names of people, companies and roles, by country and industry. All made up."""

from __future__ import annotations

INDUSTRIES = {
    "Food": 0.28,
    "Utilities": 0.22,
    "Paper": 0.18,
    "Shipping": 0.17,
    "Chemicals": 0.08,
    "Other": 0.07,
}
COUNTRIES = {"NO": 0.16, "SE": 0.13, "DK": 0.09, "DE": 0.2, "NL": 0.09, "GB": 0.13, "US": 0.15, "CA": 0.05}
ZONES = {
    "NO": "Europe/Oslo",
    "SE": "Europe/Stockholm",
    "DK": "Europe/Copenhagen",
    "DE": "Europe/Berlin",
    "NL": "Europe/Amsterdam",
    "GB": "Europe/London",
    "US": "America/New_York",
    "CA": "America/Toronto",
}
DIAL = {"NO": "+47", "SE": "+46", "DK": "+45", "DE": "+49", "NL": "+31", "GB": "+44", "US": "+1", "CA": "+1"}

NORDIC_FIRST = (
    "Anders Ingrid Lars Maja Sigrid Henrik Astrid Mikkel Freja Johan Elin Oskar Karin Nils Tuva Jonas Solveig Emil "
    "Hanna Aksel Yasmin Omar Leila Mohammed Fatima Adam Noor Linnea Gustav Ida Thea Magnus Vilde Rasmus Signe"
)
NORDIC_LAST = (
    "Berg Lund Hansen Solberg Nilsson Dahl Lindgren Holm Moe Eriksen Strand Aune Nyberg Kvist Haugen Bakke Ekholm "
    "Rosdahl Fjeld Sandvik Ahmadi Hussein Warsame Jensen Friis Skov Brekke Lien Myhre Vik Sjoberg Wallin Norby"
)
GERMAN_FIRST = (
    "Anna Lukas Katrin Stefan Miriam Jens Heike Tobias Ayse Mehmet Sabine Florian Petra Uwe Nina Deniz Claudia Ralf "
    "Ilse Martin Silke Emre Birgit Holger Julia Thomas Svenja Dirk Elif Matthias Anke Jan Femke Pieter Sanne"
)
GERMAN_LAST = (
    "Brandt Roth Vogel Keller Demir Fischer Lang Schuster Yilmaz Peters Kaya Winkler Albrecht Ritter Busch Aydin "
    "Hartmann Lorenz Weiss Krause Engel Simon Kuhn Voigt Bakker Visser Smit Jansen Mulder Dekker Bos Veldt Maas"
)
ENGLISH_FIRST = (
    "Grace Daniel Amara Priyanka James Olivia Kwame Sarah Michael Wei Carlos Beth Tariq Nadine Owen Ruth Chidi Hana "
    "Luis Emma David Aisha Peter Rosa Samuel Joyce Mark Elena Ravi Claire Andre Susan Tess Ian Monica Clara Victor"
)
ENGLISH_LAST = (
    "Whitcombe Harrow Mansour Okoro Bennett Nguyen Garcia Pryce Tully Abara Otieno Patel Fraser Murphy Sato Chen "
    "Osei Walsh Baptiste Eze Romero Clarke Singh Douglas Reyes Imbert Achari Kowalski Moyo Lambert Hughes Carter Diaz"
)
FIRST = {"NO": NORDIC_FIRST, "SE": NORDIC_FIRST, "DK": NORDIC_FIRST, "DE": GERMAN_FIRST, "NL": GERMAN_FIRST}
LAST = {"NO": NORDIC_LAST, "SE": NORDIC_LAST, "DK": NORDIC_LAST, "DE": GERMAN_LAST, "NL": GERMAN_LAST}

# Roles that the MQL definition wants, and others.
BUYERS = (
    "Operations Manager", "VP Operations", "Plant Manager", "Plant Director", "Head of Maintenance",
    "Maintenance Manager", "Maintenance Engineer", "Operations Engineer", "Fleet Manager", "Facilities Manager",
    "Technical Director", "Director of Operations", "Network Engineer", "Chief Operations Officer",
)  # fmt: skip
OTHERS = (
    "Purchasing Manager", "Sustainability Officer", "IT Manager", "Financial Controller", "Marketing Manager",
    "Research Associate", "Student", "Consultant", "HSE Manager", "Project Coordinator",
)  # fmt: skip

PLACES = {
    "NO": "Fjordvik Stavland Nordnes Havberg Tindvik Lysvik Sundnes Vestmark Hardal Romsvik Langoy Stormo",
    "SE": "Malarvik Vasterlund Gotalid Skarsund Norrdal Ostvik Bergslag Kallsjo Holmstad Dalby Varmby Roslund",
    "DK": "Fynsby Limhavn Vestby Skagvik Odder Storbaek Ringby Thyholm Lillebaelt Sundby Hornvig Marsk",
    "DE": "Elbtal Nordmark Rheinhof Havelstadt Lindau Altmuhl Weserland Harzberg Spreewerk Neckarau Isartal Mainfeld",
    "NL": "Maasoord Zuiderpolder Waalstad Noordwijk Merwede Dijkhof Schelde Veenland Vechtdal Eemhaven",
    "GB": "Calder Fenwick Harbour Severn Talbot Greyfield Penrith Ashdown Kestrel Orchard Thornbury Wexford",
    "US": "Mesa Granite Lakeshore Redwood Prairie Harbor Summit Cascade Basalt Altamont Rivermark Piedmont",
    "CA": "Maple Fraser Laurentian Selkirk Keewatin Chaleur Okanagan Northgate Bow Saguenay Tundra Columbia",
}
TRADES = {
    "Food": "Foods Dairy Brewing Bakeries Seafood Beverages Provisions Fish Mills",
    "Utilities": "Water Utilities Hydro Energy Waterworks Networks",
    "Paper": "Paper Packaging Pulp Board Fibre",
    "Shipping": "Shipping Lines Ferries Tankers Port Marine",
    "Chemicals": "Chemicals Coatings Polymers",
    "Other": "Ceramics Textiles Mining Cooling Logistics Steelworks",
}
KINDS = ("", "Group", "Works", "North", "South", "and Sons", "International", "Union")


def first_names(country: str) -> tuple[str, ...]:
    return tuple(FIRST.get(country, ENGLISH_FIRST).split())


def last_names(country: str) -> tuple[str, ...]:
    return tuple(LAST.get(country, ENGLISH_LAST).split())
