"""The command line: parse → call a workflow → view. The CLI asks, the workflow decides."""
