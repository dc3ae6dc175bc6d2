"""Free text to rules: typed limits proposed from the words of one eligibility criterion."""
