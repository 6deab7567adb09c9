/// The files of directory trees, sorted by path, of which only a folder per level is held; where links are
/// followed, the identity of every folder too.
///
/// It is a side of a `SortedDiffer` whose key is the path: one root after the other as they are given, and
/// the files of each in the order of the bytes of their paths, which is that of `TreePath`. Of several
/// roots the paths start again.
///
/// The tree may change while it is read: what is gone when its turn comes is skipped and told to `onSkip`.
/// What hides files, such as a folder that cannot be read, ends the reading instead, and so does a root
/// that is not the same folder any more: their files would look deleted.
public struct SortedFiles: AsyncSequence, Sendable {
  public typealias Element = FileItem

  /// What is read.
  public let resource: DirectoryResource

  /// Makes the sequence of the files that a resource would select.
  public init(_ resource: DirectoryResource) {
    self.resource = resource
  }

  public func makeAsyncIterator() -> Iterator {
    Iterator(resource: resource)
  }

  /// Reads the trees, folder by folder.
  public struct Iterator: AsyncIteratorProtocol {
    private let resource: DirectoryResource
    private var roots: ArraySlice<String>
    private var walk: TreeWalk?
    /// What is left of each folder on the way to the latest file, the last entry first.
    private var levels: [[TreeWalk.Entry]] = []

    init(resource: DirectoryResource) {
      self.resource = resource
      roots = resource.roots[...]
    }

    /// Reads the next file; nil at the end.
    ///
    /// - Throws: `FileError` where a root or a folder cannot be read, or a root is not the same folder any
    ///   more; `CancellationError` where the task was cancelled; what `onProgress` throws.
    public mutating func next() async throws -> FileItem? {
      while true {
        guard var level = levels.popLast() else {
          if try beginRoot() { continue }
          return nil
        }
        guard let entry = level.popLast() else { continue }
        levels.append(level)
        switch entry {
        case .file(let item): return item
        case .folder(let path): try read(path)
        }
      }
    }

    /// Begins with the next root, once the one before is vouched for; false where there is none.
    private mutating func beginRoot() throws -> Bool {
      try walk?.checkRoot()
      walk = nil
      guard let root = roots.popFirst() else { return false }
      var walk = TreeWalk(resource: resource, root: root)
      levels = [Self.sorted(try walk.readRoot(Self.refuse).entries)]
      self.walk = walk
      return true
    }

    private mutating func read(_ folder: TreePath) throws {
      var hasVanished = false
      let entries = try walk?.read(folder) { entry in
        try Self.refuse(entry)
        hasVanished = true
      }
      // A disk that was taken out leaves folders that are gone.
      if hasVanished { try walk?.checkRoot() }
      levels.append(Self.sorted(entries ?? []))
    }

    private static func refuse(_ entry: SkippedEntry) throws {
      if entry.hidesFiles { throw entry.error }
    }

    /// Entries with the last one first, where a folder stands for the paths of what is in it.
    private static func sorted(_ entries: [TreeWalk.Entry]) -> [TreeWalk.Entry] {
      func bytes(_ entry: TreeWalk.Entry) -> [UInt8] {
        if case .folder(let path) = entry { return path.bytes + [TreePath.slash] }
        return entry.path.bytes
      }
      return entries.map { (bytes($0), $0) }
        .sorted { $1.0.lexicographicallyPrecedes($0.0) }
        .map(\.1)
    }
  }
}
