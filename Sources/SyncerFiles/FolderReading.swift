internal import Foundation

/// An entry of a folder, with what the system says about it.
struct FolderEntry {
  var name: [UInt8]
  var status: Result<FileStatus, SystemError>
}

/// A folder that was read: its entries by name, and what ended the reading early.
struct FolderReading {
  var identity: FileIdentity
  var entries: [FolderEntry] = []
  /// Nil where the folder was read to its end.
  var failure: SystemError?

  /// Reads a folder.
  ///
  /// - Parameters:
  ///   - root: The root of the tree.
  ///   - path: The folder's path; empty for the root, which may be a symbolic link.
  ///   - followsLinks: Whether symbolic links stand for what they lead to.
  ///   - keeps: Which names are of interest, asked once for each.
  /// - Throws: `SystemError` where the folder cannot be opened; what `keeps` throws.
  init(
    root: String, path: TreePath, followsLinks: Bool, keeps: ([UInt8]) throws -> Bool
  ) throws {
    let file = try OpenedFile(
      root: root, path: path, flags: O_RDONLY | O_DIRECTORY, followsLinks: followsLinks)
    identity = try file.status().identity
    let number = file.release()
    guard let stream = fdopendir(number) else {
      let code = errno
      close(number)
      throw SystemError(code: code)
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        if errno != 0 { failure = SystemError(code: errno) }
        break
      }
      let name = Self.name(of: entry)
      if try name == [0x2E] || name == [0x2E, 0x2E] || !keeps(name) { continue }
      names.append(name)
    }
    names.sort { $0.lexicographicallyPrecedes($1) }
    entries = names.map { name in
      FolderEntry(name: name, status: Self.status(number, name, followsLinks: followsLinks))
    }
  }

  /// The name is read where it is: the entry ends with it, however long its type says it is.
  private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else {
      preconditionFailure("The system's directory entries have no stored name.")
    }
    let start = UnsafeRawPointer(entry).advanced(by: offset)
    let length = strlen(start.assumingMemoryBound(to: CChar.self))
    return Array(UnsafeRawBufferPointer(start: start, count: length))
  }

  private static func status(
    _ folder: Int32, _ name: [UInt8], followsLinks: Bool
  ) -> Result<FileStatus, SystemError> {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: name.count + 1) { text in
      let end = text.initialize(fromContentsOf: name.lazy.map(CChar.init(bitPattern:)))
      text[end] = 0
      guard let text = text.baseAddress else { return .failure(SystemError(code: ENOENT)) }
      var found = stat()
      if fstatat(folder, text, &found, followsLinks ? 0 : AT_SYMLINK_NOFOLLOW) == 0 {
        return .success(FileStatus(found))
      }
      let code = errno
      let isLink =
        followsLinks && fstatat(folder, text, &found, AT_SYMLINK_NOFOLLOW) == 0
        && FileStatus(found).kind == .link
      return .failure(SystemError(code: code, isOfLink: isLink))
    }
  }
}
