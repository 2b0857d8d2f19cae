"""Questions about the contract, its clocks and its misses."""
