import Console

/// Why a sync is not to be done: it would delete more rows than it may.
struct TooManyDeletions: Error, Equatable, CustomStringConvertible {
  var description: String
}

extension DeletionGuard {
  /// Sees to it that a sync deletes no more rows than it may.
  ///
  /// - Throws: `TooManyDeletions`.
  func check(_ survey: Survey, of source: String) throws(TooManyDeletions) {
    let (deleted, rows) = (survey.deleted, survey.rowCount)
    switch objection(toDeleting: deleted, of: rows, sourceCount: survey.sourceCount) {
    case nil: return
    case .empties:
      throw TooManyDeletions(
        description:
          "\(source) has no row, but the table has \(rows.counted("row")), which would all be "
          + "deleted; see to it that it is the right source, or add --allow-empty; nothing was changed."
      )
    case .exceeds(let limit):
      throw TooManyDeletions(
        description:
          "\(source) lacks \(deleted) of the \(rows.counted("row")) in the table, more than the "
          + "\(limit) that may be deleted; see to it that it is whole, or allow it with --max-delete "
          + "\(deleted); nothing was changed.")
    }
  }
}
