"""What an amendment changes: two versions of one trial, compared in sentences."""
