"""Files on their way in: taken up again after an interruption (tus 1.0.0), and made evidence when they are whole.

metadata reads what a client says of a file, access says whether this person may hand it in there, parts are the bytes
on the disk, turns how many are received at a time, services holds every write, outcome is what the person is told.
"""
