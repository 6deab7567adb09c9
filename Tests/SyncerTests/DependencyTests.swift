import Testing

struct DependencyTests {
  /// Part of every toolchain, on every platform, without Foundation.
  private static let standardModules: Set<String> = [
    "Swift", "Synchronization", "_Concurrency", "_StringProcessing",
  ]

  @Test("the library people ship imports the standard library alone: neither GSL nor Foundation")
  func libraryImports() throws {
    let files = try SourceTree.swiftFiles(below: "Sources/Syncer")
    #expect(files.count > 10, "the sources were not found")
    for file in files {
      for module in file.imports {
        #expect(
          Self.standardModules.contains(module),
          "\(file.path) imports \(module); move what needs it to a module above Syncer")
      }
    }
  }

  @Test("the target Syncer depends on nothing")
  func targetDependencies() throws {
    let declaration = try Self.declaration(".target(name: \"Syncer\"")
    #expect(
      !declaration.contains("dependencies") && !declaration.contains("plugins"),
      "Package.swift gives Syncer a dependency: \(declaration)")
  }

  @Test("what adopters test with needs nothing but the toolchain and Syncer")
  func testingImports() throws {
    // SafeOutput writes files; it is a target of this package and depends on nothing.
    let allowed = Self.standardModules.union(["Foundation", "Syncer", "SafeOutput"])
    for folder in ["Sources/SyncerTesting", "Sources/SyncerRouting", "Sources/SyncerTables"] {
      let files = try SourceTree.swiftFiles(below: folder)
      #expect(files.count > 1, "the sources of \(folder) were not found")
      for file in files {
        let others = Set(file.imports).subtracting(allowed)
        #expect(others.isEmpty, "\(file.path) imports \(others.sorted())")
      }
    }
  }

  @Test("GSL is imported by the simulation alone")
  func onlySimulationImportsGSL() throws {
    let importers = try SourceTree.swiftFiles(below: "Sources")
      .filter { $0.imports.contains("CGSL") }
      .map(\.path)
    #expect(!importers.isEmpty)
    #expect(importers.allSatisfy { $0.hasPrefix("Sources/SyncerSimulation/") }, "\(importers)")
  }

  @Test(
    "what a module is there to connect is imported by that module alone",
    arguments: [
      ("GRDB", "SyncerSQLite"), ("Logging", "SyncerInstrumentation"),
      ("Metrics", "SyncerInstrumentation"), ("CoreMetrics", "SyncerInstrumentation"),
      ("SyncerFiles", "co3index"), ("SyncerSQLite", "co3index"), ("Crypto", "co3index"),
      ("Mustache", "SyncerReports"), ("SyncerReports", "co3sim"),
    ])
  func connectors(module: String, owner: String) throws {
    let importers = try SourceTree.swiftFiles(below: "Sources")
      .filter { $0.imports.contains(module) }
      .map(\.path)
    #expect(importers.allSatisfy { $0.hasPrefix("Sources/\(owner)/") }, "\(importers)")
  }

  @Test("the argument parser is imported by executables alone")
  func onlyExecutablesParseArguments() throws {
    let importers = try SourceTree.swiftFiles(below: "Sources")
      .filter { $0.imports.contains("ArgumentParser") }
      .map(\.path)
    #expect(importers.allSatisfy { $0.hasPrefix("Sources/co3") }, "\(importers)")
  }

  @Test("imports are found however they are written")
  func importsAreFound() {
    let file = SourceTree.File(
      path: "Sample.swift",
      lines: [
        "import A", "public import B", "@testable import C", "import struct D.E",
        "// import F", "let important = 1", "@_exported public import G",
      ])
    #expect(file.imports == ["A", "B", "C", "D", "G"])
  }

  /// The text of a target of Package.swift, to its closing parenthesis.
  private static func declaration(_ start: String) throws -> String {
    let manifest = try SourceTree.text(of: "Package.swift")
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
      .replacing("( ", with: "(")
    let rest = try #require(
      manifest.firstRange(of: start).map { manifest[$0.lowerBound...] },
      "Package.swift has no \(start)")
    var depth = 0
    var taken = ""
    for character in rest {
      taken.append(character)
      if character == "(" { depth += 1 }
      if character == ")" {
        depth -= 1
        if depth == 0 { break }
      }
    }
    return taken
  }
}
