"""Times two builds of the benchmarks in turn and prints, for each figure, the ratio of the second to the first.

python3 compare_commits.py BEFORE.dll NOW.dll ROUNDS TABLE [TABLE ...], as scripts/compare-commits.sh calls it.
A round runs both as fresh processes, in the other order each time. Printed are the median ratio of the rounds and an
upper bound: the order statistic that the true median exceeds with a probability of at most 5%, whatever the law.
"""

import json
import math
import os
import re
import statistics
import subprocess
import sys


def figures(table, text):
    """Names and times in what a table of the benchmarks prints."""
    found = {}
    for line in text.splitlines():
        if table == "compare" and line.startswith("{"):
            row = json.loads(line)
            for what in ("forward", "both"):
                found[f"{row['case']} {what}"] = row[what]
        elif table == "operators" and line.count("|") == 3 and not line.startswith("ns"):
            name = re.match(r"(.*?)\s{2,}", line).group(1)
            for what, part in zip(("maximizer", "loss", "pullback"), line.split("|")[1:]):
                found[f"{name} {what}"] = float(part.split()[0])
        elif table == "solves" and re.search(r"\s\d+\s+[\d.]+$", line):
            name, _, time = line.rsplit(None, 2)
            found[name] = float(time)
    return found


def bound_index(count):
    """The least i such that the median exceeds the i-th smallest of count ratios with probability at most 0.05."""
    below = 0.0
    for i in range(count):
        below += math.comb(count, i) / 2.0**count
        if 1.0 - below <= 0.05:
            return i
    return None


def report(ratios):
    """A line for each figure; ratios: for each name a list, a number a round."""
    print(f"{'now / before':<36}{'median':>8}{'95% upper bound':>18}")
    for name, values in ratios.items():
        index = bound_index(len(values))
        bound = f"{sorted(values)[index]:.3f}" if index is not None else "too few rounds"
        print(f"{name:<36}{statistics.median(values):>8.3f}{bound:>18}")


def main():
    before, now, rounds, tables = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    for table in tables:
        arguments = [table] + (["0.2"] if table == "compare" else [])
        ratios = {}
        for r in range(rounds):
            times = {}
            for program in [before, now] if r % 2 == 0 else [now, before]:
                output = subprocess.run(["dotnet", program] + arguments, capture_output=True, text=True, check=True)
                times[program] = figures(table, output.stdout)
            for name, time in times[now].items():
                if name in times[before]:
                    ratios.setdefault(name, []).append(time / times[before][name])
        print(f"{table}, {rounds} rounds, load {os.getloadavg()[0]:.1f}")
        report(ratios)


if __name__ == "__main__":
    main()
