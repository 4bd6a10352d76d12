"""What a platform's form and driver must do, as laws that any test runner can hold them to.

netmgr's own are held to the same (tests/unit/platforms/test_form_laws.py, tests/contract/drivers). Each law is a
function that yields what is wrong, in words; nothing means that it holds. No test library is imported here.
"""

from netmgr.conformance.driver_laws import DRIVER_LAWS, Bench
from netmgr.conformance.form_laws import FORM_LAWS, Samples
from netmgr.conformance.silence import Saying

__all__ = ["DRIVER_LAWS", "FORM_LAWS", "Bench", "Samples", "Saying"]
