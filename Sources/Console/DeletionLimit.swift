/// How many rows a sync may delete, as `--max-delete` says: a number, or a share of the rows there are.
public enum DeletionLimit: Sendable, Equatable, CustomStringConvertible {
  /// So many rows.
  case count(Int)
  /// Per cent of the rows there are.
  case share(Double)

  /// Half of the rows, as rclone's `bisync` has it.
  public static let standard = DeletionLimit.share(50)

  /// Reads a number of rows, or a share such as `50%`.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - noun: What a row is one of, in the plural, for the error.
  /// - Throws: `ArgumentError` for a text that is neither.
  public init(_ text: String, of noun: String) throws(ArgumentError) {
    if text.hasSuffix("%"), let share = Double(text.dropLast()), (0...100).contains(share) {
      self = .share(share)
    } else if let count = Int(text), count >= 0 {
      self = .count(count)
    } else {
      throw ArgumentError(
        description: "\"\(text)\" is neither a number of \(noun) nor a share of them; write one "
          + "such as \"1000\" or \"50%\".")
    }
  }

  /// Whether so many of the rows may go.
  public func allows(_ deleted: Int, of rows: Int) -> Bool {
    switch self {
    case .count(let most): deleted <= most
    case .share(let share): Double(deleted) * 100 <= share * Double(rows)
    }
  }

  public var description: String {
    switch self {
    case .count(let most): "\(most)"
    case .share(let share): share == share.rounded() ? "\(Int(share)) %" : "\(share) %"
    }
  }
}

/// What is asked before a sync deletes rows.
///
/// A disk that is not mounted, a source that was cut short, a wrong one and a pattern that matches
/// nothing look like a source whose items were deleted.
public struct DeletionGuard: Sendable {
  /// Why a sync is not to be done.
  public enum Objection: Sendable, Equatable {
    /// The source has nothing, and all rows would go.
    case empties
    /// More rows would go than this.
    case exceeds(DeletionLimit)
  }

  /// The limit that was given; nil for the usual one.
  public var limit: DeletionLimit?
  /// Whether a source that has nothing may empty the table.
  public var allowsEmpty: Bool

  /// Makes a guard.
  public init(limit: DeletionLimit?, allowsEmpty: Bool) {
    self.limit = limit
    self.allowsEmpty = allowsEmpty
  }

  /// Whether it objects to nothing.
  public var allowsAll: Bool { limit == .share(100) && allowsEmpty }

  /// Holds a sync against the limits.
  ///
  /// - Parameters:
  ///   - deleted: How many rows would go.
  ///   - rows: How many rows there are.
  ///   - sourceCount: How many items the source has.
  ///   - usual: The limit where none was given.
  /// - Returns: what it objects to; nil where the rows may go.
  public func objection(
    toDeleting deleted: Int, of rows: Int, sourceCount: Int, usual: DeletionLimit = .standard
  ) -> Objection? {
    if deleted == 0 || allowsEmpty && sourceCount == 0 { return nil }
    if sourceCount == 0 { return .empties }
    let limit = limit ?? usual
    return limit.allows(deleted, of: rows) ? nil : .exceeds(limit)
  }
}
