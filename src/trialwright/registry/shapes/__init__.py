"""Trial records in JSON, one module a shape: what each names, and where it goes in a draft."""
