"""Questions about the contract, its clocks and its misses."""

from sla.queries.faces import ClockFace, clock_faces, lead_clock_faces, open_clock_faces
from sla.queries.health import SweepHealth, sweep_health

__all__ = [
    "ClockFace",
    "SweepHealth",
    "clock_faces",
    "lead_clock_faces",
    "open_clock_faces",
    "sweep_health",
]
