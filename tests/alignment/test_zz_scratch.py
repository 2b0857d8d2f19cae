import time, os, cProfile, pstats
import pytest
def test_run(db):
    from alignment.demo import seeding
    from django.db import connection
    t=time.monotonic()
    pr=cProfile.Profile() if os.environ.get("PROF") else None
    if pr: pr.enable()
    w=seeding.seed()
    if pr: pr.disable(); pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
    print("SECONDS",time.monotonic()-t)
    exec(open("/tmp/demo_check.py").read(), {"w":w})
