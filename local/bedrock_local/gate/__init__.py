"""What stands before the emulator: who may ask it, from where, for what, and how much may be sent.

A local AWS runs code for whoever may deploy to it, so it answers its owner alone. Everything that comes in passes
`gate`, in this order: the name it was called by and the page that called (`origins`), the emulator's own paths
(`paths`), who signed (`signatures`) or whether anybody may (`public_objects`), and only then the body (`bodies`).
"""
