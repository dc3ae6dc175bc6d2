"""Changes of the accounts file, in order."""
