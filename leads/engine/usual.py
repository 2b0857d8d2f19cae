"""What most companies begin with: reasons for every verb that asks why, and kinds of touches. Pure words.

Keys are those of `docs/examples/first-agreement.json` where it says the same, so that loading it afterwards doubles
nothing. The words are a beginning: each can be changed, and is then no longer offered from here.
"""

from __future__ import annotations

from typing import NamedTuple

DEFINITION = "Definition"  # its reasons point at the criterion that is wrong
DATA = "Data"
KNOWN = "Already known"  # its reasons ask whose the buyer is
NO_BUYER = "Not a buyer"
OTHER = "Other"


class UsualReason(NamedTuple):
    """A reason as a new installation would type it."""

    verb: str
    key: str
    label: str
    group: str = ""
    next_step: str = ""
    counts_against: str = "nobody"
    note_required: bool = False
    minimum_attempts: int = 0


class UsualKind(NamedTuple):
    """A kind of touches, and whether the buyer asks for a person by it."""

    key: str
    label: str
    hand_raise: bool = False


def _other(verb: str, counts_against: str = "nobody", group: str = "", next_step: str = "") -> UsualReason:
    return UsualReason(verb, "other", OTHER, group, next_step, counts_against, note_required=True)


REASONS = (
    UsualReason("reject", "criterion", "Does not meet a criterion", DEFINITION, "nurture", "marketing"),
    UsualReason("reject", "data_missing", "Data is missing", DATA, "fix", "marketing"),
    UsualReason("reject", "data_wrong", "Data is wrong", DATA, "fix", "marketing"),
    UsualReason("reject", "customer", "Is a customer", KNOWN, "close"),
    UsualReason("reject", "has_deal", "Has an open deal", KNOWN, "close"),
    UsualReason("reject", "duplicate", "Is a duplicate", KNOWN, "close"),
    UsualReason("reject", "being_worked", "A colleague is being worked", KNOWN, "nurture"),
    UsualReason("reject", "not_a_buyer", "Not a buyer", NO_BUYER, "close", "marketing"),
    UsualReason("reject", "competitor", "Competitor", NO_BUYER, "close", "marketing"),
    UsualReason("reject", "spam", "Spam", NO_BUYER, "close", "marketing"),
    _other("reject", "marketing", OTHER, "nurture"),
    UsualReason("return", "phone_missing", "Phone is missing", DATA, "", "marketing"),
    UsualReason("return", "company_unclear", "Company is unclear", DATA, "", "marketing"),
    UsualReason("return", "role_unclear", "Role is unclear", DATA, "", "marketing"),
    _other("return", "marketing", OTHER),
    UsualReason("redirect", "wrong_region", "Another region"),
    UsualReason("redirect", "wrong_size", "Another size of company"),
    UsualReason("redirect", "other_owner", "Someone else knows them"),
    _other("redirect"),
    UsualReason("disqualify", "no_need", "No need"),
    UsualReason("disqualify", "no_budget", "No budget"),
    UsualReason("disqualify", "no_authority", "No authority"),
    UsualReason("disqualify", "chose_competitor", "Chose a competitor"),
    UsualReason("disqualify", "unable_to_reach", "Unable to reach", minimum_attempts=5),
    UsualReason("disqualify", "wrong_person", "Wrong person", DATA, "", "marketing"),
    UsualReason("disqualify", "left_company", "Left the company", DATA, "", "marketing"),
    _other("disqualify", group=OTHER),
    UsualReason("recycle", "wrong_time", "Wrong time"),
    UsualReason("recycle", "no_budget_yet", "Budget comes later"),
    UsualReason("recycle", "unable_to_reach", "Unable to reach", minimum_attempts=5),
    _other("recycle"),
    UsualReason("lose", "price", "Price"),
    UsualReason("lose", "competitor", "Chose a competitor"),
    UsualReason("lose", "no_decision", "No decision"),
    UsualReason("lose", "product_gap", "Product gap"),
    UsualReason("lose", "promise_not_kept", "Promise not kept", "", "", "marketing"),
    _other("lose"),
    UsualReason("send_back", "no_authority", "No authority"),
    UsualReason("send_back", "need_unclear", "Need is unclear"),
    _other("send_back"),
    UsualReason("withdraw", "not_answered", "Nobody answered", "", "", "sales"),
    UsualReason("withdraw", "offered_in_error", "Offered in error", "", "", "marketing"),
    _other("withdraw"),
    UsualReason("set_aside", "no_interest", "No interest left", "", "nurture"),
    UsualReason("set_aside", "no_fit", "Does not fit", "", "close"),
    _other("set_aside", next_step="nurture"),
    UsualReason("mark_mql", "met_in_person", "Met in person"),
    UsualReason("mark_mql", "known_need", "Told us of a need", note_required=True),
    UsualReason("pause", "buyer_away", "The buyer is away"),
    UsualReason("pause", "buyer_date", "The buyer named a date"),
)

TOUCH_KINDS = (
    UsualKind("demo_request", "Demo request", hand_raise=True),
    UsualKind("pricing_request", "Pricing request", hand_raise=True),
    UsualKind("contact_form", "Contact form", hand_raise=True),
    UsualKind("meeting_booked", "Meeting booked", hand_raise=True),
    UsualKind("webinar", "Webinar"),
    UsualKind("event", "Event"),
    UsualKind("trade_fair", "Trade fair"),
    UsualKind("content_download", "Content download"),
    UsualKind("partner_referral", "Partner referral"),
    UsualKind("email_click", "E-mail click"),
    UsualKind("page_visit", "Page visit"),
    UsualKind("ad_click", "Ad click"),
)
