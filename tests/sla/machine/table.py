"""The table of domain section 5, copied from its text: what each event does to each kind of clock.

S start, E end, P pause, R resume, X cancel, N cancel and a new round, C other hours, T N where the contract says so,
A one more attempt.
"""

COLUMNS = (
    "handover",
    "answer",
    "first_response",
    "rework",
    "follow_up",
    "disposition",
    "buyer_wait",
    "take",
    "re_response",
)

TEXT = """
mql               S  -  -  -  -  -  S  -  -
set_aside         X  -  -  -  -  -  X  -  -
offer             E  S  S  -  -  -  -  -  -
claim             -  -  -  -  -  -  -  -  -
redirect          -  N  -  -  -  -  -  -  -
redirect_away     -  N  C  -  -  -  -  -  C
return            -  P  P  S  -  -  -  -  -
return_raised     -  P  -  S  -  -  -  -  -
resupply          -  R  R  E  -  -  -  -  -
accept            -  E  -  X  S  S  -  -  -
reject_fix        S  E  X  X  -  -  -  X  X
reject_for_good   -  E  X  X  -  -  X  X  X
withdraw          S  X  X  E  -  -  -  X  X
attempted         -  -  E  -  A  -  E  -  E
contacted         -  -  E  -  E  -  E  -  E
qualify           -  -  -  -  E  E  -  -  -
pass              -  -  -  -  -  -  -  S  -
take              -  -  -  -  -  -  -  E  -
send_back         -  -  -  -  -  S  -  E  -
disqualify        -  -  X  -  X  E  X  X  X
win               -  X  X  X  X  E  -  X  X
lose              -  X  X  X  X  E  X  X  X
reassign          -  T  T  -  T  T  -  T  T
reassign_away     -  C  C  -  C  C  -  C  C
pause             -  P  P  -  P  P  -  -  -
resume            -  R  R  -  R  R  -  -  -
raised_again      -  -  -  -  -  -  -  -  S
reopen_offer      E  S  S  -  -  -  -  -  -
reopen_accepted   E  -  -  -  -  S  -  -  -
reopen            E  -  -  -  -  -  -  -  -
"""

TABLE = {
    row.split()[0]: dict(zip(COLUMNS, row.split()[1:], strict=True)) for row in TEXT.strip().splitlines()
}
ON_QUALIFICATION = ("handover", "buyer_wait")
