"""What is done: (state, act, as_of) -> happenings, or a refusal that says why and what next."""
