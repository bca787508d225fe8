"""The same operators in plain PyTorch, vectorised over rows and samples as its users write them; JSON lines like Benchmarks' `compare`.

Float32, two threads. The vector-Jacobian product is the leave-one-out score-function estimate. The grid path has no vectorised form in
PyTorch: a heap Dijkstra in Python solves each sample, as the published training codes do.
"""

import heapq
import json
import sys
import time

import torch

torch.set_num_threads(2)


def gumbel(shape):
    return -torch.log(-torch.log(torch.rand(shape).clamp_(1e-10, 1.0 - 1e-7)))


def argmax(eta):
    return torch.nn.functional.one_hot(eta.argmax(-1), eta.shape[-1]).to(eta.dtype)


def ranking(eta):
    return (eta.argsort(-1).argsort(-1) + 1).to(eta.dtype)


def top10(eta):
    return torch.zeros_like(eta).scatter_(-1, eta.topk(10, -1).indices, 1.0)


def dijkstra(cost):
    """Shortest path over the cells of a grid with 8 neighbours; a list of rows of costs."""
    n, m = len(cost), len(cost[0])
    best = {(0, 0): cost[0][0]}
    previous = {}
    heap = [(cost[0][0], (0, 0))]
    done = set()
    while heap:
        length, cell = heapq.heappop(heap)
        if cell in done:
            continue
        done.add(cell)
        if cell == (n - 1, m - 1):
            break
        i, j = cell
        for a in (-1, 0, 1):
            for b in (-1, 0, 1):
                x, y = i + a, j + b
                if (a or b) and 0 <= x < n and 0 <= y < m and (x, y) not in done:
                    candidate = length + cost[x][y]
                    if candidate < best.get((x, y), float("inf")):
                        best[(x, y)] = candidate
                        previous[(x, y)] = cell
                        heapq.heappush(heap, (candidate, (x, y)))
    path = [[0.0] * m for _ in range(n)]
    cell = (n - 1, m - 1)
    while cell in previous:
        path[cell[0]][cell[1]] = 1.0
        cell = previous[cell]
    path[cell[0]][cell[1]] = 1.0
    return path


def grid(eta):
    flat = (-eta).clamp(min=0.0).reshape(-1, 12, 12).tolist()
    return torch.tensor([dijkstra(c) for c in flat]).reshape(eta.shape)


CASES = [
    ("argmax", 32, 10, 1000, gumbel, argmax),
    ("argmax-wide", 128, 1000, 100, gumbel, argmax),
    ("ranking", 32, 100, 1000, torch.randn, ranking),
    ("ranking-step", 32, 100, 1, torch.randn, ranking),
    ("top-10", 32, 1000, 100, torch.randn, top10),
    ("grid-1", 70, 144, 1, torch.randn, grid),
    ("grid-16", 70, 144, 16, torch.randn, grid),
]


def least(seconds, work):
    best, runs, start = float("inf"), 0, time.perf_counter()
    while runs < 3 or time.perf_counter() - start < seconds:
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
        runs += 1
    return best


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    for name, rows, d, samples, noise, solver in CASES:
        if len(sys.argv) > 2 and name not in sys.argv[2:]:
            continue
        theta = torch.randn(rows, d)
        if name.startswith("grid"):
            theta = -1.0 - theta.abs()
        cotangent = torch.randn(rows, d)

        def score(z):
            return 1.0 - torch.exp(-z) if noise is gumbel else z

        def forward():
            z = noise((samples, rows, d))
            y = solver(theta + z)
            return z, y, y.mean(0)

        def both():
            z, y, mean = forward()
            centred = y - mean if samples > 1 else y - solver(theta)
            weight = (centred * cotangent).sum(-1, keepdim=True)
            return (weight * score(z)).sum(0) / max(samples - 1, 1)

        with torch.no_grad():
            record = {"case": name, "rows": rows, "dimension": d, "samples": samples, "threads": torch.get_num_threads()}
            record["forward"] = least(seconds, forward)
            record["both"] = least(seconds, both)
            print(json.dumps(record), flush=True)


if __name__ == "__main__":
    main()
