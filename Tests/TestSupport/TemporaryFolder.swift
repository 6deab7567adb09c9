import Foundation

/// A folder of its own for a test, removed with it.
package final class TemporaryFolder: Sendable {
  /// The path, without symbolic links.
  package let path: String

  package init() throws {
    let name = "co3-\(ProcessInfo.processInfo.globallyUniqueString)"
    let url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    do {
      // Foundation cannot remove what lies deeper than a path may be long.
      let removal = try Process.run(URL(filePath: "/bin/rm"), arguments: ["-rf", path])
      removal.waitUntilExit()
    } catch {
      print("\(path) stays behind: \(error)")
    }
  }

  /// Writes a file, and the folders it is in.
  package func write(_ name: String, _ text: String = "") throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  package func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }

  package func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(path)/\(name)", withDestinationPath: target)
  }

  /// Writes an empty file whose name is any bytes; false where the file system refuses them.
  package static func write(bytes name: [UInt8], in folder: String) -> Bool {
    let full = (Array("\(folder)/".utf8) + name + [0]).map(CChar.init(bitPattern:))
    let number = open(full, O_CREAT | O_WRONLY, 0o644)
    return number >= 0 && close(number) == 0
  }

  /// Makes folders within each other, and a file in the last, deeper than a path may be long.
  package static func writeDeep(in path: String, folder: String, depth: Int, file: String) throws {
    var place = open(path, O_RDONLY | O_DIRECTORY)
    for _ in 0..<depth {
      mkdirat(place, folder, 0o755)
      let next = openat(place, folder, O_RDONLY | O_DIRECTORY)
      close(place)
      place = next
    }
    let number = openat(place, file, O_CREAT | O_WRONLY, 0o644)
    close(place)
    if number < 0 || close(number) != 0 { throw POSIXError(.EIO) }
  }
}
