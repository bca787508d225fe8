"""scipy's solvers on the instances that Benchmarks' `scipy` wrote; JSON lines of seconds and value like its own."""

import json
import os
import sys
import time

import numpy
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree


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

    def emit(case, spent, value):
        print(json.dumps({"case": case, "seconds": spent, "value": value}), flush=True)

    for n in (20, 50, 100):
        gains = numpy.fromfile(os.path.join(folder, f"assignment-{n}")).reshape(-1, n, n)
        costs = [numpy.ascontiguousarray(-g) for g in gains]
        spent = least(seconds, lambda: [linear_sum_assignment(c) for c in costs]) / len(costs)
        value = sum(float(g[linear_sum_assignment(-g)].sum()) for g in gains)
        emit(f"assignment {n} cold", spent, value)
        emit(f"assignment {n} warm", spent, value)
    for nodes in (1000, 10000):
        numbers = numpy.fromfile(os.path.join(folder, f"graph-{nodes}"))
        start, end, costs = numpy.split(numbers, 3)
        graph = csr_matrix((costs, (start.astype(int), end.astype(int))), shape=(nodes, nodes))
        spent = least(seconds, lambda: minimum_spanning_tree(graph))
        emit(f"spanning tree {nodes}", spent, -float(minimum_spanning_tree(graph).sum()))
        spent = least(seconds, lambda: dijkstra(graph, indices=0, return_predecessors=True))
        emit(f"shortest path {nodes}", spent, -float(dijkstra(graph, indices=0)[nodes - 1]))


if __name__ == "__main__":
    main()
