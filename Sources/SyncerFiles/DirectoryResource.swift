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
      var (walk, tree) = try begin(root, &listing)
      while let folder = tree.next(1).first {
        tree.add(try walk.contents(of: folder.path), at: folder.place)
      }
      try walk.checkRoot()
      tree.add(to: &listing)
    }
    return listing
  }

  /// Reads the trees, several folders at once, and returns what `listing()` does.
  ///
  /// `onSkip` and `onProgress` are called from several tasks. Where links are followed one folder is read at
  /// a time: the order decides by which of its paths a folder is known.
  ///
  /// - Parameter count: How many folders are read at once, at least 1.
  /// - Returns: the files in the order of `listing()`.
  /// - Throws: as `select()`.
  public func listing(foldersAtOnce count: Int) async throws -> DirectoryListing {
    if followsLinks || count == 1 { return try listing() }
    var listing = DirectoryListing()
    for root in roots {
      var (walk, tree) = try begin(root, &listing)
      while true {
        let folders = tree.next(count * Self.foldersPerTask)
        if folders.isEmpty { break }
        for (place, contents) in try await walk.contents(of: folders, atOnce: count) {
          tree.add(contents, at: place)
        }
      }
      try walk.checkRoot()
      tree.add(to: &listing)
    }
    return listing
  }

  /// Enough to make up for the task.
  private static let foldersPerTask = 16

  private func begin(
    _ root: String, _ listing: inout DirectoryListing
  ) throws -> (TreeWalk, FolderTree) {
    var walk = TreeWalk(resource: self, root: root)
    var skipped: [SkippedEntry] = []
    let top = try walk.readRoot { skipped.append($0) }
    listing.roots.append(top.identity)
    return (walk, FolderTree(FolderContents(entries: top.entries, skipped: skipped)))
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
