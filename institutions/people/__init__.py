"""The people of a county: accounts, what each may do, one by one or from Excel."""
