"""scipy's solvers, and plain Python where scipy has none (paths over the cells of grids), on the instances that Benchmarks' `scipy` wrote; JSON lines of seconds and value like its own."""

import heapq
import json
import os
import sys
import time

import numpy
from scipy.optimize import linear_sum_assignment, linprog
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


def dijkstra_cells(costs, n):
    """The cost of the cheapest path over cells with 8 neighbours, and its cells, with a heap of tuples."""
    distance, before, heap = {0: costs[0]}, {}, [(costs[0], 0)]
    while heap:
        here, cell = heapq.heappop(heap)
        if cell == n * n - 1:
            break
        if here > distance[cell]:
            continue
        r, c = divmod(cell, n)
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                if 0 <= r + down < n and 0 <= c + right < n:
                    other = (r + down) * n + c + right
                    way = here + costs[other]
                    if way < distance.get(other, float("inf")):
                        distance[other], before[other] = way, cell
                        heapq.heappush(heap, (way, other))
    path, cell = [n * n - 1], n * n - 1
    while cell:
        cell = before[cell]
        path.append(cell)
    return distance[n * n - 1], path


def right_down_cells(costs, n):
    """The same for steps to the right and down, cell by cell."""
    best = list(costs)
    for cell in range(1, n * n):
        r, c = divmod(cell, n)
        best[cell] += min(best[cell - n] if r else float("inf"), best[cell - 1] if c else float("inf"))
    path, cell = [n * n - 1], n * n - 1
    while cell:
        r, c = divmod(cell, n)
        cell -= n if r and (not c or best[cell - n] <= best[cell - 1]) else 1
        path.append(cell)
    return best[n * n - 1], path


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
    for m, d in ((20, 10), (60, 40)):
        numbers = numpy.fromfile(os.path.join(folder, f"program-{m}-{d}"))
        a, b, gains = numbers[: m * d].reshape(m, d), numbers[m * d : m * d + m], numbers[m * d + m :].reshape(-1, d)
        solve = lambda: [linprog(-g, A_ub=a, b_ub=b, bounds=(0, 1), method="highs").fun for g in gains]
        spent = least(seconds, solve) / len(gains)
        value = -sum(solve())
        emit(f"linear program {m}x{d} cold", spent, value)
        emit(f"linear program {m}x{d} warm", spent, value)
    for name, n, solve in (
        ("grid 12x12, 8 neighbours", 12, dijkstra_cells),
        ("grid 5x5 right/down", 5, right_down_cells),
    ):
        cells = (-numpy.fromfile(os.path.join(folder, f"cells-{n * n}")).reshape(-1, n * n)).tolist()
        spent = least(seconds, lambda: [solve(costs, n) for costs in cells]) / len(cells)
        emit(name, spent, -sum(solve(costs, n)[0] for costs in cells))
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
