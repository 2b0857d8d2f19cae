"""Pages of the dashboard and of the metrics."""
