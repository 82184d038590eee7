"""The service: HTTP requests come in, documents go to the ledger and answers go out, as the command line gives them.

`app` joins the parts, `service` holds what lives as long as the process, `routes` has one module per noun. Needs the
extra `server`; nothing else in provstore imports its packages.
"""
