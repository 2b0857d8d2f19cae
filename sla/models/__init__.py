"""The contract and the clocks that judge it."""

from sla.models.breach import Breach, Contest, Excuse, Remark
from sla.models.clock import Clock, ClockEvent
from sla.models.contract import Commitment, Contract, ContractSignature, ContractVersion
from sla.models.escalation import Escalation
from sla.models.recompute import Recompute

__all__ = [
    "Breach",
    "Clock",
    "ClockEvent",
    "Commitment",
    "Contest",
    "Contract",
    "ContractSignature",
    "ContractVersion",
    "Escalation",
    "Excuse",
    "Recompute",
    "Remark",
]
