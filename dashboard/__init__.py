"""What people see: pages that ask the current release, draw the answer and place it."""
