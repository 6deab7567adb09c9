internal import Foundation

/// Which file a path leads to, whatever it is called: its device and its number there.
package struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let number: UInt64

  /// The file that a path leads to, links followed; nil where there is none.
  package init?(_ path: String) {
    var info = stat()
    if stat(path, &info) != 0 { return nil }
    self.init(info)
  }

  init(_ info: stat) {
    device = UInt64(truncatingIfNeeded: info.st_dev)
    number = UInt64(truncatingIfNeeded: info.st_ino)
  }

  func isOnDevice(of other: FileIdentity) -> Bool { device == other.device }
}

/// What stands at a path.
enum FileKind: Equatable {
  case nothing
  case regular(mode: mode_t)
  case folder(mode: mode_t)
  case link
  /// A block device: what is on it is somebody's.
  case disk
  /// Any other device, a pipe, a socket.
  case special

  /// What stands there; `follows` says whether a link stands for what it leads to.
  init(_ path: String, follows: Bool) {
    var info = stat()
    guard (follows ? stat(path, &info) : lstat(path, &info)) == 0 else {
      self = .nothing
      return
    }
    let mode = info.st_mode & 0o7777
    switch info.st_mode & S_IFMT {
    case S_IFREG: self = .regular(mode: mode)
    case S_IFDIR: self = .folder(mode: mode)
    case S_IFLNK: self = .link
    case S_IFBLK: self = .disk
    default: self = .special
    }
  }
}
