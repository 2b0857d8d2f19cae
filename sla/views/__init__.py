"""Pages of the contract, its clocks, and calendars."""
