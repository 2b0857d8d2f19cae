"""Questions about the contract, its clocks and its misses."""

from sla.queries.faces import ClockFace, clock_faces, lead_clock_faces, open_clock_faces
from sla.queries.health import SweepHealth, due_within, sweep_health, sweep_lag

__all__ = [
    "ClockFace",
    "SweepHealth",
    "clock_faces",
    "due_within",
    "lead_clock_faces",
    "open_clock_faces",
    "sweep_health",
    "sweep_lag",
]
