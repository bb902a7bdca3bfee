"""What a child process that reads a stranger's file may use; imports nothing heavy on purpose."""

import resource

MEGABYTE = 1 << 20
MEMORY = 4096 * MEGABYTE
SECONDS = 180


def limit_this_process() -> None:
    """Bind a child before it sees a byte: memory, processor time, no core file, no output file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
