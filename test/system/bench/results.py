# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Results of every kind that a report may hold, with figures made up for the tests of drawing."""

TALLY = {"sent": 1000000, "received": 1000000, "lost": 0, "reordered": 0, "duplicate": 0, "late": 0, "corrupt": 0,
         "stray": 0, "foreign": 0, "residue": 0, "loss_bound": 3e-6}
VALUES = ("forwarding", "congestion", "learning", "capacity", "broadcast", "scaling", "violation", "policy_change")


def stats(median, spread=0.02):
    """Statistics around a median."""
    return {"n": 10, "median": median, "min": median * (1 - 2 * spread), "max": median * (1 + 2 * spread),
            "ci": [median * (1 - spread), median * (1 + spread)], "ci_level": 0.979, "outliers": 0}


def loss(size, clean):
    """A loss curve: nothing is lost up to the share `clean`."""
    points = [{"share": s / 10, "load_pps": s * 1e6, "offered_pps": s * 0.999e6, "loss_bound": 3e-6, "tally": TALLY,
               "loss_ratio": max(0.0, 1 - clean * 10 / s)} for s in range(10, 1, -1)]
    return {"kind": "loss", "size": size, "points": points}


def back_to_back(size, frames):
    """The longest burst without loss; without frames there was none."""
    return {"kind": "back_to_back", "size": size, "runs": 50, "frames": stats(frames) if frames else None,
            "buffer_time_ns": stats(34000.0) if frames else None, "line_rate_pps": 14880952.0}


def value(kind, name, median, unit, x=None, x_name=None):
    """One figure, maybe over a number of something; None: these ports have none."""
    result = {"kind": kind, "size": "64", "name": name, "x": x, "x_name": x_name, "unit": unit, "tally": TALLY,
              "value": None if median is None else stats(median)}
    if median is None:
        result["not_applicable"] = "one port forwards to nobody"
    return result


def comparison(b, ratio):
    """B against A, whose ratio is known within a hundredth."""
    return {"kind": "comparison", "metric": "cycles a packet", "unit": "cycles", "scenario": "one destination",
            "a": {"name": "policy off", "stats": stats(17.4)}, "b": {"name": b, "stats": stats(17.4 * ratio)},
            "ratio": {"median": ratio, "ci": [ratio - 0.01, ratio + 0.01], "ci_level": 0.95, "min": ratio - 0.02,
                      "max": ratio + 0.02}, "pairs": [[17.4, 17.4 * ratio]] * 10}


def every_kind():
    """Results of all kinds but those that need a device: throughput, latency and hop."""
    results = [loss("64", 0.7), loss("1518", 1.0), back_to_back("64", 1024.0), back_to_back("1518", None)]
    results += [value("scaling", "VF to VF", 30e6 / (1 + n / 40), "pps", n, "VFs") for n in (1, 2, 4, 8, 16, 32, 64)]
    results += [value("scaling", "senders", 28e6 * n, "frames/s", n, "cores") for n in (1, 2)]
    results += [value(kind, "a figure of " + kind, 1.5e6, "things/s") for kind in VALUES if kind != "scaling"]
    results += [value("forwarding", "many to one", None, "frames/s")]
    results += [comparison("spoofchk on", 0.995), comparison("mirror on", 1.31)]
    return results
