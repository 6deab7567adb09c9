import Foundation
import Testing

@testable import SyncerReports
@testable import SyncerSimulation

/// A report goes where it belongs and overwrites nothing that is not a report.
struct OutputPathTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(
    "a name that would leave the report folder, or be no folder's name, is refused",
    arguments: [
      "", ".", "..", "../up", "/absolute", "a/b", "a\\\\b", ".hidden", "a\\u0000b", "a\\nb", " ",
      "a b", "é", String(repeating: "a", count: 101), "~", "$HOME", "a:b", "*",
    ])
  func names(name: String) {
    let json = """
      {"name": "\(name)", "sync": {"chunkTime": "1s"},
       "workload": {"phases": [{"class": "x", "count": 1, "handle": {"constant": "1s"}}]}}
      """
    #expect {
      _ = try Scenario(json: Array(json.utf8), file: "named.json")
    } throws: { "\($0)".contains("letters, digits") }
  }

  @Test("a file of a report's name that no report wrote is not overwritten")
  func foreignFiles() throws {
    for name in ["chunks.csv", "tracking.csv", "collapse.csv", "summary.csv"] {
      for text in ["my,own,table\n1,2,3\n", "", "scenario,scheduler,seed\n"] {
        let own = try folder.file(name, text)
        #expect {
          _ = try ReportWriter(folder: folder.path)
        } throws: { "\($0)".contains(name) && "\($0)".contains("--output") }
        #expect(try folder.text(of: name) == text)
        #expect(try folder.names() == [name])
        try FileManager.default.removeItem(atPath: own)
      }
    }
  }

  @Test("a report of this version or an earlier one is replaced")
  func ownFiles() throws {
    _ = try folder.file("summary.csv", "scenario,scheduler,seed,replication,overshoot\r\n")
    try ReportWriter(folder: folder.path).commit()
    try ReportWriter(folder: folder.path).commit()
    #expect(try folder.names() == ["chunks.csv", "collapse.csv", "summary.csv", "tracking.csv"])
    #expect(try folder.text(of: "summary.csv").contains("expected_completion_s"))
  }

  @Test("a folder that is a file is an error")
  func folderIsFile() throws {
    let file = try folder.file("report", "mine")
    #expect(throws: ScenarioError.self) { try ReportWriter(folder: file) }
    #expect(try folder.text(of: "report") == "mine")
  }
}
