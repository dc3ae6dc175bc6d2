"""What it looks like: figures as functions from results to a matplotlib Figure."""
