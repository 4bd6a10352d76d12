"""Fixtures as NAPALM's own drivers have them."""

import pytest
from napalm.base.test import conftest as parent_conftest


@pytest.fixture(scope="class")
def set_device_parameters(request):
    """Open the device of the tests' class: recorded, or with NAPALM_TEST_MOCK=0 a real one."""
    yield parent_conftest.set_device_parameters(request)
    request.cls.device.close()


def pytest_generate_tests(metafunc):
    """One test for each recorded case."""
    parent_conftest.pytest_generate_tests(metafunc, __file__)
