"""The words of Northwater: kinds of touches, reasons and custom fields."""

from __future__ import annotations

from leads.models import CustomField, Reason, TouchKind

# Key, label, whether the buyer asks for a person.
TOUCH_KINDS = (
    ("demo_request", "Asked for a demo", True),
    ("pricing_request", "Asked for a price", True),
    ("contact_form", "Wrote to us", True),
    ("meeting_booked", "Booked a meeting", True),
    ("webinar", "Attended a webinar, 20 min or more", False),
    ("webinar_brief", "Attended a webinar, under 20 min", False),
    ("webinar_registered", "Registered for a webinar", False),
    ("content_download", "Downloaded a document", False),
    ("pricing_page", "Viewed pricing", False),
    ("demo_started", "Began the demo form", False),
    ("event_visit", "Met at a fair", False),
    ("event_scan", "Badge scanned at a fair", False),
    ("partner_referral", "Referred by a partner", False),
    ("list_entry", "On a bought list", False),
    ("email_click", "Clicked in an e-mail", False),
    ("page_view", "Read a page", False),
    ("ad_click", "Clicked an ad", False),
)

# Verb, key, label, group, next step, counts against, note required, least attempts.
REASONS = (
    (
        "reject",
        "below_criterion",
        "Does not meet a criterion",
        "Definition",
        "nurture",
        "marketing",
        False,
        0,
    ),
    ("reject", "data_missing", "Data is missing", "Data", "fix", "marketing", False, 0),
    ("reject", "data_wrong", "Data is wrong", "Data", "fix", "marketing", False, 0),
    ("reject", "customer", "Is a customer", "Already known", "close", "nobody", False, 0),
    ("reject", "open_deal", "Has an open deal", "Already known", "nurture", "nobody", False, 0),
    ("reject", "duplicate", "Is a duplicate", "Already known", "close", "nobody", False, 0),
    ("reject", "being_worked", "A colleague is being worked", "Already known", "nurture", "nobody", False, 0),
    ("reject", "student", "Student", "Not a buyer", "close", "marketing", False, 0),
    ("reject", "job_seeker", "Job seeker", "Not a buyer", "close", "marketing", False, 0),
    ("reject", "supplier", "Supplier", "Not a buyer", "close", "marketing", False, 0),
    ("reject", "competitor", "Competitor", "Not a buyer", "close", "marketing", False, 0),
    ("reject", "spam", "Spam", "Not a buyer", "close", "marketing", False, 0),
    ("reject", "other", "Other", "Other", "nurture", "marketing", True, 0),
    ("return", "phone_missing", "Phone is missing", "Data", "", "marketing", False, 0),
    ("return", "company_unclear", "Company is unclear", "Data", "", "marketing", False, 0),
    ("return", "role_unclear", "Role is unclear", "Data", "", "marketing", False, 0),
    ("redirect", "wrong_region", "Another region", "", "", "nobody", False, 0),
    ("redirect", "wrong_size", "Another size of company", "", "", "nobody", False, 0),
    ("redirect", "other_owner", "Someone else knows them", "", "", "nobody", False, 0),
    ("withdraw", "not_answered", "Nobody answered", "", "", "sales", False, 0),
    ("withdraw", "offered_in_error", "Offered in error", "", "", "marketing", False, 0),
    ("set_aside", "no_interest", "No interest left", "", "nurture", "nobody", False, 0),
    ("set_aside", "no_fit", "Does not fit", "", "", "nobody", False, 0),
    ("mark_mql", "met_in_person", "Met in person", "", "", "nobody", False, 0),
    ("mark_mql", "known_need", "Told us of a need", "", "", "nobody", True, 0),
    ("disqualify", "no_need", "No need", "", "", "nobody", False, 0),
    ("disqualify", "no_budget", "No budget", "", "", "nobody", False, 0),
    ("disqualify", "no_authority", "No authority", "", "", "nobody", False, 0),
    ("disqualify", "chose_competitor", "Chose a competitor", "", "", "nobody", False, 0),
    ("disqualify", "unable_to_reach", "Unable to reach", "", "", "nobody", False, 5),
    ("disqualify", "wrong_person", "Wrong person", "Data", "", "marketing", False, 0),
    ("disqualify", "left_company", "Left the company", "Data", "", "marketing", False, 0),
    ("disqualify", "invalid_data", "Invalid data", "Data", "", "marketing", False, 0),
    ("recycle", "wrong_time", "Not the right time", "", "", "nobody", False, 0),
    ("recycle", "no_budget_yet", "Budget comes later", "", "", "nobody", False, 0),
    ("recycle", "unable_to_reach", "Unable to reach", "", "", "nobody", False, 5),
    ("send_back", "no_authority", "No authority", "", "", "nobody", False, 0),
    ("send_back", "need_unclear", "Need is unclear", "", "", "nobody", False, 0),
    ("lose", "no_decision", "No decision", "", "", "nobody", False, 0),
    ("lose", "price", "Price", "", "", "nobody", False, 0),
    ("lose", "competitor", "Competitor", "", "", "nobody", False, 0),
    ("lose", "product_gap", "Product gap", "", "", "nobody", False, 0),
    ("lose", "promise_not_kept", "Promise not kept", "", "", "marketing", False, 0),
    ("pause", "buyer_away", "The buyer is away", "", "", "nobody", False, 0),
    ("pause", "buyer_date", "The buyer named a date", "", "", "nobody", False, 0),
)


def create_touch_kinds() -> dict[str, TouchKind]:
    """Those that exist keep what they are."""
    known = set(TouchKind.objects.values_list("key", flat=True))
    TouchKind.objects.bulk_create(
        TouchKind(key=key, label=label, hand_raise=raises)
        for key, label, raises in TOUCH_KINDS
        if key not in known
    )
    return {kind.key: kind for kind in TouchKind.objects.all()}


def create_reasons() -> dict[tuple[str, str], Reason]:
    """Active reasons by verb and key; those that exist keep what they say."""
    known = {(reason.verb, reason.key) for reason in Reason.objects.filter(is_active=True)}
    Reason.objects.bulk_create(
        Reason(
            verb=verb, key=key, label=label, group=group, next_step=step, counts_against=against,
            note_required=note, minimum_attempts=attempts, position=position,
        )
        for position, (verb, key, label, group, step, against, note, attempts) in enumerate(REASONS)
        if (verb, key) not in known
    )  # fmt: skip
    return {(reason.verb, reason.key): reason for reason in Reason.objects.filter(is_active=True)}


def create_custom_fields() -> None:
    CustomField.objects.bulk_create(
        [
            CustomField(name="sites", label="Sites", type=CustomField.Type.NUMBER),
            CustomField(
                name="pump_make",
                label="Make of pumps",
                type=CustomField.Type.CHOICE,
                choices=["Grundfos", "KSB", "Sulzer", "Xylem", "Other"],
            ),
            CustomField(name="dry_dock_on", label="Next dry dock", type=CustomField.Type.DATE),
        ]
    )
