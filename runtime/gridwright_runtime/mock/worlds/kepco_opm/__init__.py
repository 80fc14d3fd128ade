"""An invented Korea: customers of KEPCO Open P-Meter, their meters, readings and bills.

Every number begins and ends so that nobody takes it for a real one. By customer number:

============ ==========================================================================
0100000001   factory, high voltage, one meter with quarter hours up to now
0100000002   household, low voltage: values on the hour, two days late, with a register
0100000003   factory with two meters: two records in every reply
0100000004   office, high voltage, with gaps; some of them are filled within five days
0100000005   shop, consent only from 2024-03-15 on
0100000006   restaurant that has not subscribed: every question is refused
0100000007   building with a high-voltage and a low-voltage meter
0100000008   household like 0100000002; one of its bills shows a move on 2024-06-10
============ ==========================================================================

Further customers repeat the first eight by turns, but for the one that has not subscribed.
Everybody else consented on 2023-01-01. Households of the smart grid site are
010000000000000001 and following, half as many as customers; every second one has gaps.
Business numbers are those of the customers with 9 in place of 1 at the second place.

A question that the document does not know a code for is refused with one that no service has:

========== ======================================
mock-3001  there is no such customer
mock-3002  a day before the customer's consent
========== ======================================

What the document leaves open is decided here as follows.

- A time names the END of its quarter hour in every operation, as the labels of the day profile
  do (F6). The examples agree: the values printed for 0000, 0015, 0030 and 0045 in operation 5
  are those that the day profile prints for 2400, 0015, 0030 and 0045.
- Midnight is 0000 of the day that begins, but for the label 2400 of the day profile; both are
  understood in a question.
- A period runs from its start day and time to its end day and time, without a break between;
  a reading belongs to it when its whole quarter hour does. A period from 0000 on therefore begins
  with the reading 0015, as in the example.
- A low-voltage meter's value on the hour is the energy of the whole hour, so that the values, the
  differences of its register and its bills agree.
- A bill of a high-voltage customer covers its calendar month; a bill of a low-voltage customer
  runs from its reading day in the month before to the day before its reading day.
"""

from ....clock import Clock
from ...world import World
from .world import KepcoWorld

__all__ = ["create_world"]


def create_world(*, seed: int, clock: Clock, customers: int = 8, **_more: object) -> World:
    """Create the world of a seed."""
    return KepcoWorld(seed=seed, clock=clock, customers=customers)
