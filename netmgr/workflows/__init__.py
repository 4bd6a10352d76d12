"""Workflows: read a port → ask the domain → log → act. No printing, prompting, environment or current directory."""
