"""The arithmetic of promises: pure, without Django and without a clock on the wall."""
