"""What a platform's form must do, as laws that any test runner can hold it to.

netmgr's own forms are held to the same (tests/unit/platforms/test_form_laws.py). Each law is a function that yields
what is wrong, in words; nothing means that it holds. No test library is imported here.
"""

from netmgr.conformance.form_laws import FORM_LAWS, Samples

__all__ = ["FORM_LAWS", "Samples"]
