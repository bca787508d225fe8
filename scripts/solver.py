"""A solver in Python behind Oracle.ofProcess: the k largest of d entries. Lines of JSON in, lines of JSON out."""
import json
import sys

K = int(sys.argv[1])


def solve(theta):
    """A solution, or why there is none."""
    if K > len(theta):
        return {"failed": "infeasible", "reason": f"{K} of {len(theta)} entries cannot be chosen"}
    chosen = sorted(range(len(theta)), key=lambda i: (-theta[i], i))[:K]
    return [1 if i in chosen else 0 for i in range(len(theta))]


for line in sys.stdin:
    solutions = [solve(theta) for theta in json.loads(line)["thetas"]]
    print(json.dumps({"solutions": solutions}), flush=True)
