import Console
import Syncer
import SyncerFiles
import SyncerSQLite

extension DeletionLimit {
  /// That of a tree that is on another device than last time.
  static let onAnotherDevice = DeletionLimit.share(10)
}

extension DeletionGuard {
  /// Why a sync is not to be done; nil where it may be.
  func objection(
    to comparison: Comparison, of folder: String, isOnAnotherDevice: Bool
  ) -> FileError? {
    let (deleted, rows) = (comparison.counts.deleted - comparison.movedCount, comparison.rowCount)
    let device = isOnAnotherDevice ? "is on another device than last time and " : ""
    switch objection(
      toDeleting: deleted, of: rows, sourceCount: comparison.fileCount,
      usual: isOnAnotherDevice ? .onAnotherDevice : .standard)
    {
    case nil: return nil
    case .empties:
      return FileError(
        file: folder,
        rule: "\(device)has no file that is to be indexed, but its index has "
          + "\(rows.counted("file")), which would all be deleted",
        remedy: "see to it that its disk is mounted and that --include matches, or add "
          + "--allow-empty; nothing was changed")
    case .exceeds(let limit):
      return FileError(
        file: folder,
        rule: "\(device)lacks \(deleted) of the \(rows.counted("file")) in its index, more than "
          + "the \(limit) that may be deleted",
        remedy: "see to it that all its disks are mounted and that --include matches, or allow it "
          + "with --max-delete \(deleted); nothing was changed")
    }
  }
}
