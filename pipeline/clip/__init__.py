"""The corridor along the track, the spatial units, and cutting layers to an area."""
