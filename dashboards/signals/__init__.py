"""Signals that figures may be dressed up: facts about teams, sources and rules, never accusations of people."""

from dashboards.signals.definitions import THRESHOLD
from dashboards.signals.handoffs import CLOSED_UNTRIED, PAUSED_AFTER_REPLY, RUSH, UNTRIED
from dashboards.signals.months import MONTH_END
from dashboards.signals.signal import Fact, Signal

__all__ = ["SIGNALS", "Fact", "Signal"]

SIGNALS = {
    signal.slug: signal
    for signal in (UNTRIED, RUSH, PAUSED_AFTER_REPLY, CLOSED_UNTRIED, MONTH_END, THRESHOLD)
}
