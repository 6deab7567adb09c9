import Testing

/// The folders of a module are layers: of two folders at most one needs the other.
///
/// What a folder needs are the types that others declare, by their names in its code. Those of `Syncer` are
/// sorted by noun, and its one loop runs through them.
struct FolderTests {
  @Test(
    "no two folders of a module need each other",
    arguments: [
      "SyncerTesting", "SyncerSimulation", "SyncerReports", "SyncerFiles", "SyncerSQLite",
      "co3sim", "co3index",
    ])
  func layers(module: String) throws {
    let files = try SourceTree.swiftFiles(below: "Sources/\(module)").map(SourceText.init)
    #expect(!files.isEmpty, "the sources of \(module) were not found")
    for (pair, reasons) in Self.mutual(files) {
      Issue.record("\(module): \(pair) need each other; move one of \(reasons)")
    }
  }

  @Test("two folders that need each other are found, and names that mean something else are not")
  func mutualFolders() {
    func file(_ path: String, _ lines: String...) -> SourceText {
      SourceText(SourceTree.File(path: "Sources/M/\(path)", lines: lines))
    }
    let low = file("Low/A.swift", "struct A {", "  struct Inner {}", "  var b: B // C", "}")
    #expect(Self.mutual([low, file("High/B.swift", "struct B { var a: A }")]).count == 1)
    #expect(Self.mutual([low, file("B.swift", "struct B { var a: A }")]).count == 1)
    #expect(Self.mutual([low, file("High/B.swift", "struct B { var a: X.A }")]).isEmpty)
    #expect(Self.mutual([low, file("High/C.swift", "struct C { var a: A }")]).isEmpty)
    #expect(Self.mutual([low, file("High/B.swift", "struct B {}", "struct Inner {}")]).isEmpty)
    #expect(Self.mutual([low, file("High/B.swift", "private struct B { var a: A }")]).isEmpty)
  }

  /// The pairs of folders that need each other, with the uses that say so.
  private static func mutual(_ files: [SourceText]) -> [(pair: String, reasons: String)] {
    var owner: [String: String] = [:]
    var nested: [String: Set<String>] = [:]
    for file in files {
      for name in file.declared { owner[name] = file.folder }
      nested[file.folder, default: []].formUnion(file.nested)
    }
    var uses: [String: [String: Set<String>]] = [:]
    for file in files {
      for name in file.used {
        guard let other = owner[name], other != file.folder,
          nested[file.folder]?.contains(name) != true
        else { continue }
        uses[file.folder, default: [:]][other, default: []].insert("\(name) in \(file.name)")
      }
    }
    return uses.keys.sorted().flatMap { folder in
      (uses[folder] ?? [:]).sorted { $0.key < $1.key }.compactMap { other, names in
        guard folder < other, let back = uses[other]?[folder] else { return nil }
        let reasons = (names.count < back.count ? names : back).sorted().joined(separator: ", ")
        return ("\(folder) and \(other)", reasons)
      }
    }
  }
}

/// The types that a file declares, and those that it names.
private struct SourceText {
  /// The first folder below the module's, and that of files beside the folders.
  var folder, name: String
  /// Types at the top of the file that other files can use.
  var declared: Set<String> = []
  /// Types within others.
  var nested: Set<String> = []
  /// Words that begin with a capital letter and are no member of anything.
  var used: Set<String> = []

  init(_ file: SourceTree.File) {
    let parts = file.path.split(separator: "/").map(String.init)
    folder = parts.count > 3 ? parts[2] : "(beside the folders)"
    name = parts[parts.count - 1]
    let declaration = /^(\s*)((?:[a-z@]\S* )*)(?:struct|enum|class|protocol|actor|typealias) (\w+)/
    for line in file.lines {
      let code = line.prefix(upTo: line.firstRange(of: "//")?.lowerBound ?? line.endIndex)
      if let match = code.firstMatch(of: declaration) {
        if !match.1.isEmpty {
          nested.insert(String(match.3))
        } else if !match.2.contains("private") {
          declared.insert(String(match.3))
        }
      }
      for match in code.matches(of: /(^|[^.\w])([A-Z]\w*)/) { used.insert(String(match.2)) }
    }
  }
}
