internal import Foundation

/// A file or folder that is open, by the number the system gave it.
struct OpenedFile: ~Copyable {
  let number: Int32

  init(number: Int32) {
    self.number = number
  }

  /// Opens what a path names below a root.
  ///
  /// - Parameters:
  ///   - root: The root of the tree.
  ///   - path: The path below it; empty for the root. It may be longer than the system's limit.
  ///   - flags: As for `open`; `O_CLOEXEC` is added.
  /// - Throws: what the system answered.
  init(root: String, path: TreePath, flags: Int32) throws(SystemError) {
    var pieces = OpenedFile.pieces(of: path)
    var head = Array(root.utf8)
    if let first = pieces.first, head.count + first.count + 1 < OpenedFile.limit {
      head += [TreePath.slash] + first
      pieces.removeFirst()
    }
    let folderFlags = O_RDONLY | O_DIRECTORY
    var file = try OpenedFile.open(AT_FDCWD, head, pieces.isEmpty ? flags : folderFlags)
    while !pieces.isEmpty {
      let piece = pieces.removeFirst()
      let next: Int32
      do {
        next = try OpenedFile.open(file, piece, pieces.isEmpty ? flags : folderFlags)
      } catch {
        close(file)
        throw error
      }
      close(file)
      file = next
    }
    self.init(number: file)
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

  /// The longest path handed to the system at once; its limit is 4,096 on Linux, 1,024 on macOS.
  private static let limit = 1000

  /// The path in pieces of whole components, each short enough for the system.
  private static func pieces(of path: TreePath) -> [[UInt8]] {
    if path.bytes.isEmpty { return [] }
    if path.bytes.count < limit { return [path.bytes] }
    var pieces: [[UInt8]] = []
    for component in path.bytes.split(separator: TreePath.slash) {
      if let last = pieces.last, last.count + component.count + 1 < limit {
        pieces[pieces.count - 1] += [TreePath.slash] + component
      } else {
        pieces.append(Array(component))
      }
    }
    return pieces
  }

  private static func open(
    _ folder: Int32, _ path: [UInt8], _ flags: Int32
  ) throws(SystemError) -> Int32 {
    let text = (path + [0]).map(CChar.init(bitPattern:))
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

  /// The error of an entry in the manner of this module.
  func fileError(root: String, path: TreePath) -> FileError {
    let file = path.bytes.isEmpty ? root : "\(root)/\(path)"
    switch code {
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

  /// Tells files apart, whatever their names are.
  struct Identity: Hashable {
    var device: UInt64
    var number: UInt64
  }

  var kind: Kind
  var identity: Identity
  var stamp: FileStamp

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    identity = Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(status.st_ino))
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    let (scaled, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = scaled.addingReportingOverflow(Int64(time.tv_nsec))
    let limit = time.tv_sec < 0 ? Int64.min : Int64.max
    stamp = FileStamp(
      size: Int64(status.st_size), modifiedNanoseconds: overflow || carry ? limit : sum)
  }
}
