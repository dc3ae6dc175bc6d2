"""Tables of a submission: the domains of the Study Data Tabulation Model."""
