"""Loading lists of participants and achievements kept elsewhere (11.1-11.3): located rows → a plan, previewed and then
applied. `columns` says what files may hold, `words` what is written in them, `matching` whom they name, `plan`
compares with what the portal has.
"""
