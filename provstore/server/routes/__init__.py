"""The routes, one module per noun: requests come in through `access.authorize`, answers of the store go out.

A module has a `router` whose routes are written with their whole path, and `ACCESS`, the action that each one needs.
"""
