import Testing

/// Public declarations have a documentation comment; members that satisfy a protocol inherit its text.
///
/// The formatter's own rule knows no protocols and would ask for a comment on each of those members.
struct DocumentationTests {
  @Test("every public declaration is documented, or inherits the text of a protocol")
  func everything() throws {
    let files = try ["Sources", "Integrations/PostgreSQL/Sources"].flatMap {
      try SourceTree.swiftFiles(below: $0)
    }
    let surface = PublicSurface(files)
    #expect(surface.count > 1_000, "declarations were not found")
    for place in surface.undocumented {
      Issue.record("\(place) needs a documentation comment that says what it is")
    }
  }

  @Test("a comment is asked for where no protocol has one")
  func examples() {
    let surface = PublicSurface([
      SourceTree.File(
        path: "a.swift",
        lines: """
          /// A kind.
          public protocol Kind: Sendable {
            /// Its name.
            var name: String { get }
            func missing()
          }

          extension Kind {
            public func missing() {}
            public func added() {}
          }

          public struct Bare: Sendable {
            /// Its width.
            @inlinable public var width: Int { 0 }
            @inlinable
            public static func height() -> Int { 0 }
          }

          /// Of a kind.
          public struct Long<
            Value: Sendable
          > {
            public var name: String { "" }
            public var other: String { "" }
            public init(stringLiteral text: String) {}
            public init(from text: String) {}
          }
          """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)),
      SourceTree.File(
        path: "b.swift", lines: ["extension Long: Kind, ExpressibleByStringLiteral {", "}"]),
    ])
    #expect(
      surface.undocumented == [
        "a.swift:5 missing", "a.swift:10 added", "a.swift:13 Bare", "a.swift:17 height",
        "a.swift:25 other", "a.swift:27 init(from",
      ])
  }
}

/// The public declarations of some files, found by their indentation, which the formatter keeps.
private struct PublicSurface {
  private(set) var count = 0
  /// What has no comment and no protocol to inherit one from, as `file:line name`.
  private(set) var undocumented: [String] = []

  /// What protocols from elsewhere require.
  private static let foreign: [String: Set<String>] = [
    "AsyncIteratorProtocol": ["next", "Element", "Failure"],
    "AsyncSequence": ["Element", "Failure", "makeAsyncIterator"],
    "Actor": ["unownedExecutor"],
    "Clock": ["now", "minimumResolution", "sleep"],
    "Comparable": ["<"],
    "CustomReflectable": ["customMirror"],
    "CustomStringConvertible": ["description"],
    "DatabaseValueConvertible": ["databaseValue", "fromDatabaseValue"],
    "Decodable": ["init(from"],
    "Encodable": ["encode"],
    "Equatable": ["=="],
    "ExpressibleByDictionaryLiteral": ["init(dictionaryLiteral"],
    "ExpressibleByIntegerLiteral": ["init(integerLiteral"],
    "ExpressibleByStringLiteral": ["init(stringLiteral"],
    "Hashable": ["==", "hash"],
    "InstantProtocol": ["advanced", "duration", "<"],
    "RandomAccessCollection": ["startIndex", "endIndex", "subscript"],
    "TaskExecutor": ["enqueue"],
  ]

  /// What a protocol requires, by the protocol's name.
  private var requirements = Self.foreign
  /// The words in the headings of a type or protocol: what it conforms to is among them.
  private var headings: [String: Set<String>] = ["Codable": ["Encodable", "Decodable"]]

  init(_ files: [SourceTree.File]) {
    for file in files { readHeadings(of: file) }
    for file in files { check(file) }
  }

  private mutating func readHeadings(of file: SourceTree.File) {
    for (number, line) in file.lines.enumerated() {
      guard let declaration = Declaration(line) else { continue }
      if declaration.isType {
        let end = file.lines[number...].firstIndex { $0.hasSuffix("{") || $0.hasSuffix("}") }
        let words = file.lines[number...(end ?? number)].joined(separator: " ").split {
          !$0.isLetter && !$0.isNumber
        }
        headings[declaration.name, default: []].formUnion(words.map(String.init))
        if declaration.kind == "actor" { headings[declaration.name]?.insert("Actor") }
      } else if let owner = owner(of: number, in: file), owner.kind == "protocol" {
        requirements[owner.name, default: []].insert(declaration.name)
      }
    }
  }

  private mutating func check(_ file: SourceTree.File) {
    for (number, line) in file.lines.enumerated() {
      guard let declaration = Declaration(line) else { continue }
      let owner = declaration.isPublic && declaration.depth == 0 ? nil : owner(of: number, in: file)
      let isRequirement = owner.map { $0.kind == "protocol" && $0.isPublic } ?? false
      guard isRequirement || declaration.isPublic else { continue }
      count += 1
      let above = file.lines[..<number].last { Declaration($0) != nil || !Self.isAttribute($0) }
      if (above ?? "").drop(while: { $0 == " " }).hasPrefix("///") { continue }
      if !isRequirement, let owner, inherited(by: owner.name).contains(declaration.name) {
        continue
      }
      undocumented.append("\(file.path):\(number + 1) \(declaration.name)")
    }
  }

  private static func isAttribute(_ line: String) -> Bool {
    line.drop { $0 == " " }.hasPrefix("@")
  }

  /// The names that protocols a type conforms to require, directly or through other protocols.
  private func inherited(by type: String) -> Set<String> {
    var known: Set<String> = []
    var open = [type]
    while let next = open.popLast() {
      if known.insert(next).inserted { open += headings[next] ?? [] }
    }
    return known.reduce(into: []) { $0.formUnion(requirements[$1] ?? []) }
  }

  /// The type, extension or protocol that a line is a member of; nil within a function.
  private func owner(of number: Int, in file: SourceTree.File) -> Declaration? {
    let depth = file.lines[number].prefix { $0 == " " }.count
    guard depth > 0 else { return nil }
    for line in file.lines[..<number].reversed()
    where !line.isEmpty && line.prefix(while: { $0 == " " }).count < depth {
      // A heading of several lines ends with one that declares nothing.
      guard let declaration = Declaration(line) else { continue }
      return declaration.isType ? declaration : nil
    }
    return nil
  }
}

/// What a line declares, as far as its first words say.
private struct Declaration {
  var kind: Substring
  var name: String
  var isPublic = false
  var depth: Int

  var isType: Bool { Self.types.contains(kind) }

  private static let types: Set<Substring> = [
    "struct", "class", "enum", "actor", "protocol", "extension",
  ]
  private static let members: Set<Substring> = [
    "func", "var", "let", "typealias", "associatedtype",
  ]
  private static let modifiers: Set<Substring> = [
    "package", "internal", "fileprivate", "private", "private(set)", "package(set)", "static",
    "final", "mutating", "nonisolated", "indirect", "override", "borrowing", "consuming",
  ]

  init?(_ line: String) {
    depth = line.prefix { $0 == " " }.count
    guard !line.dropFirst(depth).hasPrefix("/") else { return nil }
    var words = line.split(separator: " ", maxSplits: 8)[...]
    while let word = words.first, word.hasPrefix("@") || Self.isModifier(word) {
      if word == "public" { isPublic = true }
      words.removeFirst()
    }
    guard let keyword = words.popFirst() else { return nil }
    if keyword.hasPrefix("init") || keyword.hasPrefix("subscript") {
      guard let end = keyword.firstIndex(of: "(") ?? keyword.firstIndex(of: "<") else { return nil }
      kind = keyword[..<end]
      let label = keyword[end...].dropFirst().prefix { $0.isLetter }
      name = kind == "subscript" ? "subscript" : "init(\(label)"
    } else if Self.types.contains(keyword) || Self.members.contains(keyword), let word = words.first
    {
      kind = keyword
      let path = word.prefix { $0.isLetter || $0.isNumber || "`._=<".contains($0) }
      let name = path.split(separator: ".").last ?? ""
      let isOperator = name.hasPrefix("=") || name.hasPrefix("<")
      self.name = String(isOperator ? name : name.prefix { $0 != "<" && $0 != "=" })
        .filter { $0 != "`" }
    } else {
      return nil
    }
  }

  private static func isModifier(_ word: Substring) -> Bool {
    word == "public" || modifiers.contains(word)
  }
}
