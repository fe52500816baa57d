"""Uses every metric of a contract's module and prints what Prometheus would see.

contract.py MODULE
"""

import importlib.util
import sys

from prometheus_client import CollectorRegistry, disable_created_metrics
from prometheus_client.metrics import MetricWrapperBase

disable_created_metrics()
specification = importlib.util.spec_from_file_location("contract", sys.argv[1])
module = importlib.util.module_from_spec(specification)
specification.loader.exec_module(module)
metrics = module.Metrics(registry=CollectorRegistry())
for metric in vars(metrics).values():
    if not isinstance(metric, MetricWrapperBase):
        continue
    child = metric.labels(*["x" for _ in metric._labelnames]) if metric._labelnames else metric
    if hasattr(child, "observe"):
        child.observe(1)
    else:
        child.inc()
body, _ = metrics.exposition()
sys.stdout.write(body.decode())
