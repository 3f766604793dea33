"""Epoch -> its five lines, each with its results.

message     all lines as one message for the browser
loop_lines  the five lines
results     the results of each line, as blocks
step        the results of the last line: the optimizer's step
rule        the optimizer's update rule, number by number
blocks      the kinds of blocks
"""
