internal import Foundation

/// A file on its way to a place that a user named.
///
/// Where a regular file or nothing stands, it is written in a hidden folder beside and takes its
/// place as a whole: links are followed, the mode stays, and a failure leaves everything as it was.
/// What is no regular file, such as a terminal or a pipe, is written into. Refused are folders, disks,
/// inputs of the same command, and files that are not of the kind that is being written.
package final class OutputFile {
  /// The place, as it was named.
  package let path: String
  private let place: String
  private let staging: StagingFolder?
  private let remedy: String
  private var descriptor: Int32

  /// Whether a file will stand there, and not something that is written into.
  package var isRegular: Bool { staging != nil }

  /// Opens the file.
  ///
  /// - Parameters:
  ///   - path: The place.
  ///   - inputs: What the command reads.
  ///   - remedy: What to do about a file that is in the way.
  ///   - isOurs: Whether a file that begins with these bytes may be replaced; of an empty one there
  ///     is nothing to lose.
  /// - Throws: `WriteError` for what cannot be written or must not be.
  package init(
    _ path: String, inputs: [FileIdentity] = [], remedy: String = "choose another file",
    isOurs: ([UInt8]) -> Bool
  ) throws(WriteError) {
    (self.path, self.remedy) = (path, remedy)
    guard let place = FilePath.followed(path) else {
      throw WriteError(path, code: ELOOP, remedy: remedy)
    }
    let isSystem = path.hasPrefix("/dev/") || path.hasPrefix("/proc/")
    let kind = FileKind(isSystem ? path : place, follows: true)
    if let own = FileIdentity(place), inputs.contains(own) {
      throw WriteError(path: path, rule: "is an input of this command", remedy: remedy)
    }
    switch kind {
    case .folder: throw WriteError(path: path, rule: "is a folder", remedy: "name a file")
    case .disk: throw WriteError(path: path, rule: "is a disk", remedy: "name a file")
    case .special:
      (self.place, staging) = (path, nil)
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    case .regular where isSystem:
      (self.place, staging) = (path, nil)
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    case .regular, .nothing, .link:
      if kind != .nothing, let start = FileStart.bytes(of: place), !start.isEmpty, !isOurs(start) {
        throw WriteError(
          path: path, rule: "exists and is not of the kind that is written here", remedy: remedy)
      }
      let staging = try StagingFolder(
        in: FilePath.folder(of: place), for: path, remedy: remedy)
      (self.place, self.staging) = (place, staging)
      let file = FilePath.joined(staging.path, "file")
      descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { Ownership.copy(from: place, to: descriptor) }
    }
    if descriptor < 0 { throw WriteError(path, remedy: remedy) }
  }

  deinit { discard() }

  /// Adds bytes.
  package func write(_ bytes: some Sequence<UInt8>) throws(WriteError) {
    try FileBytes.write(Array(bytes), to: descriptor, of: path, remedy: remedy)
  }

  /// Makes sure that what was written survives a power cut.
  package func synchronize() throws(WriteError) {
    if staging != nil, fsync(descriptor) != 0 { throw WriteError(path, remedy: remedy) }
  }

  /// Puts the file into its place.
  package func commit() throws(WriteError) {
    try synchronize()
    let number = descriptor
    descriptor = -1
    if close(number) != 0 { throw WriteError(path, remedy: remedy) }
    guard let staging else { return }
    if rename(FilePath.joined(staging.path, "file"), place) != 0 {
      throw WriteError(path, remedy: remedy)
    }
    staging.remove()
    Disk.synchronize(folder: FilePath.folder(of: place))
  }

  /// Gives up: what stood in the place stays.
  package func discard() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    staging?.remove()
  }

  /// Writes a whole file.
  package static func write(
    _ bytes: some Sequence<UInt8>, to path: String, inputs: [FileIdentity] = [],
    remedy: String = "choose another file", isOurs: ([UInt8]) -> Bool
  ) throws(WriteError) {
    let file = try OutputFile(path, inputs: inputs, remedy: remedy, isOurs: isOurs)
    try file.write(bytes)
    try file.commit()
  }
}

/// How a file begins.
package enum FileStart {
  /// The first bytes of a file, as many as tell its kind; nil for what cannot be read.
  package static func bytes(of path: String, count: Int = 1 << 16) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: count)
    let length = read(file, &bytes, count)
    return length < 0 ? nil : Array(bytes.prefix(length))
  }
}

/// Who may do what with a file that takes another's place.
enum Ownership {
  /// Gives an open file the owner and the mode of another, where there is one.
  static func copy(from path: String, to descriptor: Int32) {
    var info = stat()
    guard stat(path, &info) == 0 else { return }
    // Only root can give files away; the mode may be kept in any case.
    _ = fchown(descriptor, info.st_uid, info.st_gid)
    _ = fchmod(descriptor, info.st_mode & 0o7777)
  }

  /// Gives a file or folder the owner and the mode of another, where there is one.
  static func copy(from path: String, toPath target: String) {
    let descriptor = open(target, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    if descriptor < 0 { return }
    copy(from: path, to: descriptor)
    close(descriptor)
  }
}

/// What has to be on the disk before a power cut.
enum Disk {
  /// Makes the names in a folder durable, as far as the file system can.
  static func synchronize(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Makes the contents of a file durable.
  static func synchronize(file: String) throws(WriteError) {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw WriteError(file) }
    let code = fsync(descriptor) == 0 ? 0 : errno
    close(descriptor)
    if code != 0 { throw WriteError(file, code: code) }
  }
}
