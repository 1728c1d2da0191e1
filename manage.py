#!/usr/bin/env python
"""Django's command-line entry point."""

import os
import sys


def main() -> None:
    os.umask(0o077)  # what is written, the database above all, is for this account alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tcm_demo.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
