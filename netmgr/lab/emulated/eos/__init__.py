"""Emulated Arista EOS: eAPI over HTTPS, configuration sessions, commit timers."""
