"""Checks of what a run made: sums that must hold, formulas worked out again, bounds, published figures, completeness.

`declaration` is light, so that everything that speaks of a run can say what came of them; `every` does the work.
"""
