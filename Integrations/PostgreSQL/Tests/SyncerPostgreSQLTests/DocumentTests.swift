import Foundation
import Testing

struct DocumentTests {
  @Test("The README shows the snippet that is compiled")
  func snippet() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let snippet = try String(
      contentsOf: folder.appendingPathComponent("Snippets/SyncTables.swift"), encoding: .utf8)
    let shown = snippet.split(separator: "\n\n", maxSplits: 1).last ?? ""
    let page = try String(
      contentsOf: folder.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(page.contains("```swift\n\(shown)```"))
  }
}
