"""Dose-escalation designs, one file each; none knows another."""
