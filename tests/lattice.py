"""Shapes on a coarse lattice of the small world, so that shared edges and corners really come up."""

from hypothesis import strategies as st
from shapely import Polygon
from world import box, place

LATTICE = st.sampled_from([0, 1, 100, 250, 499, 500, 501, 750, 1000])


@st.composite
def boxes(draw):
    (w, e), (s, n) = (sorted(draw(st.lists(LATTICE, min_size=2, max_size=2, unique=True))) for _ in "xy")
    return box(w, s, e, n)


@st.composite
def triangles(draw):
    corners = draw(st.lists(st.tuples(LATTICE, LATTICE), min_size=3, max_size=3, unique=True))
    shape = Polygon(corners)
    return place(shape) if shape.area else draw(boxes())
