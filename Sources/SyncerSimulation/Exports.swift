// What runs and what is measured are one thing to whoever uses the simulation.
@_exported public import SyncerTesting
