internal import Foundation
internal import Syncer
internal import Synchronization

/// The reading of one tree, folder by folder.
struct TreeWalk: Sendable {
  /// What a folder has that is of interest.
  enum Entry: Sendable {
    case file(FileItem)
    case folder(TreePath)

    var path: TreePath {
      switch self {
      case .file(let item): item.path
      case .folder(let path): path
      }
    }
  }

  /// Is told of an entry that is skipped; what it throws ends the reading.
  typealias Skip = (SkippedEntry) throws -> Void

  let resource: DirectoryResource
  let root: String
  private var identity: FileIdentity?
  private var visited: Set<FileIdentity> = []
  /// Counts the entries, whoever reads them.
  private let entries = EntryCounter()

  init(resource: DirectoryResource, root: String) {
    self.resource = resource
    self.root = root
  }

  /// Reads the root; its entries are in the order of their names.
  ///
  /// - Throws: `FileError` where it cannot be read; what `skip` throws.
  mutating func readRoot(
    _ skip: Skip
  ) throws -> (identity: FileIdentity, entries: [Entry]) {
    let top = TreePath(bytes: [])
    resource.willOpen(top)
    do {
      let (identity, entries) = try open(top, skip)
      self.identity = identity
      return (identity, entries)
    } catch let error as SystemError {
      throw FileError(
        file: root, rule: "cannot be read as a folder (\(error.message))",
        remedy: "name a folder that can be read")
    }
  }

  /// Reads a folder below the root, which is skipped where it cannot be read; its entries are in the
  /// order of their names.
  ///
  /// - Throws: `CancellationError` where the task was cancelled; what `skip` throws.
  mutating func read(_ folder: TreePath, _ skip: Skip) throws -> [Entry] {
    if Task.isCancelled { throw CancellationError() }
    resource.willOpen(folder)
    do {
      return try open(folder, skip).entries
    } catch let error as SystemError {
      try self.skip(folder, error, skip)
      return []
    }
  }

  /// Reads a folder below the root: its entries, and what was skipped in it.
  mutating func contents(of folder: TreePath) throws -> FolderContents {
    var contents = FolderContents()
    contents.entries = try read(folder) { contents.skipped.append($0) }
    return contents
  }

  /// Reads folders of a tree whose links are not followed, several at once.
  func contents(
    of folders: [FolderTree.Unread], atOnce count: Int
  ) async throws -> [(place: Int, contents: FolderContents)] {
    try await withThrowingTaskGroup(of: [(place: Int, contents: FolderContents)].self) { group in
      for first in 0..<min(count, folders.count) {
        group.addTask { [self] in
          var walk = self
          return try stride(from: first, to: folders.count, by: count).map {
            (folders[$0].place, try walk.contents(of: folders[$0].path))
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  /// The files of a tree that was moved away, or of a disk that was taken out, would look deleted.
  func checkRoot() throws(FileError) {
    do {
      let folder = try OpenedFile(
        root: root, path: TreePath(bytes: []), flags: O_RDONLY, followsLinks: true)
      if try folder.status().identity == identity { return }
    } catch {
      // Reported below: whatever the reason, the folder cannot be vouched for.
    }
    throw FileError(
      file: root, rule: "is not the folder any more that it was when reading it began",
      remedy: "see to it that it stays in place, and run again", cause: .vanished)
  }

  private mutating func open(
    _ folder: TreePath, _ skip: Skip
  ) throws -> (identity: FileIdentity, entries: [Entry]) {
    let hidden: UInt8 = 0x2E
    let found = try FolderReading(
      root: root, path: folder, followsLinks: resource.followsLinks
    ) { name in
      let count = self.entries.add()
      if count % 1_000 == 0 {
        if Task.isCancelled { throw CancellationError() }
        try resource.onProgress(count)
      }
      return resource.includesHidden || name.first != hidden
    }
    if resource.followsLinks && !visited.insert(found.identity).inserted {
      return (found.identity, [])
    }
    var entries: [Entry] = []
    for entry in found.entries {
      let path = folder.appending(entry.name)
      switch entry.status {
      case .success(let status):
        if let entry = self.entry(path, status) { entries.append(entry) }
      case .failure(let error):
        if !isExcluded(path, isFolder: false) { try self.skip(path, error, skip) }
      }
    }
    if let failure = found.failure { try self.skip(folder, failure, skip) }
    return (found.identity, entries)
  }

  /// An entry of a folder, where it is of interest.
  private func entry(_ path: TreePath, _ status: FileStatus) -> Entry? {
    switch status.kind {
    case .folder:
      return isExcluded(path, isFolder: true) ? nil : .folder(path)
    case .file:
      let isIncluded =
        resource.include.isEmpty || resource.include.contains { $0.matches(path) }
      guard isIncluded && !isExcluded(path, isFolder: false) else { return nil }
      return .file(
        FileItem(root: root, path: path, stamp: status.stamp, device: status.identity.device))
    case .link, .other:
      return nil
    }
  }

  private func isExcluded(_ path: TreePath, isFolder: Bool) -> Bool {
    resource.exclude.contains { $0.matches(path, isFolder: isFolder) }
  }

  private func skip(_ path: TreePath, _ error: SystemError, _ skip: Skip) throws {
    let entry = SkippedEntry(
      root: root, path: path, error: error.fileError(root: root, path: path))
    resource.onSkip(entry)
    try skip(entry)
  }
}

/// Counts in whatever task.
private final class EntryCounter: Sendable {
  private let count = Atomic(0)

  func add() -> Int { count.add(1, ordering: .relaxed).newValue }
}
