"""One module for each card of a group's room, with one function ``room_card(visit)``.

It gives what ``room/cards/<topic>.html`` shows as ``card``, or None to show nothing. The group
is one whose room opens to the viewer, yet a card asks its own selectors what they may see.
"""
