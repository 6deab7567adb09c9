/// How many rows some changes add, update and delete.
public struct ChangeCounts: Sendable, Equatable {
  /// Rows that are new.
  public var added = 0
  /// Rows that take the place of others.
  public var updated = 0
  /// Rows that go.
  public var deleted = 0

  /// No changes.
  public init() {}

  /// Counts changes, of which those that change nothing are none.
  public init<Row>(_ changes: [RowChange<Row>]) {
    for change in changes {
      switch change {
      case .insert: added += 1
      case .update: updated += 1
      case .delete: deleted += 1
      case .none: break
      }
    }
  }

  /// All rows that are changed.
  public var total: Int { added + updated + deleted }

  /// Adds the counts of other changes.
  public static func += (total: inout ChangeCounts, more: ChangeCounts) {
    total.added += more.added
    total.updated += more.updated
    total.deleted += more.deleted
  }
}
