import Foundation

/// Files of the repository, found from where this file was compiled.
enum PackageRoot {
  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  static func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The shared traces, which are not part of the repository; nil where they are absent.
  static func sharedTrace(_ name: String) -> String? {
    let file = "\(path)/../shared/traces/\(name)"
    return FileManager.default.fileExists(atPath: file) ? file : nil
  }
}
