"""Which dose level next, and why: designs, their exact behaviour, the estimate of the MTD."""
