from goldenthread.intelligence.questions.tests.conftest import folder, place, unit

__all__ = ["folder", "place", "unit"]
