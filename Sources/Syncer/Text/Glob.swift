/// A shell pattern for paths and names, such as `*.wav`, `takes/**/*.txt` or `.git/`.
///
/// A pattern without a slash matches the last component at any depth. One with a slash matches the
/// path from the root, component by component; `**` matches any number of components. A slash at
/// the end restricts the pattern to folders. Within a component, `*` matches any bytes, `?` one
/// byte, and `[a-z]`, `[!a-z]` or `[[:digit:]]` one of a set; a backslash quotes the next byte.
/// Bytes are compared, as by `fnmatch` in the C locale.
public struct Glob: Sendable, Equatable {
  /// The pattern as it was written.
  public let pattern: String
  /// Whether the pattern matches only folders.
  public let isForFolders: Bool
  /// Components; nil stands for any number of them.
  private let components: [Wildcard?]
  private let isForNames: Bool

  /// Parses a pattern.
  ///
  /// - Throws: `GlobError` if it can match nothing.
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
    var components: [Wildcard?] = []
    for part in parts {
      do throws(Wildcard.Problem) {
        components.append(
          part == "**" && parts.count > 1 ? nil : try Wildcard(Array(part.utf8)))
      } catch {
        throw GlobError(pattern: pattern, rule: error.rule)
      }
    }
    // At the end, any number of components is at least one: a folder does not contain itself.
    if components.last == .some(nil) { components.append(.any) }
    self.components = components
  }

  /// Whether a bracket of the pattern is not closed, so that it stands for itself.
  public var hasOpenBracket: Bool { components.contains { $0?.hasOpenBracket ?? false } }

  /// Whether the pattern matches a path or text.
  public func matches(_ path: String, isFolder: Bool = false) -> Bool {
    matches(Array(path.utf8), isFolder: isFolder)
  }

  /// Whether the pattern matches a path given as bytes.
  public func matches(_ path: [UInt8], isFolder: Bool = false) -> Bool {
    if isForFolders && !isFolder { return false }
    let names = path.split(separator: 0x2F)
    if isForNames, let wildcard = components[0] {
      return wildcard.matches(names.last ?? [])
    }
    return starMatch(components, names[...], isStar: { $0 == nil }) { wildcard, name in
      wildcard?.matches(name) ?? true
    }
  }
}

/// The error of a pattern that cannot match anything.
public struct GlobError: Error, Equatable, CustomStringConvertible {
  /// The pattern as it was written.
  public var pattern: String
  /// The rule that the pattern breaks, as the rest of a sentence about it.
  public var rule: String

  /// Creates an error.
  public init(pattern: String, rule: String) {
    self.pattern = pattern
    self.rule = rule
  }

  public var description: String {
    "The pattern \"\(pattern)\" \(rule); write one such as \"*.txt\", \"takes/**\" or \".git/\"."
  }
}
