import ArgumentParser
import SyncerFiles

/// How many rows a sync may delete.
///
/// A disk that is not mounted, a wrong folder and a pattern that matches nothing look like a tree
/// whose files were deleted.
enum DeletionLimit: Sendable, Equatable, CustomStringConvertible {
  case count(Int)
  /// Per cent of the rows there are.
  case share(Double)

  /// That of a tree on the device it was on: half of the rows, as rclone's `bisync` has it.
  static let standard = DeletionLimit.share(50)
  /// That of a tree that is on another device than last time.
  static let onAnotherDevice = DeletionLimit.share(10)

  /// Reads a number of rows, or a share such as `50%`.
  init(_ text: String) throws {
    if text.hasSuffix("%"), let share = Double(text.dropLast()), (0...100).contains(share) {
      self = .share(share)
    } else if let count = Int(text), count >= 0 {
      self = .count(count)
    } else {
      throw ValidationError(
        "\"\(text)\" is neither a number of files nor a share of them; write one such as "
          + "\"1000\" or \"50%\".")
    }
  }

  /// Whether so many of the rows may go.
  func allows(_ deleted: Int, of rows: Int) -> Bool {
    switch self {
    case .count(let most): deleted <= most
    case .share(let share): Double(deleted) * 100 <= share * Double(rows)
    }
  }

  var description: String {
    switch self {
    case .count(let most): "\(most)"
    case .share(let share):
      share == share.rounded() ? "\(Int(share)) %" : "\(share) %"
    }
  }
}

/// What is asked before a sync deletes rows.
struct DeletionGuard: Sendable {
  /// The limit that was given; nil for the usual one.
  var limit: DeletionLimit?
  /// Whether a tree without files may empty its index.
  var allowsEmpty: Bool

  /// Why a sync is not to be done; nil where it may be.
  func objection(
    to comparison: Comparison, of folder: String, isOnAnotherDevice: Bool
  ) -> FileError? {
    let (deleted, rows) = (comparison.counts.deleted - comparison.movedCount, comparison.rowCount)
    if deleted == 0 || allowsEmpty && comparison.fileCount == 0 { return nil }
    let device = isOnAnotherDevice ? "is on another device than last time and " : ""
    if comparison.fileCount == 0 {
      return FileError(
        file: folder,
        rule: "\(device)has no file that is to be indexed, but its index has "
          + "\(Self.files(rows)), which would all be deleted",
        remedy: "see to it that its disk is mounted and that --include matches, or add "
          + "--allow-empty; nothing was changed")
    }
    let standard = isOnAnotherDevice ? DeletionLimit.onAnotherDevice : .standard
    let limit = limit ?? standard
    if limit.allows(deleted, of: rows) { return nil }
    return FileError(
      file: folder,
      rule: "\(device)lacks \(deleted) of the \(Self.files(rows)) in its index, more than "
        + "the \(limit) that may be deleted",
      remedy: "see to it that all its disks are mounted and that --include matches, or allow it "
        + "with --max-delete \(deleted); nothing was changed")
  }

  private static func files(_ count: Int) -> String {
    "\(count) \(count == 1 ? "file" : "files")"
  }
}
