"""Each kind of rule as columns of a query, under the name that judges one participant by it."""
