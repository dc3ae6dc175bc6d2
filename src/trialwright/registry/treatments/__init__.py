"""The treatment of arms in free words: agents, days of which cycles, length of a cycle."""
