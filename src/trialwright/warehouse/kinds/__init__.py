"""The kinds of rule compiled: one file each, of the same name as the file that judges it."""
