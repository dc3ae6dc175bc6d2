"""One participant against each criterion: three answers, each with the facts behind it."""
