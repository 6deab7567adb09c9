import Testing

/// The table of faults names tests that exist.
struct FaultTableTests {
  @Test("every fault is held by a test that exists")
  func namedTestsExist() throws {
    let rows = try SourceTree.text(of: "Tests/FAULTS.md").split(separator: "\n")
      .filter { $0.contains(/^\| [FA]\d/) }
    #expect(rows.count == 72)
    let files = try SourceTree.swiftFiles(below: "Tests")
    for row in rows {
      let cells = row.split(separator: "|")
      let names = cells.last?.matches(of: /`(\w+)\.(\w+)`/) ?? []
      #expect(cells.count == 3 && !names.isEmpty, "\(row)")
      for name in names {
        let (suite, function) = (name.output.1, name.output.2)
        let isThere = files.contains { file in
          file.path.hasSuffix("/\(suite).swift")
            && file.lines.contains { $0.contains("func \(function)(") }
        }
        #expect(isThere, "\(suite).\(function), in: \(row)")
      }
    }
  }
}
