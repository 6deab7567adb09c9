internal import Foundation
internal import Synchronization

/// A hidden folder of this process alone, in which files wait until they are whole.
///
/// Its name cannot be foretold and nobody else may enter it. A lock that ends with the process tells
/// a folder in use from one that was left behind, which the next to stage there removes.
package final class StagingFolder: Sendable {
  /// Where it is.
  package let path: String
  private let lock: Int32

  private static let prefix = ".co3."
  /// The folders of this process.
  private static let open = Mutex<Set<String>>([])

  /// Makes a folder in another, and removes what processes that are gone left there.
  ///
  /// - Parameters:
  ///   - parent: The other folder.
  ///   - path: What an error calls what is to be written; the other folder unless given.
  ///   - remedy: What an error says to do.
  /// - Throws: `WriteError` for what cannot be written or must not be.
  package init(
    in parent: String, for path: String? = nil, remedy: String = "choose another folder"
  ) throws(WriteError) {
    Self.removeAbandoned(in: parent)
    // Whoever clears away may have taken a new folder for an old one.
    for _ in 0..<100 {
      var template = Array(FilePath.joined(parent, Self.prefix + "XXXXXX").utf8CString)
      guard mkdtemp(&template) != nil else { throw WriteError(path ?? parent, remedy: remedy) }
      let own = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard let lock = Self.locked(own) else { continue }
      (self.path, self.lock) = (own, lock)
      _ = Self.open.withLock { $0.insert(own) }
      return
    }
    throw WriteError(path ?? parent, code: EBUSY, remedy: remedy)
  }

  /// Removes the folder with all that is still in it.
  package func remove() {
    guard Self.open.withLock({ $0.remove(path) }) != nil else { return }
    Self.remove(path)
    close(lock)
  }

  deinit { remove() }

  /// Removes the folders of this process, which is about to end.
  package static func removeAll() {
    for path in open.withLock({ $0 }) { remove(path) }
  }

  /// The lock of a folder; nil for one that somebody uses or that is gone.
  private static func locked(_ path: String) -> Int32? {
    let folder = Foundation.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if folder < 0 { return nil }
    var info = stat()
    if flock(folder, LOCK_EX | LOCK_NB) == 0, fstat(folder, &info) == 0, info.st_nlink > 0,
      info.st_uid == geteuid(), info.st_mode & 0o777 == 0o700
    {
      return folder
    }
    close(folder)
    return nil
  }

  private static func removeAbandoned(in parent: String) {
    for name in FileNames.all(in: parent) ?? [] where name.hasPrefix(prefix) {
      let path = FilePath.joined(parent, name)
      guard let lock = locked(path) else { continue }
      remove(path)
      close(lock)
    }
  }

  private static func remove(_ path: String) {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      // What cannot be removed now is abandoned, and the next to stage there removes it.
    }
  }
}

/// The names in folders.
enum FileNames {
  /// The names in a folder; nil for what cannot be listed.
  static func all(in folder: String) -> [String]? {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      return nil
    }
  }
}
