"""Links: settings and views <-> the parameters of an address.

address  Settings and View <-> the address of the page
maps     the plane of two knobs that a map shows
pins     runs that are pinned for comparison
lessons  questions about states of the page
"""
