"""Tests against servers that others wrote."""
