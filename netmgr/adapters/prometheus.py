"""Metrics for Prometheus: its text format, the file that node_exporter's textfile collector reads, and loopback HTTP.

With prometheus_client, the Prometheus project's own library.
"""

import socket
from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, generate_latest, make_wsgi_app, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from netmgr.errors import NetmgrError, StoreError, UsageError
from netmgr.model.metric import Metric

Measure = Callable[[], Iterable[Metric]]
#: Seconds after which a server without requests looks whether it is to stop.
_LOOK: Final = 0.5
_LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "[::1]")


def text(measure: Measure) -> str:
    """The text format (version 0.0.4)."""
    return generate_latest(_registry(measure)).decode()


def write(measure: Measure, path: Path) -> None:
    """Replace the file at once, so that no half of one is ever read. Others may read it: node_exporter does."""
    if path.suffix != ".prom":
        raise UsageError(f"{path}: node_exporter reads files whose name ends in .prom; name it so")
    try:
        write_to_textfile(str(path), _registry(measure))
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror}); make its directory writable for you"
        ) from error


def server(measure: Measure, address: str, port: int) -> WSGIServer:
    """A web server on a loopback address, whose ``/metrics`` is measured anew for each request. Port 0: any.

    Raises UsageError for another address: there is neither encryption nor a login.
    """
    try:
        loopback = ip_address(address).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UsageError(
            f"--listen {address}: metrics are served on loopback only (127.0.0.1 or ::1): they name your clients, "
            "and nothing protects them; let an agent of your monitoring on this machine fetch them"
        )
    application = make_wsgi_app(_registry(measure))

    def local(environ: dict[str, Any], start_response: Any) -> Any:
        """A name that others gave this address must not lead a browser here (DNS rebinding)."""
        host = str(environ.get("HTTP_HOST", ""))
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        if name not in _LOCAL_NAMES or environ.get("PATH_INFO") != "/metrics":
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"metrics are at /metrics\n"]
        try:
            return application(environ, start_response)
        except NetmgrError as error:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8")])
            return [f"{error}\n".encode()]

    try:
        return make_server(address, port, local, _server_of(address), _Quiet)
    except OSError as error:
        raise UsageError(f"--listen {address}:{port}: {error.strerror}; choose another port") from error


def serve(server: WSGIServer, stopped: Callable[[], bool]) -> None:
    """One request after the other, until ``stopped``; one that has begun is answered."""
    server.timeout = _LOOK
    while not stopped():
        server.handle_request()


def _server_of(address: str) -> type[WSGIServer]:
    class Server(WSGIServer):
        address_family = socket.AF_INET6 if ":" in address else socket.AF_INET

    return Server


class _Quiet(WSGIRequestHandler):
    """Requests are not worth a line each; one that is not finished in time is left."""

    timeout = 10

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's name
        """Say nothing."""

    def address_string(self) -> str:
        """No look-ups of names."""
        return str(self.client_address[0])


class _Measured(Collector):
    def __init__(self, measure: Measure) -> None:
        self._measure = measure

    def describe(self) -> list[Any]:
        """Nothing is measured when a registry is made."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        for metric in self._measure():
            names = tuple(metric.samples[0].labels) if metric.samples else ()
            kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
            family = kind(metric.name, metric.help, labels=names)
            for sample in metric.samples:
                family.add_metric([sample.labels[name] for name in names], sample.value)
            yield family


def _registry(measure: Measure) -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Measured(measure))
    return registry
