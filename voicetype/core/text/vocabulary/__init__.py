"""The user's own words: names and terms in every form, snippets, rules. Pure; any thread.

`document` and `tables` read what the user wrote, `grammar` finds the forms of a term, `vocabulary` compiles all of it
into an index and finds it in recognised words, `rules` work on the finished text.
"""
