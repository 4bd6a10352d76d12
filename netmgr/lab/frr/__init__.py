"""Real FRRouting routers in Linux namespaces, for an ordinary user as for root.

``lab`` is the adapter, in the caller's process. It starts ``supervisor``, the first process of the lab's namespaces,
which forks one ``router`` for each device and forwards loopback ports to their management addresses (``forwarder``).
The two halves share ``order``; the second imports nothing heavy, so that a lab of 40 routers boots in seconds.
"""
