import Foundation

/// A node of a device, for tests of what happens where one stands in the place of a file.
package enum DeviceNode: String, CaseIterable, Sendable {
  /// What takes all bytes and has none.
  case null
  /// What takes no bytes, as a disk without room.
  case full
  /// A disk, behind whose node there is none.
  case disk

  /// Why a test is skipped where `canBeMade` is false.
  package static let requirement =
    "needs the right to make and open nodes of devices (mknod, CAP_MKNOD)"

  /// Whether this process may make such nodes, and open them, where its temporary files are.
  package static let canBeMade: Bool = {
    do {
      let folder = try TemporaryFolder()
      return allCases.allSatisfy { node in
        let path = "\(folder.path)/\(node.rawValue)"
        guard node.make(path) else { return false }
        if node == .disk { return true }
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        return descriptor >= 0 && close(descriptor) == 0
      }
    } catch {
      return false
    }
  }()

  /// Makes a node at a path; false where the system does not permit it.
  package func make(_ path: String) -> Bool {
    var device = stat()
    switch self {
    case .null, .full:
      guard stat("/dev/\(rawValue)", &device) == 0 else { return false }
      return mknod(path, S_IFCHR | 0o666, device.st_rdev) == 0
    case .disk:
      // No system has a loop device of that number.
      return mknod(path, S_IFBLK | 0o666, 0x7FF) == 0
    }
  }

  /// Whether this node stands at a path, and no file.
  package func stands(at path: String) -> Bool {
    var info = stat()
    guard lstat(path, &info) == 0 else { return false }
    return info.st_mode & S_IFMT == (self == .disk ? S_IFBLK : S_IFCHR)
  }
}
