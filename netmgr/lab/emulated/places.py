"""What lies where in the directory of a lab's emulated devices, and how their front ends are reached.

Beside these files each device has its journal, ``DEVICE.journal``, and a directory of its own, ``DEVICE.files``.
"""

LOOPBACK = "127.0.0.1"
USER = "admin"
#: The process, once every device answers.
RECORD = "emulated.json"
#: Host keys of all devices; certificates that are trusted stand in a file of the same name with this ending.
KNOWN_HOSTS, CERTIFICATES = "known_hosts", ".pem"
#: The key and the password that every device lets in.
IDENTITY, PASSWORD = "identity", "password"
