import Foundation
import Syncer
import SyncerSimulation
import Testing

/// Recordings in the formats that people have them in.
struct TraceReadingTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func workload(
    _ path: String, _ format: TraceSettings.Format = .csv, cost: TraceSettings.Cost = .handle
  ) throws -> Workload {
    try Workload(
      Scenario(
        name: "read",
        workload: WorkloadSettings(
          source: .trace(TraceSettings(path: path, format: format, cost: cost)))))
  }

  @Test("an SWF log gives its jobs by processors, without comments and jobs that never ran")
  func standardWorkloadFormat() throws {
    let path = try folder.file(
      "jobs.swf",
      """
      ; Version: 2.2
        1 0 5 120 1 -1 -1 1 -1 -1 1 1 1 1 1 1 -1 -1
        2 7 0 -1 64 -1 -1 64 -1 -1 0 1 1 1 1 1 -1 -1

      3\t9\t0\t30.5\t16\t-1\r
        4 11 0 0 17 -1 -1 17
        5 12 0 8 2
      """)
    let jobs = try workload(path, .swf, cost: .process)
    #expect(jobs.classes.map(\.name) == ["serial", "small", "large"])
    #expect(jobs.classOfItem == [0, 1, 2, 1])
    #expect(jobs.handleNanoseconds.isEmpty)
    #expect(jobs.processNanoseconds == [120, 30.5, 0, 8].map { Int64($0 * 1e9) })
  }

  @Test(
    "a line that is no job is named",
    arguments: ["1 0 5 x 1", "1 0 5", "1 0 5 nan 1", "1 0 5 9 inf"])
  func brokenLog(line: String) throws {
    let path = try folder.file("jobs.swf", "; first\n1 0 5 9 1\n\(line)\n")
    #expect {
      try workload(path, .swf)
    } throws: { error in
      "\(error)".hasPrefix("\(path): line 3 is no job of the Standard Workload Format;")
    }
  }

  @Test("a compressed trace is read as what it holds, and a damaged one is named")
  func compressed() throws {
    let text = "H4sIAAAAAAACA0vOSSwu1ilOTc7PSynmSkssLtEx0DMy5SrOyS/XMdQz5QIAG9as8iEAAAA="
    let bytes = try #require(Data(base64Encoded: text))
    let path = folder["trace.csv.gz"]
    try bytes.write(to: URL(filePath: path))
    let items = try workload(path)
    #expect(items.classes.map(\.name) == ["fast", "slow"])
    #expect(items.handleNanoseconds == [250_000_000, 1_500_000_000])
    try bytes.prefix(bytes.count - 12).write(to: URL(filePath: path))
    #expect { try workload(path) } throws: { "\($0)".contains("\(path) is damaged") }
  }
}
