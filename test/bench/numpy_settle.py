"""The basic layer of core_settle.c's claims in vectorised numpy, floating point: prints nanoseconds a claim.

Inexact: it rounds a binary fraction.  All it needs (the row of its rules for each claim too) is in arrays beforehand.
"""
import time

import numpy as np

N = 1_000_000
rng = np.random.default_rng(20180918)
total = rng.integers(1000, 31000, N).astype(np.float64)
part = np.round(total * 0.17, 2)
paid = rng.integers(0, 80000, N).astype(np.float64)
lv, refl, day = rng.integers(0, 5, N), rng.integers(0, 4, N), rng.integers(0, 4, N)
dedc_of = 200.0 * (np.arange(5) + 1)
ratio_of = 0.85 - 0.05 * np.arange(5)[:, None] + 0.01 * np.arange(4)[None, :]


def settle():
    dedc = dedc_of[lv]
    ratio = ratio_of[lv, day] - np.where(refl == 2, 0.10, 0.0)
    scope = total - part
    low = np.maximum(np.minimum(scope, 10000.0) - dedc, 0.0)
    high = np.maximum(scope - 10000.0, 0.0)
    pay = np.round(low * ratio + high * (ratio + 0.05), 2)
    return np.minimum(pay, np.maximum(80000.0 - paid, 0.0)).sum()


times = []
for _ in range(10):
    start = time.process_time_ns()
    settle()
    times.append(time.process_time_ns() - start)
print("numpy_settle_ns", round(sorted(times[1:])[4] / N, 1))
