"""Find people of an agency by names, numbers and what else is known; and keep the file that finds them.

`actions.searching.find` is the door for people, `alike.look_alikes` that for work of the machine.
"""
