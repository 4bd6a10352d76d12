"""Verify an exported service log: python3 verify_export.py EXPORT.jsonl BODIES-DIRECTORY"""

import json
import sys
from hashlib import sha256
from pathlib import Path


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


export, bodies = Path(sys.argv[1]), Path(sys.argv[2])
count, prev, time, chain, present, absent, erased = 0, "0" * 64, "", set(), set(), set(), set()
for count, line in enumerate(export.read_bytes().splitlines(), 1):
    entry = json.loads(line, parse_float=int, parse_constant=int)  # neither 1.5 nor NaN is an int
    form, own = canonical(entry), entry.pop("hash")
    if form != line or sha256(canonical(entry)).hexdigest() != own:
        sys.exit(f"line {count}: edited")
    chain.add((entry["client"], entry["stream"]))
    if (entry["seq"], entry["prev"]) != (count, prev) or entry["time"] < time or len(chain) > 1:
        sys.exit(f"line {count}: an entry is missing, misplaced or replaced")
    prev, time = own, entry["time"]
    if digest := entry.get("body", {}).get("digest"):
        parts = [part.read_bytes() for part in (bodies / f"{digest}.salt", bodies / digest) if part.exists()]
        (present if sha256(b"".join(parts)).hexdigest() == digest else absent).add(digest)
    erased.update([entry["facts"]["digest"]] if entry["kind"] == "erasure" else [])
gone, missing = absent & erased, absent - erased
print(f"{count} entries, last hash {prev}; bodies: {len(present)} present, {len(gone)} erased by order")
sys.exit(f"MISSING or altered: {sorted(missing)}" if missing else 0 if count else "no entries")
