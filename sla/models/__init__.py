"""The contract and the clocks that judge it."""

from sla.models.breach import Breach, Contest, Excuse
from sla.models.clock import Clock, ClockEvent
from sla.models.contract import Commitment, Contract, ContractSignature, ContractVersion
from sla.models.escalation import Escalation
from sla.models.recompute import Recompute
from sla.models.reminder import Reminder
from sla.models.talk import ContractStep, Remark

__all__ = [
    "Breach",
    "Clock",
    "ClockEvent",
    "Commitment",
    "Contest",
    "Contract",
    "ContractSignature",
    "ContractStep",
    "ContractVersion",
    "Escalation",
    "Excuse",
    "Recompute",
    "Remark",
    "Reminder",
]
