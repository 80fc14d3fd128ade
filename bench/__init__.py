"""`make bench`: how fast gridwright is, as ratios measured side by side in one run.

Every comparison takes turns (A B, B A, …) on the same input, and is void unless both sides came to
the same result. In-process work is measured by the processor time it takes, so that what else the
machine does matters little; a ratio is given for the fastest round of each side (best) and as the
median over the rounds.
"""
