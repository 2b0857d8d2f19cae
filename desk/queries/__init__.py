"""What the pages of desk show: leads together with their clocks."""
