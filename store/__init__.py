"""The store itself: settings, paths, releases and the one door through which they are read."""
