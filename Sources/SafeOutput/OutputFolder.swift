internal import CRename
internal import Foundation

/// A folder of files that are replaced together.
///
/// Files are written in a hidden folder of this process. Where the folder holds nothing but such
/// files, or does not exist, one rename puts the new folder in place of the old. Where it also holds
/// other things, or cannot be renamed, every file takes its place on its own, under a lock, so that
/// of two runs one is there whole.
package final class OutputFolder {
  /// The folder, as it was named.
  package let path: String
  /// Where the files are written until they are whole.
  package let staging: String
  private let place: String
  private let inputs: [FileIdentity]
  private let remedy: String
  private let isOurs: (String) -> Bool
  private let hidden: StagingFolder
  /// Folders that were made for this one, the innermost first.
  private var made: [String] = []

  /// Opens a folder.
  ///
  /// - Parameters:
  ///   - path: The folder; it is made where there is none.
  ///   - inputs: What the command reads.
  ///   - remedy: What to do about a file that is in the way.
  ///   - isOurs: Whether the regular file at a path may be replaced and removed.
  /// - Throws: `WriteError` for what cannot be written or must not be.
  package init(
    _ path: String, inputs: [FileIdentity] = [], remedy: String = "choose another folder",
    isOurs: @escaping (String) -> Bool
  ) throws(WriteError) {
    (self.path, self.inputs, self.remedy, self.isOurs) = (path, inputs, remedy, isOurs)
    guard let place = FilePath.followed(path) else {
      throw WriteError(path, code: ELOOP, remedy: remedy)
    }
    self.place = place
    let kind = FileKind(place, follows: true)
    let parent = FilePath.folder(of: place)
    switch kind {
    case .folder:
      let isBeside = Self.canBeRenamed(place, in: parent)
      hidden = try StagingFolder(in: isBeside ? parent : place, for: path, remedy: remedy)
    case .nothing:
      made = try Self.make(parent, for: path, remedy)
      hidden = try StagingFolder(in: parent, for: path, remedy: remedy)
    default:
      throw WriteError(path: path, rule: "is no folder and cannot be written to", remedy: remedy)
    }
    // Its mode is what new folders get; the one around it lets nobody in.
    staging = FilePath.joined(hidden.path, "files")
    if mkdir(staging, 0o777) != 0 { throw WriteError(path, remedy: remedy) }
  }

  deinit { discard() }

  /// Refuses a name under which something stands that may not be replaced.
  package func check(_ names: some Sequence<String>) throws(WriteError) {
    for name in names {
      let file = FilePath.joined(place, name)
      let shown = FilePath.joined(path, name)
      switch FileKind(file, follows: false) {
      case .nothing: continue
      case .regular:
        if let own = FileIdentity(file), inputs.contains(own) {
          throw WriteError(path: shown, rule: "is an input of this command", remedy: remedy)
        }
        if isOurs(file) { continue }
        fallthrough
      default:
        throw WriteError(
          path: shown,
          rule: "exists and is not what co3sim would write there, or was changed since",
          remedy: "move it, or \(remedy)")
      }
    }
  }

  /// Puts the files into their place.
  package func commit() throws(WriteError) {
    let names = (FileNames.all(in: staging) ?? []).sorted()
    try check(names)
    for name in names {
      try Disk.synchronize(file: FilePath.joined(staging, name))
      Ownership.copy(
        from: FilePath.joined(place, name), toPath: FilePath.joined(staging, name))
    }
    Disk.synchronize(folder: staging)
    let parent = FilePath.folder(of: place)
    // Of two runs one waits; where no lock is to be had, each file is still whole.
    let lock = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if lock >= 0 { flock(lock, LOCK_EX) }
    defer { if lock >= 0 { close(lock) } }
    if try !replaceWhole() {
      if FileKind(place, follows: true) == .nothing {
        made.insert(place, at: 0)
        let code = StagingFolder.make(leading: place)
        if code != 0 { throw WriteError(path, code: code, remedy: remedy) }
      }
      for name in names
      where rename(FilePath.joined(staging, name), FilePath.joined(place, name)) != 0 {
        throw WriteError(path, remedy: remedy)
      }
      Disk.synchronize(folder: place)
    }
    hidden.remove()
    // With something in them, they stay.
    StagingFolder.unmake(made)
    made = []
    Disk.synchronize(folder: parent)
  }

  /// Gives up: the folder stays as it was, and is gone where it was made for this.
  package func discard() {
    hidden.remove()
    StagingFolder.unmake(made)
    made = []
  }

  /// Exchanges the folder for the new one by one rename, where nothing of others is in it.
  private func replaceWhole() throws(WriteError) -> Bool {
    let kind = FileKind(place, follows: true)
    if kind == .nothing { return rename(staging, place) == 0 }
    guard FilePath.folder(of: hidden.path) == FilePath.folder(of: place),
      let names = FileNames.all(in: place),
      names.allSatisfy({ isReplaceable(FilePath.joined(place, $0)) })
    else { return false }
    Ownership.copy(from: place, toPath: staging)
    guard Exchange.names(staging, place) else { return false }
    // What somebody put there at the last moment is not lost.
    for name in FileNames.all(in: staging) ?? [] {
      let file = FilePath.joined(staging, name)
      if !isReplaceable(file) { rename(file, FilePath.joined(place, name)) }
    }
    return true
  }

  private func isReplaceable(_ file: String) -> Bool {
    guard case .regular = FileKind(file, follows: false), isOurs(file) else { return false }
    return FileIdentity(file).map { !inputs.contains($0) } ?? false
  }

  /// Whether a folder may be exchanged for another: it is no mount point, and nobody's who named it
  /// by being in it.
  private static func canBeRenamed(_ folder: String, in parent: String) -> Bool {
    let name = FilePath.name(of: folder)
    guard !["", "/", ".", ".."].contains(name), access(parent, W_OK | X_OK) == 0,
      let own = FileIdentity(folder), let outer = FileIdentity(parent),
      own.isOnDevice(of: outer), own != FileIdentity(".")
    else { return false }
    return true
  }

  /// Makes a folder and those it is in; returns what was made, the innermost first.
  private static func make(
    _ folder: String, for path: String, _ remedy: String
  ) throws(WriteError) -> [String] {
    switch FileKind(folder, follows: true) {
    case .folder: return []
    case .nothing: break
    default: throw WriteError(path, code: ENOTDIR, remedy: remedy)
    }
    let outer = try make(FilePath.folder(of: folder), for: path, remedy)
    // Another process may make it at the same moment.
    switch StagingFolder.make(leading: folder) {
    case 0: return [folder] + outer
    case EEXIST: return outer
    case let code: throw WriteError(path, code: code, remedy: remedy)
    }
  }
}

/// One rename that lets two names change places.
private enum Exchange {
  static func names(_ first: String, _ second: String) -> Bool {
    #if os(Linux)
      renameat2(AT_FDCWD, first, AT_FDCWD, second, UInt32(co3_rename_exchange)) == 0
    #else
      renamex_np(first, second, UInt32(RENAME_SWAP)) == 0
    #endif
  }
}
