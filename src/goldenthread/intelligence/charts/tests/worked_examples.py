"""Worked examples that others have published, with what they found.

Montgomery, Introduction to Statistical Quality Control, 6th edition: mortgage loan costs (example 6.5), orange juice cans
(example 7.1), errors in shipments (example 7.3). The figures found are those printed there.
"""

LOAN_COSTS = [
    310,
    288,
    297,
    298,
    307,
    303,
    294,
    297,
    308,
    306,
    294,
    299,
    297,
    299,
    314,
    295,
    293,
    306,
    301,
    304,
]
LOAN_MEAN, LOAN_UPPER, LOAN_LOWER = 300.5, 321.22, 279.78

CANS = [
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6,
]  # fmt: skip
CANS_EACH, CANS_MEAN, CANS_UPPER, CANS_LOWER = 50, 0.2313, 0.4102, 0.0524
CANS_OUTSIDE = [14, 22]

ERRORS = [2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4]
ERRORS_EACH, ERRORS_MEAN, ERRORS_UPPER = 50, 0.0740, 0.1894
