import Syncer
import SyncerFiles
import SyncerSQLite

/// Turns the differences between a tree and its index into changes of the index.
struct IndexHandler: TableSyncHandler {
  let index: IndexFile
  let rules: IndexRules
  let followsLinks: Bool
  let journal: Journal
  let limit: TimeLimit
  let writer: TableWriter<FileRow>

  init(
    index: IndexFile, rules: IndexRules, followsLinks: Bool = false, journal: Journal,
    limit: TimeLimit = TimeLimit()
  ) {
    self.index = index
    self.rules = rules
    self.followsLinks = followsLinks
    self.journal = journal
    self.limit = limit
    writer = TableWriter(database: index.file.queue)
  }

  typealias Entry = DiffEntry<TreePath, FileItem, IndexedFile>

  /// What handling costs: the bytes of a file, and what a file costs besides them; without a file
  /// the deletion of a row.
  static func units(of file: FileItem?) -> Double {
    file.map { Double($0.stamp.size) + 32_768 } ?? 4_096
  }

  /// Files are of one class: what reading one and writing its row take goes by its size alone.
  ///
  /// With a class per kind, every kind met late in a tree would cut a chunk short to be looked at.
  static let file: CostClass = "(file)"

  /// Rows to delete cost nothing that depends on the file they were of.
  static let deletion: CostClass = "(deletion)"

  func filter(_ entry: Entry) -> Bool { rules.takesPart(entry) }

  func costClass(of entry: Entry) -> CostClass {
    switch entry {
    case .leftExclusive, .intersection: Self.file
    case .rightExclusive: Self.deletion
    }
  }

  func costHint(of entry: Entry) -> Double? {
    switch entry {
    case .leftExclusive(_, let files), .intersection(_, let files, _):
      files.first.map { Self.units(of: $0) }
    case .rightExclusive: nil
    }
  }

  /// A row takes as long for a small file as for a large one.
  var processingGrowsWithHint: Bool { false }

  func handleLeftExclusive(
    _ key: TreePath, _ items: ArraySlice<FileItem>
  ) async throws -> RowChange<FileRow> {
    try read(items.first) { .insert($0) }
  }

  func handleRightExclusive(
    _ key: TreePath, _ items: ArraySlice<IndexedFile>
  ) async throws -> RowChange<FileRow> {
    journal.didHandle(nil)
    return .delete(key: [key.stored])
  }

  func handleIntersection(
    _ key: TreePath, _ left: ArraySlice<FileItem>, _ right: ArraySlice<IndexedFile>
  ) async throws -> RowChange<FileRow> {
    try read(left.first) { row in
      guard let known = right.first, let digest = known.sha256 else { return .update(row) }
      let looksUnchanged = rules.isUnchanged(row.stamp, known)
      if looksUnchanged && digest != row.sha256 { journal.mismatch(key) }
      let isAsIndexed = digest == row.sha256 && known.isSettled && known.stamp == row.stamp
      return isAsIndexed ? .none : .update(row)
    }
  }

  func processChunk(_ chunk: HandledChunk<RowChange<FileRow>>) async throws {
    let changes = ChangeCounts(chunk.outputs)
    journal.willCommit(chunk.number, changes, items: chunk.outputs.count)
    do {
      try writer.write(chunk.outputs, with: try index.rows(of: chunk.learned))
    } catch {
      // SQLite sees only that something is wrong with a file that was moved away.
      try index.file.checkPlace()
      throw error
    }
    try index.file.checkPlace()
    journal.didCommit(changes)
  }

  /// Reads a file; one that cannot be read changes nothing, and a row it has stays.
  private func read(
    _ item: FileItem?, _ change: (FileRow) -> RowChange<FileRow>
  ) throws -> RowChange<FileRow> {
    guard let item else { return .none }
    defer { journal.didHandle(item) }
    do {
      return change(try item.digested(followsLinks: followsLinks, goOn: limit.check))
    } catch let error as FileError {
      journal.skip(SkippedEntry(root: item.root, path: item.path, error: error))
    } catch is OutOfTime {
      journal.runOutOfTime()
    }
    return .none
  }
}
