"""Who may do what: role by route (S2). Whoever is not named is refused with 403, or is told of nothing (404).

A route that is missing here, and one that answers somebody else, fails the walk. What a row's state forbids (409) and
what a form lacks (422) is answered only to those who may.
"""

from __future__ import annotations

REP, OTHER, LEADER = "rep", "other team's rep", "sales manager"
MARKETER, MARKETING_LEADER = "marketing", "marketing manager"
OPERATIONS, ADMIN, READER = "operations", "admin", "read-only"

CONFIGURE = {OPERATIONS, ADMIN}
WORK = {REP, LEADER, ADMIN}  # the lead is the rep's, in the team of the sales manager
ASSIGN = {LEADER, ADMIN}
MARKET = {MARKETER, MARKETING_LEADER} | CONFIGURE
DRAFT = {LEADER, MARKETING_LEADER} | CONFIGURE
LEAD_A_SIDE = {LEADER, MARKETING_LEADER}
SELL = {REP, OTHER, LEADER}
WRITE = SELL | MARKET
EVERYBODY = WRITE | {READER}

Table = list[tuple[set[str], str]]

# Pages that only some see. Every other page, and every list of the API, is for everybody who is signed in.
PAGES: Table = [
    (WORK, """desk:handoff-accept desk:handoff-claim desk:handoff-disqualify desk:handoff-log desk:handoff-lose
        desk:handoff-meeting desk:handoff-pass desk:handoff-pause desk:handoff-qualify desk:handoff-recycle
        desk:handoff-redirect desk:handoff-reject desk:handoff-reopen desk:handoff-resume desk:handoff-return
        desk:handoff-send-back desk:handoff-take desk:handoff-win"""),
    (ASSIGN, "desk:handoff-reassign"),
    (MARKET, """desk:bulk desk:handoff-resupply desk:handoff-withdraw desk:lead-mark-mql desk:lead-offer
        desk:lead-set-aside desk:lead-wake desk:settings-brief desk:settings-campaign-edit desk:settings-campaign-new
        sla:contest"""),
    (WRITE, "desk:lead-new"),
    (CONFIGURE, """accounts:member-add accounts:member-remove accounts:person-invite accounts:person-sessions
        accounts:team-new desk:person-deactivate
        desk:settings-field desk:settings-field-new desk:settings-reason desk:settings-reason-new
        desk:settings-touch-kind desk:settings-touch-kind-new sla:calendar-correct sla:calendar-days sla:calendar-edit
        sla:calendar-import sla:calendar-new"""),
    (CONFIGURE | {LEADER}, "accounts:member"),
    (CONFIGURE | {LEADER, REP}, "accounts:absence accounts:absence-end"),
    (CONFIGURE | {REP}, "accounts:key-revoke"),  # the key is the rep's
    (DRAFT, """definitions:write sla:contract-edit sla:contract-promise sla:contract-promise-new
        sla:contract-promise-remove sla:contract-send-back sla:contract-start sla:contract-targets"""),
    ({REP, LEADER}, "sla:breach-excuse"),  # their team missed it, and nobody has asked yet
    (LEAD_A_SIDE | {ADMIN}, "sla:breach-cause"),
    ({LEADER}, "sla:contract-sign"),  # for sales; the other side's manager has an address of his own
    # The rep's own view, second factor and password; others have none.
    ({REP}, """desk:view-edit mfa_deactivate_totp mfa_download_recovery_codes mfa_reauthenticate
        mfa_view_recovery_codes account_reauthenticate"""),
]  # fmt: skip

# Everything that a POST reaches.
ACTS: Table = [
    (WORK, """desk:handoff-accept desk:handoff-claim desk:handoff-disqualify desk:handoff-log desk:handoff-lose
        desk:handoff-meeting desk:handoff-pass desk:handoff-pause desk:handoff-qualify desk:handoff-recycle
        desk:handoff-redirect desk:handoff-reject desk:handoff-reopen desk:handoff-resume desk:handoff-return
        desk:handoff-send-back desk:handoff-take desk:handoff-win
        api:handoff-accept api:handoff-attempts api:handoff-call-off-meeting api:handoff-claim api:handoff-disqualify
        api:handoff-lose api:handoff-move-meeting api:handoff-pass api:handoff-qualify api:handoff-recycle
        api:handoff-redirect api:handoff-reject api:handoff-reopen api:handoff-return api:handoff-send-back
        api:handoff-take api:handoff-win"""),
    (ASSIGN, "desk:handoff-reassign api:handoff-reassign"),
    (MARKET, """desk:bulk desk:handoff-resupply desk:handoff-withdraw desk:lead-mark-mql desk:lead-offer
        desk:lead-set-aside desk:lead-wake desk:settings-brief desk:settings-campaign-edit desk:settings-campaign-new
        api:handoffs api:handoff-resupply api:handoff-withdraw api:lead-mark-mql api:lead-set-aside
        intake:check intake:imports intake:map sla:contest"""),
    (WRITE, """accounts:start desk:lead-comment desk:lead-new desk:lead-touch desk:view-save api:leads api:touches
        sla:contract-discussion"""),
    (WRITE - {OTHER}, "desk:lead-edit"),
    (SELL, "desk:brief-acknowledge"),
    ({REP, LEADER}, "sla:breach-excuse"),  # their team missed it
    (CONFIGURE, """accounts:member-add accounts:member-remove accounts:person accounts:person-invite
        accounts:person-invite-again accounts:person-reactivate accounts:person-sessions
        accounts:settings-organisation accounts:team accounts:team-new desk:person-deactivate
        desk:settings-field desk:settings-field-new desk:settings-reason desk:settings-reason-new
        desk:settings-reason-retire desk:settings-reasons-usual desk:settings-touch-kind desk:settings-touch-kind-new
        desk:settings-touch-kinds-usual
        sla:calendar-correct sla:calendar-days sla:calendar-edit sla:calendar-import sla:calendar-new
        sla:calendar-take"""),
    (CONFIGURE | {LEADER}, "accounts:member"),
    (CONFIGURE | {LEADER, REP}, "accounts:absence accounts:absence-end"),
    (CONFIGURE | {REP}, "accounts:key-revoke"),  # the key is the rep's
    (DRAFT, """definitions:propose definitions:take-back definitions:write
        sla:contract-draft sla:contract-edit sla:contract-promise
        sla:contract-promise-move sla:contract-promise-new sla:contract-promise-remove sla:contract-propose
        sla:contract-running sla:contract-send-back sla:contract-start sla:contract-targets"""),
    (LEAD_A_SIDE, "definitions:sign"),
    (LEAD_A_SIDE | {ADMIN}, "sla:breach-cause"),
    ({LEADER}, "sla:contract-sign"),
    # Signing in, and what is a person's own.
    (EVERYBODY, """account_change_password account_login account_reset_password account_reset_password_from_key
        account_set_password account_signup accounts:key-new accounts:session-end accounts:session-end-others
        accounts:settings-you accounts:theme mfa_activate_totp
        mfa_authenticate mfa_generate_recovery_codes notifications:seen"""),
    ({REP}, """account_reauthenticate desk:view-delete desk:view-edit mfa_deactivate_totp mfa_download_recovery_codes
        mfa_reauthenticate notifications:open"""),
]  # fmt: skip


def read_by() -> dict[str, set[str]]:
    return {name: roles for roles, names in PAGES for name in names.split()}


def done_by() -> dict[str, set[str]]:
    return {name: roles for roles, names in ACTS for name in names.split()}
