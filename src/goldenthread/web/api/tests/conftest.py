"""The small partnership of casework's tests, asked by API."""

from goldenthread.casework.tests.conftest import place, small, small_folder

__all__ = ["place", "small", "small_folder"]
