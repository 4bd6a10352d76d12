"""Documents as values, in the words of a locale, and rendered: what agreements, reports and invoices share (pure)."""
