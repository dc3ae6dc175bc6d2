"""Words all rooms share: quantity and unit, partial date, verdict, source, code, error."""
