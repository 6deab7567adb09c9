import Foundation

/// The files of this repository, for tests about the sources themselves.
enum SourceTree {
  /// The folder of Package.swift.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  struct File: Sendable {
    /// The path from the root, such as `Sources/Syncer/Sync/Syncer.swift`.
    var path: String
    var lines: [String]
  }

  /// The Swift files below a folder, sorted by path.
  static func swiftFiles(below folder: String) throws -> [File] {
    let base = root.appending(path: folder).path
    let paths = try FileManager.default.subpathsOfDirectory(atPath: base)
      .filter { $0.hasSuffix(".swift") && !$0.hasPrefix(".build") }
    return try paths.sorted().map { path in
      File(path: "\(folder)/\(path)", lines: try lines(of: "\(folder)/\(path)"))
    }
  }

  static func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  private static func lines(of path: String) throws -> [String] {
    try text(of: path).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

extension SourceTree.File {
  /// The modules the file imports.
  var imports: [String] {
    lines.compactMap { line in
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(of: "import"),
        words[..<place].allSatisfy({ Self.modifiers.contains($0) || $0.hasPrefix("@") })
      else { return nil }
      let rest = words[(place + 1)...].drop { Self.kinds.contains($0) }
      return rest.first.flatMap { $0.split(separator: ".").first }.map(String.init)
    }
  }

  private static let modifiers: Set<Substring> = [
    "public", "package", "internal", "fileprivate", "private",
  ]

  private static let kinds: Set<Substring> = [
    "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
  ]
}
