internal import Foundation

/// Paths taken apart and put together.
///
/// Foundation's own `deletingLastPathComponent` ends the process on Linux for a path of one letter
/// (Swift 6.3).
package enum FilePath {
  /// The folder that a path is in: "." for a name alone.
  package static func folder(of path: String) -> String {
    let bytes = trimmed(path)
    guard let slash = bytes.lastIndex(of: 0x2F) else { return "." }
    let folder = trimmed(String(decoding: bytes[..<slash], as: UTF8.self))
    return folder.isEmpty ? "/" : String(decoding: folder, as: UTF8.self)
  }

  /// The folder that a path is in: empty for a name alone.
  package static func namedFolder(of path: String) -> String {
    path.utf8.contains(0x2F) ? folder(of: path) : ""
  }

  /// The last name of a path.
  package static func name(of path: String) -> String {
    let bytes = trimmed(path)
    let start = bytes.lastIndex(of: 0x2F).map { $0 + 1 } ?? 0
    return String(decoding: bytes[start...], as: UTF8.self)
  }

  /// What follows the last point of a name.
  package static func ending(of path: String) -> String {
    let name = Array(name(of: path).utf8)
    guard let point = name.lastIndex(of: 0x2E), point > 0 else { return "" }
    return String(decoding: name[(point + 1)...], as: UTF8.self)
  }

  /// The path of a name in a folder; the current folder where that is empty.
  package static func joined(_ folder: String, _ name: String) -> String {
    if folder.isEmpty { return name }
    return folder.utf8.last == 0x2F ? folder + name : "\(folder)/\(name)"
  }

  /// How a file is named from a folder, with all links to both resolved but for the file's own; nil
  /// where one of the folders does not exist.
  package static func relative(_ path: String, from folder: String) -> String? {
    guard let place = resolved(self.folder(of: path)), let base = resolved(folder) else {
      return nil
    }
    let (to, from) = (place.split(separator: "/"), base.split(separator: "/"))
    let shared = zip(to, from).prefix { $0 == $1 }.count
    let steps = from.dropFirst(shared).map { _ in ".." } + to.dropFirst(shared).map(String.init)
    return (steps + [name(of: path)]).joined(separator: "/")
  }

  /// A path that exists, without links in it.
  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// The bytes of a path without slashes at its end.
  private static func trimmed(_ path: String) -> [UInt8] {
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == 0x2F { bytes.removeLast() }
    return bytes
  }

  /// Where a path leads when the links at its end are followed, also to nothing; nil for a circle.
  static func followed(_ path: String) -> String? {
    var path = path
    for _ in 0..<40 {
      var target = [CChar](repeating: 0, count: Int(PATH_MAX))
      let length = readlink(path, &target, target.count)
      if length < 0 { return path }
      let text = String(decoding: target[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
      path = text.hasPrefix("/") ? text : joined(folder(of: path), text)
    }
    return nil
  }
}
