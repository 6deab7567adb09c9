import ArgumentParser

/// How many rows a sync may delete: a number, or per cent of the rows there are.
///
/// A source that was cut short and a wrong one look like one whose rows were deleted.
enum DeletionLimit: Sendable, Equatable, CustomStringConvertible {
  case count(Int)
  case share(Double)

  /// Half of the rows, as `co3index` has it.
  static let standard = DeletionLimit.share(50)

  /// Reads a number of rows, or a share such as `50%`.
  init(_ text: String) throws {
    if text.hasSuffix("%"), let share = Double(text.dropLast()), (0...100).contains(share) {
      self = .share(share)
    } else if let count = Int(text), count >= 0 {
      self = .count(count)
    } else {
      throw ValidationError(
        "\"\(text)\" is neither a number of rows nor a share of them; write one such as "
          + "\"1000\" or \"50%\".")
    }
  }

  func allows(_ deleted: Int, of rows: Int) -> Bool {
    switch self {
    case .count(let most): deleted <= most
    case .share(let share): Double(deleted) * 100 <= share * Double(rows)
    }
  }

  var description: String {
    switch self {
    case .count(let most): "\(most)"
    case .share(let share): share == share.rounded() ? "\(Int(share)) %" : "\(share) %"
    }
  }
}

/// Why a sync is not to be done: it would delete more rows than it may.
struct TooManyDeletions: Error, Equatable, CustomStringConvertible {
  var description: String
}

/// What is asked before a sync deletes rows.
struct DeletionGuard: Sendable {
  var limit: DeletionLimit
  /// Whether a source without rows may empty the table.
  var allowsEmpty: Bool

  /// Whether nothing that could be found out would be refused.
  var allowsAll: Bool { limit == .share(100) && allowsEmpty }

  /// Sees to it that a sync deletes no more rows than it may.
  ///
  /// - Throws: `TooManyDeletions`.
  func check(_ survey: Survey, of source: String) throws(TooManyDeletions) {
    let (deleted, rows) = (survey.deleted, survey.rowCount)
    if deleted == 0 || allowsEmpty && survey.sourceCount == 0 { return }
    if survey.sourceCount == 0 {
      throw TooManyDeletions(
        description:
          "\(source) has no row, but the table has \(Self.rows(rows)), which would all be "
          + "deleted; see to it that it is the right source, or add --allow-empty; nothing was changed."
      )
    }
    if limit.allows(deleted, of: rows) { return }
    throw TooManyDeletions(
      description:
        "\(source) lacks \(deleted) of the \(Self.rows(rows)) in the table, more than the "
        + "\(limit) that may be deleted; see to it that it is whole, or allow it with --max-delete "
        + "\(deleted); nothing was changed.")
  }

  private static func rows(_ count: Int) -> String { "\(count) \(count == 1 ? "row" : "rows")" }
}
