"""What an adverse event amounts to: dose-limiting or not, and who counts in dose decisions."""
