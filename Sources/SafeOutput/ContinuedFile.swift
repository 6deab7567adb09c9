internal import Foundation

/// A file that grows beside its place, may be left half done, and is gone on with by a later process.
///
/// It is called `FILE.partial` until it is whole. Two processes cannot write it at once.
package final class ContinuedFile {
  /// The place, as it was named.
  package let path: String
  private let place: String
  private let descriptor: Int32

  /// The place it has until it is whole.
  package var partialPath: String { path + ".partial" }
  private var partial: String { place + ".partial" }

  /// Whether something stands at a path that is written into rather than replaced.
  package static func isSpecial(_ path: String) -> Bool {
    path.hasPrefix("/dev/") || [.special, .disk].contains(FileKind(path, follows: true))
  }

  /// Opens the file that an earlier process left, or a new one.
  package init(_ path: String) throws(WriteError) {
    self.path = path
    guard let place = FilePath.followed(path) else { throw WriteError(path, code: ELOOP) }
    self.place = place
    let partial = place + ".partial"
    let shown = path + ".partial"
    // A link in its place would lead elsewhere, a pipe would wait for somebody to write.
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    descriptor = open(partial, flags, 0o666)
    if descriptor < 0 { throw WriteError(shown) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      throw WriteError(path: shown, rule: "is no file of its own", remedy: "move it")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, FileIdentity(partial) == FileIdentity(info)
    else {
      throw WriteError(
        path: path, rule: "is being written by another run",
        remedy: "wait for it, or choose another file with --output")
    }
  }

  deinit { close(descriptor) }

  /// All bytes so far.
  package func contents() throws(WriteError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw WriteError(partialPath) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// Keeps the first bytes only, and goes on behind them.
  package func truncate(to length: Int) throws(WriteError) {
    if ftruncate(descriptor, off_t(length)) != 0 { throw WriteError(partialPath) }
    if lseek(descriptor, off_t(length), SEEK_SET) < 0 { throw WriteError(partialPath) }
  }

  /// Adds bytes.
  package func write(_ bytes: [UInt8]) throws(WriteError) {
    try FileBytes.write(bytes, to: descriptor, of: path, remedy: WriteError.standardRemedy)
  }

  /// Puts the file into its place.
  package func commit() throws(WriteError) {
    Ownership.copy(from: place, to: descriptor)
    if fsync(descriptor) != 0 || rename(partial, place) != 0 { throw WriteError(path) }
    Disk.synchronize(folder: FilePath.folder(of: place))
  }
}

/// Bytes on their way to a descriptor.
enum FileBytes {
  static func write(
    _ bytes: [UInt8], to descriptor: Int32, of path: String, remedy: String
  ) throws(WriteError) {
    var left = bytes[...]
    while !left.isEmpty {
      let count = left.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw WriteError(path, remedy: remedy) }
      left = left.dropFirst(count)
    }
  }
}
