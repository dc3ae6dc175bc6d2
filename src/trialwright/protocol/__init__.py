"""What was promised: the study as written, frozen data that hold every rule and decide none."""
