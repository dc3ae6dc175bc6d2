"""What is known of one participant: dated facts, each with unit and source."""
