"""Registry records that people name: opened, read, and written as drafts."""
