"""Links: settings and views <-> the text of an address.

address  Settings <-> the address of the page
maps     which part of which plane of two knobs a map shows
pins     runs that are kept beside the others
"""
