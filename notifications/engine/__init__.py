"""When a mail may go out: pure."""
