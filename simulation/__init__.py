"""A synthetic England whose truth is known, and the files its publishers would have written.

`england.simulate` makes the truth, `arrivals.arrive` says when each person who counts was counted,
`disagreements` names every way in which sources come to differ, `publishers` write the files,
`write.write_england` puts them into a folder. README.md lists what is simulated and how.
"""
