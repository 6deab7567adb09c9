import Foundation
import Syncer
import SyncerTesting
import TestSupport
import Testing

/// The gate of somebody's own test: bounds, baselines and how they are accepted.
struct GateTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// A sync of items that take so many milliseconds each.
  private func report(_ milliseconds: Int) async throws -> SyncReport<Int> {
    let clock = VirtualClock()
    let differ = Differ(left: ArrayResource(Array(0..<200)), right: ArrayResource([]))
    let handler = differ.handler(
      handle: { entry in
        clock.advance(by: .milliseconds(milliseconds))
        return entry.key
      }, processChunk: { _ in })
    let syncer = Syncer(differ: differ, handler: handler, order: .listed, clock: clock)
    return try await syncer.chunkedSync(chunkTime: .seconds(1))
  }

  private func gate(accepting names: String? = nil) -> Gate {
    Gate(
      baselines: "Baselines", beside: "\(folder.path)/SomeTests.swift",
      environment: names.map { [Gate.variable: $0] } ?? [:])
  }

  @Test("without a baseline a check fails and says how to accept; accepted, it passes")
  func accepting() async throws {
    let report = try await report(10)
    let first = try gate().check(report, name: "mine")
    #expect(!first.passes && first.isNew)
    #expect(first.message.contains("run the test again with CO3_ACCEPT=mine"))
    #expect(!first.message.contains("co3sim"))
    #expect(!FileManager.default.fileExists(atPath: first.path))

    #expect(try !gate(accepting: "other").check(report, name: "mine").passes)
    let accepted = try gate(accepting: "other, mine").check(report, name: "mine")
    #expect(accepted.passes && accepted.isAccepted)
    #expect(accepted.path == "\(folder.path)/Baselines/mine.json")

    let second = try gate().check(report, name: "mine")
    #expect(second.passes && second.message == "'mine' is as its baseline.\n")
  }

  @Test("what got worse is told, and `all` accepts it")
  func worse() async throws {
    _ = try gate(accepting: "all").check(try await report(10), name: "mine")
    let slow = try await report(30)
    let outcome = try gate().check(slow, name: "mine")
    #expect(!outcome.passes && outcome.message.contains("worse: sync makespan_s"))
    #expect(try gate(accepting: "all").check(slow, name: "mine").passes)
    #expect(try gate().check(slow, name: "mine").passes)
  }

  @Test("a broken bound cannot be accepted away, and no way to accept it is named")
  func bounds() async throws {
    let bound = MetricBound(metric: .chunks, atMost: 1)
    let outcome = try gate(accepting: "all").check(
      try await report(10), name: "mine", bounds: [bound])
    #expect(!outcome.passes && !outcome.isAccepted)
    #expect(outcome.message.contains("cannot be accepted away"))
    #expect(!outcome.message.contains("CO3_ACCEPT"))
    #expect(!FileManager.default.fileExists(atPath: outcome.path))
  }

  @Test("a baseline that lacks a metric is not what it was, until it is accepted anew")
  func lacking() async throws {
    let report = try await report(10)
    let path = try gate(accepting: "mine").check(report, name: "mine").path
    var json = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any])
    for kept in [["chunks"], []] {
      let schedulers = try #require(json["schedulers"] as? [String: [String: Double]])
      json["schedulers"] = schedulers.mapValues { metrics in
        metrics.filter { kept.contains($0.key) }
      }
      try JSONSerialization.data(withJSONObject: json).write(to: URL(filePath: path))
      let outcome = try gate().check(report, name: "mine")
      #expect(!outcome.passes && outcome.message.contains("lacks metrics"))
      #expect(outcome.message.contains("  lacking: sync ") && outcome.lacking.count == 1)
      #expect(outcome.lacking[0].contains("makespan_s"))
    }
    #expect(try gate(accepting: "mine").check(report, name: "mine").passes)
    #expect(try gate().check(report, name: "mine").passes)
  }

  @Test(
    "a baseline is read strictly",
    arguments: [
      ("{", "is no part of a baseline"), (#"{"format":1}"#, "scenario"),
      (#"{"format":2,"scenario":"mine","scenarioDigest":"x","schedulers":{}}"#, "another version"),
      (#"{"format":1,"scenario":"mine","scenarioDigest":"x","schedulers":{},"more":1}"#, "more"),
      (
        #"{"format":1,"scenario":"mine","scenarioDigest":"x","schedulers":{"a":{"chnks":1}}}"#,
        "chnks"
      ),
    ])
  func strict(text: String, part: String) async throws {
    let path = "\(folder.path)/Baselines"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: "\(path)/mine.json"))
    let report = try await report(10)
    let error = try #require(throws: ScenarioError.self) {
      try gate().check(report, name: "mine")
    }
    #expect("\(error)".contains(part) && "\(error)".contains("accept again"), "\(error)")
  }
}
