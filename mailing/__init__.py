"""What leaves by itself: briefs and alerts, as whom they go to may see them at that moment."""
