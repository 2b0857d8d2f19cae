"""What dashboards write: results of periods, frozen at their close, and restatements of them."""
