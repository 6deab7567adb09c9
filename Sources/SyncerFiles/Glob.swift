internal import Foundation

/// A pattern for paths in the manner of a shell, as in `*.wav`, `takes/**/*.txt` or `.git/`.
///
/// Without a slash it is about names, at any depth. With one it is about the path from the root,
/// component by component, and `**` stands for any number of components. A slash at the end means
/// folders only. `*`, `?` and `[...]` are the system's (`fnmatch`) and count bytes.
public struct Glob: Sendable, Equatable {
  /// The pattern as it was written.
  public let pattern: String
  /// Whether it is about folders only.
  public let isForFolders: Bool
  private let components: [[CChar]]
  private let isForNames: Bool

  /// Reads a pattern.
  ///
  /// - Throws: `GlobError` where it can match nothing.
  public init(_ pattern: String) throws(GlobError) {
    self.pattern = pattern
    isForFolders = pattern.hasSuffix("/")
    let body = isForFolders ? pattern.dropLast() : pattern[...]
    let parts = body.split(separator: "/", omittingEmptySubsequences: false)
    if body.isEmpty { throw GlobError(pattern: pattern, rule: "is empty") }
    if pattern.utf8.contains(0) { throw GlobError(pattern: pattern, rule: "has a zero byte") }
    if body.hasPrefix("/") {
      throw GlobError(pattern: pattern, rule: "starts with a slash, but paths start at the root")
    }
    if parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) {
      throw GlobError(pattern: pattern, rule: "has a component that no path has")
    }
    isForNames = parts.count == 1
    components = parts.map { Array(String($0).utf8CString) }
  }

  /// Whether the pattern is about this path.
  public func matches(_ path: TreePath, isFolder: Bool = false) -> Bool {
    if isForFolders && !isFolder { return false }
    if isForNames {
      return Self.matches(components[0], Self.text(path.name))
    }
    let names = path.bytes.split(separator: TreePath.slash).map(Self.text)
    return matches(components[...], names[...])
  }

  private func matches(
    _ patterns: ArraySlice<[CChar]>, _ names: ArraySlice<[CChar]>
  ) -> Bool {
    guard let first = patterns.first else { return names.isEmpty }
    if first == Self.anyDepth {
      if patterns.count == 1 { return !names.isEmpty }
      return (names.startIndex...names.endIndex).contains { start in
        matches(patterns.dropFirst(), names[start...])
      }
    }
    guard let name = names.first else { return false }
    return Self.matches(first, name) && matches(patterns.dropFirst(), names.dropFirst())
  }

  private static let anyDepth: [CChar] = [0x2A, 0x2A, 0]

  private static func matches(_ pattern: [CChar], _ name: [CChar]) -> Bool {
    fnmatch(pattern, name, 0) == 0
  }

  private static func text(_ name: ArraySlice<UInt8>) -> [CChar] {
    (name + [0]).map(CChar.init(bitPattern:))
  }
}

/// A pattern that cannot be used.
public struct GlobError: Error, Equatable, CustomStringConvertible {
  /// The pattern as it was written.
  public var pattern: String
  /// The rule that is broken, as the rest of a sentence about the pattern.
  public var rule: String

  /// Makes an error.
  public init(pattern: String, rule: String) {
    self.pattern = pattern
    self.rule = rule
  }

  /// The whole sentence.
  public var description: String {
    "The pattern \"\(pattern)\" \(rule); write one such as \"*.txt\", \"takes/**\" or \".git/\"."
  }
}
