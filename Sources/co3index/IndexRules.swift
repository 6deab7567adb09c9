import Syncer
import SyncerFiles
import SyncerSQLite

/// What takes part in a sync of an index.
struct IndexRules: Sendable {
  /// The entries that could not be read: rows at and below them stay.
  var unseen: Set<TreePath> = []
  /// Whether the time of the last change of status counts.
  var comparesChangeTime = true
  /// Whether the number of the file (inode) counts.
  var comparesNumber = true
  /// Whether files that look unchanged are read as well.
  var verifies = false

  /// Whether anything is to be done for an entry.
  ///
  /// A row at or below an entry that could not be read stays: its file may still be there.
  func takesPart(_ entry: DiffEntry<TreePath, FileItem, IndexedFile>) -> Bool {
    switch entry {
    case .leftExclusive: true
    case .rightExclusive(let path, _): !isUnseen(path)
    case .intersection(_, let files, let rows):
      verifies || !isUnchanged(files.first?.stamp, rows.first)
    }
  }

  /// Whether a file has the stamp of its row, and any change since would have given it another.
  func isUnchanged(_ stamp: FileStamp?, _ row: IndexedFile?) -> Bool {
    guard var stamp, let row else { return false }
    if !comparesChangeTime { stamp.changedNanoseconds = nil }
    if !comparesNumber { stamp.number = nil }
    return row.isSettled && stamp.agrees(with: row.stamp)
  }

  private func isUnseen(_ path: TreePath) -> Bool {
    if unseen.isEmpty { return false }
    var place: TreePath? = path
    while let current = place {
      if unseen.contains(current) { return true }
      place = current.parent
    }
    return false
  }
}

/// A tree held against its index.
struct Comparison: Sendable {
  let differences: Differences<TreePath, FileItem, IndexedFile>
  let rules: IndexRules
  /// How many entries there are of each kind.
  private(set) var counts = ChangeCounts()
  /// How many of the deleted are files that were moved: they are there under another path.
  private(set) var movedCount = 0
  /// How many rows the index has.
  let rowCount: Int
  /// How many files the tree has.
  let fileCount: Int
  /// What handling the entries is expected to cost, in units of `IndexHandler`.
  private(set) var units = 0.0

  init(_ listing: DirectoryListing, rows: [IndexedFile], rules: IndexRules = IndexRules()) {
    var rules = rules
    rules.unseen = Set(listing.skipped.filter(\.hidesFiles).map(\.path))
    self.rules = rules
    (fileCount, rowCount) = (listing.files.count, rows.count)
    differences = Differences(
      left: listing.files, right: rows, leftKey: \.path, rightKey: \.path)
    for entry in differences where rules.takesPart(entry) {
      switch entry {
      case .leftExclusive(_, let files):
        counts.added += 1
        units += IndexHandler.units(of: files.first)
      case .intersection(_, let files, let rows):
        if !rules.isUnchanged(files.first?.stamp, rows.first) { counts.updated += 1 }
        units += IndexHandler.units(of: files.first)
      case .rightExclusive:
        counts.deleted += 1
        units += IndexHandler.units(of: nil)
      }
    }
    if counts.added > 0 && counts.deleted > 0 { movedCount = countMoved() }
  }

  private func countMoved() -> Int {
    // A move changes the time of the last change of status.
    func body(_ stamp: FileStamp?) -> [Int64]? {
      guard let stamp, let number = stamp.number else { return nil }
      return [stamp.size, stamp.modifiedNanoseconds, Int64(bitPattern: number)]
    }
    var added: Set<[Int64]> = []
    for case .leftExclusive(_, let files) in differences {
      if let body = body(files.first?.stamp) { added.insert(body) }
    }
    return differences.reduce(0) { count, entry in
      guard case .rightExclusive(_, let rows) = entry, rules.takesPart(entry),
        let body = body(rows.first?.stamp)
      else { return count }
      return count + (added.contains(body) ? 1 : 0)
    }
  }

  /// The counts in a sentence.
  var sentence: String {
    if counts.total == 0 {
      return "The index is up to date: \(differences.count.counted("file"))."
    }
    return "To add: \(counts.added), to update: \(counts.updated), to delete: \(counts.deleted)."
  }
}
