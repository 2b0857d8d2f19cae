"""Leads and everything that happens to them before anybody measures it."""

from leads.models.campaign import BriefReading, BriefVersion, Campaign, Touch, TouchKind
from leads.models.company import Company, CompanyChange, CompanyDomain, CompanyRelation
from leads.models.deal import Deal, DealLead
from leads.models.event import Comment, EventNote, LeadEvent
from leads.models.handoff import Assignment, Attempt, Handoff, Insight
from leads.models.lead import (
    AttributeChange,
    Consent,
    CustomField,
    DoNotContact,
    ExternalId,
    Lead,
    LeadEmail,
    LeadPhone,
    Stage,
)
from leads.models.meeting import Meeting, MeetingMove
from leads.models.qualification import Qualification, QualificationFinding
from leads.models.reason import Reason

__all__ = [
    "Assignment",
    "Attempt",
    "AttributeChange",
    "BriefReading",
    "BriefVersion",
    "Campaign",
    "Comment",
    "Company",
    "CompanyChange",
    "CompanyDomain",
    "CompanyRelation",
    "Consent",
    "CustomField",
    "Deal",
    "DealLead",
    "DoNotContact",
    "EventNote",
    "ExternalId",
    "Handoff",
    "Insight",
    "Lead",
    "LeadEmail",
    "LeadEvent",
    "LeadPhone",
    "Meeting",
    "MeetingMove",
    "Qualification",
    "QualificationFinding",
    "Reason",
    "Stage",
    "Touch",
    "TouchKind",
]
