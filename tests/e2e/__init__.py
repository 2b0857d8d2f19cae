"""The whole product through real browsers, real web processes and real workers."""
