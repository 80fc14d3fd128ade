"""Undo a grant of which no use was made. Works on a state that is held."""

from collections.abc import Iterable, Mapping

from .rules import Needs, Rules, Spacing
from .state import State

__all__ = ["take_back"]


def take_back(
    state: State,
    rules: Rules,
    call_id: int,
    needs: Needs,
    keys: Iterable[tuple[Spacing, int]],
    counted: Mapping[int, int],
    granted_at: float,
) -> bool:
    """Make a turn as if it had never been granted.

    What the grant pushed out of the state was over by then, so it need not come back.

    Args:
        state: held.
        rules: as the state numbers them.
        call_id: of the call.
        needs: of its operation.
        keys: the spacings that concern it, and what stands in the state for what it touches.
        counted: what stands in the state for the values by which rates are counted, by place.
        granted_at: in seconds of the store's clock.

    Returns:
        Whether others may go sooner by it.
    """
    rates, slots = rules.parts(needs.mask)
    for rate in rates:
        times = state.times.get(counted.get(rate.place, rate.place), [])
        if granted_at in times:  # not after a loss of the state, or of the clock
            times.remove(granted_at)
    for spacing, key in keys:
        if not spacing.after_reply and state.free_at.get(key) == granted_at + spacing.seconds:
            del state.free_at[key]
    state.calls[:] = [call for call in state.calls if call.id != call_id]
    return bool(rates or slots or needs.spacings)
