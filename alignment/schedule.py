"""Which queue a task waits in, and which tasks beat wakes how often."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

ROUTES = {
    "sla.*": {"queue": "sla"},
    "notifications.*": {"queue": "notify"},
    "intake.*": {"queue": "bulk"},
    "desk.*": {"queue": "bulk"},
    "trials.*": {"queue": "bulk"},
    # Long; the sweep must not wait for them.
    "sla.tasks.check_invariants": {"queue": "bulk"},
    "sla.tasks.replay_clocks": {"queue": "bulk"},
    "sla.tasks.recompute_clocks": {"queue": "bulk"},
    "dashboards.*": {"queue": "bulk"},
    "accounts.*": {"queue": "bulk"},
}
BEAT: dict[str, dict[str, Any]] = {
    "sweep-clocks": {"task": "sla.tasks.sweep_clocks", "schedule": 1.0, "options": {"expires": 5}},
    "relay-outbox": {"task": "notifications.tasks.relay_outbox", "schedule": 2.0, "options": {"expires": 10}},
    "activate-definitions": {
        "task": "definitions.tasks.activate_due",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "judge-new-versions": {
        "task": "leads.tasks.judge_new_versions",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "wake-due": {"task": "leads.tasks.wake_due", "schedule": 60.0, "options": {"expires": 55}},
    "end-pauses": {"task": "leads.tasks.end_pauses", "schedule": 5.0, "options": {"expires": 5}},
    "resume-imports": {
        "task": "intake.tasks.resume_imports",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "resume-bulk": {"task": "desk.tasks.resume_bulk", "schedule": 60.0, "options": {"expires": 55}},
    "recompute-clocks": {
        "task": "sla.tasks.recompute_clocks",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "remind": {"task": "sla.tasks.remind", "schedule": 900.0, "options": {"expires": 890}},
    "check-invariants": {
        "task": "sla.tasks.check_invariants",
        "schedule": crontab(hour=2, minute=30),
        "options": {"expires": 3600},
    },
    "replay-clocks": {
        "task": "sla.tasks.replay_clocks",
        "schedule": crontab(hour=2, minute=50),
        "options": {"expires": 3600},
    },
    "judge-periods": {
        "task": "dashboards.tasks.judge_periods",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "restate-periods": {
        "task": "dashboards.tasks.restate_periods",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 3600},
    },
    "clear-sessions": {
        "task": "accounts.tasks.clear_sessions",
        "schedule": crontab(hour=3, minute=30),
        "options": {"expires": 3600},
    },
    "heartbeat": {"task": "alignment.tasks.heartbeat", "schedule": 10.0, "options": {"expires": 10}},
}
# The demo company lives on: a lead every three minutes, and colleagues who answer.
DEMO_BEAT: dict[str, dict[str, Any]] = {
    "live-on": {"task": "alignment.demo.tasks.live_on", "schedule": 180.0, "options": {"expires": 170}}
}
