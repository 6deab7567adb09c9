internal import COpen
internal import Foundation

/// A file or folder that is open, by the number the system gave it.
struct OpenedFile: ~Copyable {
  let number: Int32

  init(number: Int32) {
    self.number = number
  }

  /// Opens what a path names below a root.
  ///
  /// No folder is left for another place: a folder that a symbolic link has taken the name of is
  /// not followed, unless links are to be. So a path may also be longer than the system's limit.
  ///
  /// - Parameters:
  ///   - root: The root of the tree; it may be a symbolic link.
  ///   - path: The path below it; empty for the root.
  ///   - flags: As for `open`; `O_CLOEXEC` is added.
  ///   - followsLinks: Whether symbolic links below the root stand for what they lead to.
  /// - Throws: what the system answered.
  init(
    root: String, path: TreePath, flags: Int32, followsLinks: Bool
  ) throws(SystemError) {
    let name = Array(root.utf8)[...]
    if path.bytes.isEmpty {
      self.init(number: try OpenedFile.open(AT_FDCWD, name, flags))
      return
    }
    let atOnce = OpenedFile.openAtOnce(root, path.bytes, flags, followsLinks: followsLinks)
    if atOnce >= 0 {
      self.init(number: atOnce)
      return
    }
    // One folder after the other: the root may be a link, the path too long, the system an old one.
    let how = followsLinks ? 0 : O_NOFOLLOW
    var folder = OpenedFile(number: try OpenedFile.open(AT_FDCWD, name, OpenedFile.passing))
    var rest = path.bytes[...]
    while let slash = rest.firstIndex(of: TreePath.slash) {
      let passed = try OpenedFile.openBeneath(
        folder.number, rest[..<slash], OpenedFile.passing | how)
      folder = OpenedFile(number: passed)
      rest = rest[(slash + 1)...]
    }
    self.init(number: try OpenedFile.openBeneath(folder.number, rest, flags | how))
  }

  deinit {
    close(number)
  }

  /// Gives the number away: whoever takes it closes it.
  consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }

  /// What the system says about the open file.
  func status() throws(SystemError) -> FileStatus {
    var status = stat()
    if fstat(number, &status) != 0 { throw SystemError(code: errno) }
    return FileStatus(status)
  }

  /// How a folder is opened that is only passed through.
  private static var passing: Int32 {
    #if canImport(Darwin)
      O_RDONLY | O_DIRECTORY
    #else
      // O_PATH, whose definition the importer of C does not understand.
      0o10000000 | O_DIRECTORY
    #endif
  }

  /// Opens root and path in one call; negative where that cannot be done.
  private static func openAtOnce(
    _ root: String, _ path: [UInt8], _ flags: Int32, followsLinks: Bool
  ) -> Int32 {
    if !hasOnlyNames(path) { return -1 }
    let flags = flags | O_CLOEXEC
    let count = root.utf8.count + path.count + 2
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { text in
      let slash = text.initialize(fromContentsOf: root.utf8)
      text[slash] = TreePath.slash
      _ = text[(slash + 1)...].initialize(fromContentsOf: path)
      text[count - 1] = 0
      return text.withMemoryRebound(to: CChar.self) { text in
        guard let text = text.baseAddress else { return -1 }
        return followsLinks ? Foundation.open(text, flags) : co3_open_without_links(text, flags)
      }
    }
  }

  private static func hasOnlyNames(_ path: [UInt8]) -> Bool {
    var rest = path[...]
    while let slash = rest.firstIndex(of: TreePath.slash) {
      if !isName(rest[..<slash]) { return false }
      rest = rest[(slash + 1)...]
    }
    return isName(rest)
  }

  /// Whether a component of a path names an entry of its folder, and no folder that it is in.
  private static func isName(_ component: ArraySlice<UInt8>) -> Bool {
    component.count > 2 || !component.allSatisfy { $0 == 0x2E }
  }

  /// Opens an entry of a folder; its parent is none.
  private static func openBeneath(
    _ folder: Int32, _ name: ArraySlice<UInt8>, _ flags: Int32
  ) throws(SystemError) -> Int32 {
    if !isName(name) { throw SystemError(code: ENOENT) }
    return try open(folder, name, flags)
  }

  private static func open(
    _ folder: Int32, _ path: ArraySlice<UInt8>, _ flags: Int32
  ) throws(SystemError) -> Int32 {
    let text = path.map(CChar.init(bitPattern:)) + [0]
    while true {
      let number = openat(folder, text, flags | O_CLOEXEC)
      if number >= 0 { return number }
      if errno != EINTR { throw SystemError(code: errno) }
    }
  }
}

/// What the system answered to a call.
struct SystemError: Error, Equatable {
  var code: Int32
  /// Whether it is about what a symbolic link leads to.
  var isOfLink = false

  /// The error of an entry in the manner of this module.
  func fileError(root: String, path: TreePath) -> FileError {
    let file = path.bytes.isEmpty ? root : "\(root)/\(path)"
    switch code {
    case ENOENT where isOfLink, ENOTDIR where isOfLink, ELOOP where isOfLink:
      return FileError(
        file: file, rule: "is a link that leads nowhere (\(message))",
        remedy: "mend it, or exclude it", cause: .dangling)
    case ENOENT, ENOTDIR, ELOOP:
      return FileError(
        file: file, rule: "is no longer there", remedy: "run again for the tree as it is now",
        cause: .vanished)
    case EACCES, EPERM:
      return FileError(
        file: file, rule: "cannot be read (\(message))",
        remedy: "change its permissions, or exclude it")
    case EMFILE, ENFILE:
      return FileError(
        file: file, rule: "cannot be opened (\(message))",
        remedy: "raise the limit of open files, as with ulimit -n")
    default:
      return FileError(
        file: file, rule: "cannot be read (\(message))", remedy: "check the disk, or exclude it")
    }
  }

  var message: String { String(cString: strerror(code)) }
}

/// The part of `stat` that is used here.
struct FileStatus {
  enum Kind {
    case file, folder, link, other
  }

  var kind: Kind
  var identity: FileIdentity
  var stamp: FileStamp

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    identity = FileIdentity(
      device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(status.st_ino))
    #if canImport(Darwin)
      let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
    #else
      let (modified, changed) = (status.st_mtim, status.st_ctim)
    #endif
    stamp = FileStamp(
      size: Int64(status.st_size), modifiedNanoseconds: FileStamp.nanoseconds(modified),
      changedNanoseconds: FileStamp.nanoseconds(changed), number: identity.number)
  }
}
