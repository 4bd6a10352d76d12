"""A session that answers what a real router once answered: see record.py."""

from napalm.base.test.double import BaseTestDouble

from napalm_frr.driver import FRRDriver


def file_name(operation, parameters):
    """Where the answer to a request is kept, in the directory of its test case."""
    words = [operation, *(f"{key} {value}" for key, value in sorted(parameters.items()))]
    return BaseTestDouble.sanitize_text(" ".join(words)).strip("_") + ".json"


class RecordedSession(BaseTestDouble):
    """Stands where ``napalm_frr.session.Session`` does. NAPALM's tests tell it which case is being tested."""

    def request(self, operation, limit, **parameters):
        """The recorded answer."""
        return self.read_json_file(self.find_file(file_name(operation, parameters)))

    def alive(self):
        """As ``Session.alive``."""
        return self.request("ping", 10) == {}

    def close(self):
        """There is nothing to close."""


class RecordedDriver(FRRDriver):
    """The driver over a recorded session."""

    def __init__(self, hostname, username, password, timeout=60, optional_args=None):
        super().__init__(hostname, username, password, timeout, optional_args)
        self.patched_attrs = ["_session"]

    def open(self):
        """Nothing is connected."""
        self._session = RecordedSession()
