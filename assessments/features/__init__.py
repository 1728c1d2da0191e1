"""Feature projects (一县一特色): what a county does that others do not, and how far that is."""
