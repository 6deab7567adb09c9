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
  /// What this process made and has to remove: the folders, and empty ones that lead to them.
  private struct Ours {
    var staging: Set<String> = []
    var made: [String] = []
  }
  private static let ours = Mutex(Ours())

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
      guard let own = Self.new(in: parent) else {
        throw WriteError(path ?? parent, remedy: remedy)
      }
      guard let lock = Self.locked(own) else {
        Self.ours.withLock { _ = $0.staging.remove(own) }
        continue
      }
      (self.path, self.lock) = (own, lock)
      return
    }
    throw WriteError(path ?? parent, code: EBUSY, remedy: remedy)
  }

  /// Removes the folder with all that is still in it.
  package func remove() {
    guard Self.ours.withLock({ $0.staging.contains(path) }) else { return }
    Self.remove(path)
    // Named until it is gone: whoever ends the process meanwhile removes the rest.
    if Self.ours.withLock({ $0.staging.remove(path) }) != nil { close(lock) }
  }

  deinit { remove() }

  /// Makes an empty folder that leads to what is written, and is removed with it where that is given
  /// up.
  ///
  /// - Returns: 0, or the number of the error.
  static func make(leading folder: String) -> Int32 {
    ours.withLock { ours in
      if mkdir(folder, 0o777) != 0 { return errno }
      ours.made.append(folder)
      return 0
    }
  }

  /// Removes folders that `make(leading:)` made, but for those with something in them.
  static func unmake(_ folders: [String]) {
    ours.withLock { ours in
      ours.made.removeAll { folders.contains($0) }
      for folder in folders { rmdir(folder) }
    }
  }

  /// Ends the process, with all removed that it made and did not finish.
  ///
  /// Whatever else it does meanwhile, no folder of these is made any more.
  package static func removeAll(andEnd status: Int32) -> Never {
    ours.withLock { ours in
      for path in ours.staging {
        // Others may still write into it.
        for _ in 0..<100 where access(path, F_OK) == 0 { remove(path) }
      }
      for folder in ours.made.reversed() { rmdir(folder) }
      _exit(status)
    }
  }

  private static func new(in parent: String) -> String? {
    ours.withLock { ours in
      var template = Array(FilePath.joined(parent, Self.prefix + "XXXXXX").utf8CString)
      guard mkdtemp(&template) != nil else { return nil }
      let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      ours.staging.insert(path)
      return path
    }
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
