"""Loading gradebooks kept elsewhere (7.1, 11.2): files → located items → a plan, previewed and then applied.

An importer (`importers/`) knows one kind of file: how to tell it, and where in it what stands. The next system is one
more file there. `matching` finds whom and what the words mean, `plan` compares with what the journal has.
"""
