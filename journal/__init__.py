"""What people write down: notes and what follows from them, who they are, what they looked at."""
