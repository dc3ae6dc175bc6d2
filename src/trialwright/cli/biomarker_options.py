"""Options that every command which permutes outcomes shares."""

import click

PERMUTATIONS = click.option(
    "--permutations", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True,
    help="How often outcomes are permuted within arms.",
)  # fmt: skip
SEED = click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True,
    help="Of the generator (PCG64); printed in the report.",
)  # fmt: skip
