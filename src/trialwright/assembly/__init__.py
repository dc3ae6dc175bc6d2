"""Who knows everybody: the only place that opens files, databases, the clock and generators."""
