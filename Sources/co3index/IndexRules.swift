import Syncer
import SyncerFiles

/// What takes part in a sync of an index.
enum IndexRules {
  /// Whether anything is to be done for an entry.
  ///
  /// A file with the size and time of its row is taken for unchanged. A row at or below an entry
  /// that could not be read stays: its file may still be there.
  static func takesPart(
    _ entry: DiffEntry<TreePath, FileItem, IndexedFile>, unseen: Set<TreePath>
  ) -> Bool {
    switch entry {
    case .leftExclusive: true
    case .rightExclusive(let path, _): !isUnseen(path, unseen)
    case .intersection(_, let files, let rows): files.first?.stamp != rows.first?.stamp
    }
  }

  private static func isUnseen(_ path: TreePath, _ unseen: Set<TreePath>) -> Bool {
    if unseen.isEmpty { return false }
    var place: TreePath? = path
    while let current = place {
      if unseen.contains(current) { return true }
      place = current.parent
    }
    return false
  }
}
