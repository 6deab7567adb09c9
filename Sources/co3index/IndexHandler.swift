import Syncer
import SyncerFiles
import SyncerSQLite

/// Turns the differences between a tree and its index into changes of the index.
struct IndexHandler: TableSyncHandler {
  let writer: TableWriter<FileRow>
  /// The entries that could not be read: rows at and below them stay.
  let unseen: Set<TreePath>
  let followsLinks: Bool
  let journal: Journal

  typealias Entry = DiffEntry<TreePath, FileItem, IndexedFile>

  /// What reading and indexing a file costs besides its bytes, as bytes.
  private static let constantHint = 32_768.0

  /// Rows to delete cost nothing that depends on the file they were of.
  static let deletion: CostClass = "(deletion)"

  func filter(_ entry: Entry) -> Bool {
    IndexRules.takesPart(entry, unseen: unseen)
  }

  func costClass(of entry: Entry) -> CostClass {
    switch entry {
    case .leftExclusive(let path, let files), .intersection(let path, let files, _):
      CostClass(files.first?.kind ?? path.kind)
    case .rightExclusive: Self.deletion
    }
  }

  func costHint(of entry: Entry) -> Double? {
    switch entry {
    case .leftExclusive(_, let files), .intersection(_, let files, _):
      files.first.map { Double($0.stamp.size) + Self.constantHint }
    case .rightExclusive: nil
    }
  }

  func handleLeftExclusive(
    _ key: TreePath, _ items: ArraySlice<FileItem>
  ) async throws -> RowChange<FileRow> {
    try read(items.first) { .insert($0) }
  }

  func handleRightExclusive(
    _ key: TreePath, _ items: ArraySlice<IndexedFile>
  ) async throws -> RowChange<FileRow> {
    .delete(key: [key.stored])
  }

  func handleIntersection(
    _ key: TreePath, _ left: ArraySlice<FileItem>, _ right: ArraySlice<IndexedFile>
  ) async throws -> RowChange<FileRow> {
    try read(left.first) { .update($0) }
  }

  func processChunk(_ chunk: HandledChunk<RowChange<FileRow>>) async throws {
    let changes = ChangeCounts(chunk.outputs)
    journal.willCommit(chunk.number, changes, items: chunk.outputs.count)
    try writer.write(chunk.outputs)
    journal.didCommit(changes)
  }

  /// Reads a file; one that cannot be read changes nothing, and a row it has stays.
  private func read(
    _ item: FileItem?, _ change: (FileRow) -> RowChange<FileRow>
  ) throws -> RowChange<FileRow> {
    guard let item else { return .none }
    do {
      return change(try item.digested(followsLinks: followsLinks))
    } catch let error as FileError {
      journal.skip(SkippedEntry(root: item.root, path: item.path, error: error))
      return .none
    }
  }
}

/// How many rows were added, updated and deleted.
struct ChangeCounts: Sendable, Equatable {
  var added = 0
  var updated = 0
  var deleted = 0

  init() {}

  init(_ changes: [RowChange<FileRow>]) {
    for change in changes {
      switch change {
      case .insert: added += 1
      case .update: updated += 1
      case .delete: deleted += 1
      case .none: break
      }
    }
  }

  static func += (total: inout ChangeCounts, more: ChangeCounts) {
    total.added += more.added
    total.updated += more.updated
    total.deleted += more.deleted
  }

  var total: Int { added + updated + deleted }
}
