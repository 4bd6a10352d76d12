"""What FRR and the program say, in the shapes that NAPALM specifies (``napalm.base.base.NetworkDriver``)."""
