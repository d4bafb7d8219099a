"""Clocks: due dates with proof. Pure: values in, values out; knows guidance, not Django.

`calendar` says which days count; `interval` counts them; `engine` runs a pathway over the events of a case; `order`
says whether an event may be recorded; `case` reads a case written as a file.
"""
