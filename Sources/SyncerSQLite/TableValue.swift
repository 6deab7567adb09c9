public import GRDB
@_exported public import SyncerTables

/// A value of a row: a number, a text, bytes, or anything else that GRDB can store.
public typealias TableValue = any DatabaseValueConvertible & Sendable
