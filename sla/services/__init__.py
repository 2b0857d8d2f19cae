"""What can be asked for about the contract, its clocks, and calendars."""
