"""Becomes another program, with bounded memory and files: argv is memory (bytes), file size (bytes), the command."""

import os
import resource
import sys


def main() -> None:
    memory, file_size, *command = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(file_size), int(file_size)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
