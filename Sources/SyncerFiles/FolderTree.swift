/// The folders of a tree, some read and some not, in the order in which a listing has their files.
struct FolderTree {
  private struct Folder {
    var files: [FileItem] = []
    var skipped: [SkippedEntry] = []
    /// Where the folders in it are.
    var folders = 0..<0
  }

  /// A folder to be read, and its place in the tree.
  typealias Unread = (place: Int, path: TreePath)

  private var folders = [Folder()]
  /// The folders to be read, the first one last.
  private var unread: [Unread] = []

  /// Makes the tree of a root that was read.
  init(_ root: FolderContents) {
    add(root, at: 0)
  }

  /// Hands out the folders that are to be read next, no more than some.
  mutating func next(_ most: Int) -> [Unread] {
    let next = Array(unread.suffix(most).reversed())
    unread.removeLast(next.count)
    return next
  }

  /// Adds what a folder has, whose folders are then the next ones, the first one first.
  mutating func add(_ contents: FolderContents, at place: Int) {
    var paths: [TreePath] = []
    for entry in contents.entries {
      switch entry {
      case .file(let item): folders[place].files.append(item)
      case .folder(let path): paths.append(path)
      }
    }
    folders[place].skipped = contents.skipped
    folders[place].folders = folders.count..<folders.count + paths.count
    for (offset, path) in paths.enumerated().reversed() {
      unread.append((folders.count + offset, path))
    }
    folders.append(contentsOf: repeatElement(Folder(), count: paths.count))
  }

  /// Adds the files to a listing, a folder's own before those of its folders, and what was skipped.
  func add(to listing: inout DirectoryListing) {
    var places = [0]
    while let place = places.popLast() {
      let folder = folders[place]
      listing.files += folder.files
      listing.skipped += folder.skipped
      places += folder.folders.reversed()
    }
  }
}

/// What is of interest in a folder, and what was skipped in it.
struct FolderContents {
  var entries: [TreeWalk.Entry] = []
  var skipped: [SkippedEntry] = []
}
