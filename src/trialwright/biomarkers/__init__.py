"""Specimens, stains and variants to markers: who is altered, who is not, who is unknown."""
