"""netmgr: network changes for managed service providers, planned, transactional, proved and logged."""
