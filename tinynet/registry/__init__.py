"""The choices: one table each; a new choice is one entry in one of these files, and nothing else.

tasks            what a network is to tell of a row, and what follows from it
data_sets        what the network learns from
features         what it sees of two inputs
activations      what a hidden unit does with its sum
losses           what is to become small
optimizers       how a gradient becomes a step
schedules        how the learning rate changes
initialisations  the first weights

An entry's `code` stands in the script that is handed out, and the core evaluates that very text;
where an entry holds a function, the script holds the function's source. So what runs and what is
handed out cannot differ.
"""
