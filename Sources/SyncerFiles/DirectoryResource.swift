internal import Foundation
public import Syncer

/// The files of one or more directory trees.
///
/// Folders are read one at a time, names in the order of their bytes: a folder's files first, then
/// its folders. Only regular files are selected. The tree may change meanwhile: what is gone when
/// its turn comes is skipped, and so is what cannot be read; both are reported.
public struct DirectoryResource: SelectableResource {
  /// The folders to read, each a tree of its own; a root may be a symbolic link.
  public var roots: [String]
  /// The patterns of the files to select; none means all.
  public var include: [Glob]
  /// The patterns of files to leave out, and of folders with all that is in them.
  public var exclude: [Glob]
  /// Whether names that start with a dot count.
  public var includesHidden: Bool
  /// Whether symbolic links stand for what they lead to; each folder is then read only once.
  public var followsLinks: Bool
  /// Is told of every entry that is skipped.
  public var onSkip: @Sendable (SkippedEntry) -> Void
  /// Is told after every thousand entries how many there were; what it throws ends the reading.
  public var onProgress: @Sendable (Int) throws -> Void = { _ in }
  /// Is called before a folder is opened: a test changes the tree here.
  package var willOpen: @Sendable (TreePath) -> Void = { _ in }

  /// Makes a resource of directory trees.
  ///
  /// - Parameters:
  ///   - roots: The folders to read.
  ///   - include: The patterns of the files to select; none means all.
  ///   - exclude: The patterns of what to leave out.
  ///   - includesHidden: Whether names that start with a dot count.
  ///   - followsLinks: Whether symbolic links stand for what they lead to.
  ///   - onSkip: Is told of every entry that is skipped.
  public init(
    roots: [String], include: [Glob] = [], exclude: [Glob] = [], includesHidden: Bool = true,
    followsLinks: Bool = false, onSkip: @escaping @Sendable (SkippedEntry) -> Void = { _ in }
  ) {
    self.roots = roots
    self.include = include
    self.exclude = exclude
    self.includesHidden = includesHidden
    self.followsLinks = followsLinks
    self.onSkip = onSkip
  }

  /// Reads the trees and returns their files.
  ///
  /// - Throws: `FileError` where a root cannot be read or is not the same folder at the end, as
  ///   its missing files would look deleted; `CancellationError` where the task was cancelled;
  ///   what `onProgress` throws.
  public func select() throws -> [FileItem] {
    try listing().files
  }

  /// Reads the trees and returns their files, and what was skipped.
  ///
  /// - Throws: as `select()`.
  public func listing() throws -> DirectoryListing {
    var listing = DirectoryListing()
    for root in roots {
      var walk = TreeWalk(resource: self, root: root)
      try walk.run()
      listing.files += walk.listing.files
      listing.skipped += walk.listing.skipped
      listing.roots += walk.listing.roots
    }
    return listing
  }
}

/// What reading directory trees found.
public struct DirectoryListing: Sendable, Equatable {
  /// The files, in the order they were read.
  public var files: [FileItem] = []
  /// The entries that could not be read.
  public var skipped: [SkippedEntry] = []
  /// The folders that are the roots, in the order they were given.
  public var roots: [FileIdentity] = []

  /// Makes an empty listing.
  public init() {}
}

/// The reading of one tree.
private struct TreeWalk {
  let resource: DirectoryResource
  let root: String
  var listing = DirectoryListing()
  private var pending: [TreePath] = []
  private var visited: Set<FileIdentity> = []
  private var entryCount = 0

  init(resource: DirectoryResource, root: String) {
    self.resource = resource
    self.root = root
  }

  mutating func run() throws {
    let top = TreePath(bytes: [])
    let identity = try readRoot(top)
    listing.roots = [identity]
    while let folder = pending.popLast() {
      if Task.isCancelled { throw CancellationError() }
      resource.willOpen(folder)
      do {
        try read(folder)
      } catch let error as SystemError {
        skip(folder, error)
      }
    }
    try checkRoot(top, is: identity)
  }

  /// The files of a tree that was moved away, or of a disk that was taken out, would look deleted.
  private func checkRoot(_ top: TreePath, is identity: FileIdentity) throws(FileError) {
    do {
      let folder = try OpenedFile(root: root, path: top, flags: O_RDONLY, followsLinks: true)
      if try folder.status().identity == identity { return }
    } catch {
      // Reported below: whatever the reason, the folder cannot be vouched for.
    }
    throw FileError(
      file: root, rule: "is not the folder any more that it was when reading it began",
      remedy: "see to it that it stays in place, and run again", cause: .vanished)
  }

  private mutating func readRoot(_ top: TreePath) throws -> FileIdentity {
    resource.willOpen(top)
    do {
      return try read(top)
    } catch let error as SystemError {
      throw FileError(
        file: root, rule: "cannot be read as a folder (\(error.message))",
        remedy: "name a folder that can be read")
    }
  }

  /// Reads a folder: its files join the listing, its folders those to read.
  @discardableResult
  private mutating func read(_ folder: TreePath) throws -> FileIdentity {
    let hidden: UInt8 = 0x2E
    let found = try FolderReading(
      root: root, path: folder, followsLinks: resource.followsLinks
    ) { name in
      entryCount += 1
      if entryCount % 1_000 == 0 {
        if Task.isCancelled { throw CancellationError() }
        try resource.onProgress(entryCount)
      }
      return resource.includesHidden || name.first != hidden
    }
    if resource.followsLinks && !visited.insert(found.identity).inserted { return found.identity }
    var folders: [TreePath] = []
    for entry in found.entries {
      let path = folder.appending(entry.name)
      switch entry.status {
      case .success(let status):
        add(path, status, &folders)
      case .failure(let error):
        if !isExcluded(path, isFolder: false) { skip(path, error) }
      }
    }
    pending += folders.reversed()
    if let failure = found.failure { skip(folder, failure) }
    return found.identity
  }

  private mutating func add(_ path: TreePath, _ status: FileStatus, _ folders: inout [TreePath]) {
    switch status.kind {
    case .folder:
      if !isExcluded(path, isFolder: true) { folders.append(path) }
    case .file:
      let isIncluded =
        resource.include.isEmpty || resource.include.contains { $0.matches(path) }
      if isIncluded && !isExcluded(path, isFolder: false) {
        listing.files.append(
          FileItem(
            root: root, path: path, stamp: status.stamp, device: status.identity.device))
      }
    case .link, .other:
      break
    }
  }

  private func isExcluded(_ path: TreePath, isFolder: Bool) -> Bool {
    resource.exclude.contains { $0.matches(path, isFolder: isFolder) }
  }

  private mutating func skip(_ path: TreePath, _ error: SystemError) {
    let entry = SkippedEntry(
      root: root, path: path, error: error.fileError(root: root, path: path))
    listing.skipped.append(entry)
    resource.onSkip(entry)
  }
}
