"""`python3 large-prof.py FILE` writes a .prof of 20,000 functions with five callers each, the same at every run."""

import marshal
import random
import sys

random.seed(1)
functions = [(f"/srv/app/modules/module{i % 300}.py", i, f"function{i}") for i in range(20_000)]


def figures():
    calls = random.randrange(1, 10_000)
    own = random.random()
    return calls, calls, own, own + random.random()


stats = {fn: (*figures(), {caller: figures() for caller in random.sample(functions, 5)}) for fn in functions}
with open(sys.argv[1], "wb") as file:
    marshal.dump(stats, file)
