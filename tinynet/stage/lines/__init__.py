"""One epoch -> its five lines, each with what it made.

message  all of it for the browser
five     the five lines
made     what each has made, as blocks
step     the last line: the optimizer's step
rule     the optimizer's rule, number by number
blocks   blocks of numbers, for the browser
"""
