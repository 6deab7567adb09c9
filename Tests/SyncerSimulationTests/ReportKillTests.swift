import Foundation
import Syncer
import Testing

/// A run that is killed leaves the report that was there, or its own, whole.
///
/// `CO3_REPORT_KILLS` sets how many are killed.
@Suite(.serialized) struct ReportKillTests {
  private static let kills =
    ProcessInfo.processInfo.environment["CO3_REPORT_KILLS"].flatMap(Int.init) ?? 20
  private let tool: Co3simProcess

  init() throws {
    tool = try Co3simProcess()
  }

  /// The seeds that the four tables of the report are of, and how many rows they have.
  private func content() throws -> (seeds: Set<String>, rows: [Int]) {
    var seeds: Set<String> = []
    var rows: [Int] = []
    for name in ["chunks", "tracking", "collapse", "summary"] {
      let lines = try tool.folder.text(of: "out/\(name).csv").split(whereSeparator: \.isNewline)
      let header = lines[0].split(separator: ",", omittingEmptySubsequences: false)
      rows.append(lines.count)
      guard let column = header.firstIndex(of: "seed") else { continue }
      for line in lines.dropFirst() {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        #expect(fields.count == header.count, "\(name): \(line)")
        seeds.insert(String(fields[column]))
      }
    }
    return (seeds, rows)
  }

  @Test("killed at random moments, a report is whole, and the next run clears away what is left")
  func kills() throws {
    _ = try tool.folder.file(
      "s.json",
      """
      {"name": "s", "sync": {"chunkTime": "1s"}, "workload": {"phases": [
        {"class": "a", "count": 3000, "handle": {"exponential": {"mean": "20ms"}}}]}}
      """)
    func arguments(_ seed: Int) -> [String] {
      ["s.json", "--seed", "\(seed)", "--output", "out", "--quiet"]
    }
    var whole: [String: [Int]] = [:]
    for seed in 1...2 {
      #expect(try tool.run(arguments(seed)).code == 0)
      whole["\(seed)"] = try content().rows
    }
    var generator = SplitMix64(seed: 11)
    var cutShort = 0
    for round in 0..<Self.kills {
      let process = try tool.process(arguments(1 + round % 2))
      try process.run()
      // A while that takes as long as it takes, up to about the length of a run.
      for _ in 0..<generator.next(below: 400_000) { _ = getppid() }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if process.terminationReason == .uncaughtSignal { cutShort += 1 }
      let (seeds, rows) = try content()
      let seed = try #require(seeds.first, "round \(round)")
      #expect(seeds.count == 1 && rows == whole[seed], "round \(round): \(seeds) \(rows)")
    }
    print("\(cutShort) of \(Self.kills) runs were killed before their end")
    #expect(try tool.run(arguments(1)).code == 0)
    #expect(try tool.folder.names().filter { $0.hasPrefix(".co3.") }.isEmpty)
    #expect(try content().rows == whole["1"])
  }
}
