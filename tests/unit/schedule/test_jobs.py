"""The table of jobs and the models of their keys are about the same kinds."""

from typing import get_args

from netmgr.model.schedule import KINDS
from netmgr.workflows.jobs import JOBS


def test_every_kind_has_a_row_that_takes_its_model():
    assert {kind: job.options for kind, job in JOBS.items()} == dict(KINDS)
    assert [get_args(model.model_fields["job"].annotation) for model in KINDS.values()] == [
        (k,) for k in KINDS
    ]
