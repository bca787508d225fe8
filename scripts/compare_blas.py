"""numpy's products of the matrices that Benchmarks' `blas` wrote; JSON lines of seconds and value like its own."""

import json
import os
import sys
import time

import numpy


def least(seconds, work):
    best, runs, start = float("inf"), 0, time.perf_counter()
    while runs < 5 or time.perf_counter() - start < seconds:
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
        runs += 1
    return best


def main():
    seconds, folder = float(sys.argv[1]), sys.argv[2]
    numpy.dot(numpy.ones((2, 2)), numpy.ones((2, 2)))
    if not any("openblas" in line for line in open("/proc/self/maps")):
        sys.exit("numpy here does not use OpenBLAS; put its libblas.so.3 first in LD_LIBRARY_PATH, or take a numpy that brings it.")
    for line in sys.stdin:
        case = json.loads(line)
        name, m, k, n = (case[key] for key in ("case", "m", "k", "n"))
        a = numpy.fromfile(os.path.join(folder, name + " a"))
        b = numpy.fromfile(os.path.join(folder, name + " b"))
        a = a.reshape(k, m).T if case["variant"] == "AtB" else a.reshape(m, k)
        b = b.reshape(n, k).T if case["variant"] == "ABt" else b.reshape(k, n)
        c = numpy.empty((m, n))
        spent = least(seconds, lambda: numpy.dot(a, b, out=c))
        print(json.dumps({"case": name, "seconds": spent, "value": float(numpy.linalg.norm(c))}), flush=True)


if __name__ == "__main__":
    main()
