import Foundation
import Syncer
import SyncerReports
import SyncerSimulation
import Testing

/// What is printed: contracts for scripts, and text for people.
struct FormatTests {
  private static let results = [
    RunResult(
      scenario: "a", scheduler: "x, y", seed: .max, replication: 2,
      metrics: RunMetrics([.overshoot: 1.5, .chunks: 7]))
  ]

  @Test("JSON has the shape of the contract, and seeds keep all their digits")
  func json() throws {
    let text = ResultFormat.json.text(Self.results)
    struct Runs: Decodable {
      struct Run: Decodable {
        var scenario: String
        var scheduler: String
        var seed: UInt64
        var replication: Int
        var metrics: [String: Double]
      }
      var runs: [Run]
    }
    let run = try #require(try JSONDecoder().decode(Runs.self, from: Data(text.utf8)).runs.first)
    #expect(run.scenario == "a")
    #expect(run.scheduler == "x, y")
    #expect(run.seed == .max)
    #expect(run.replication == 2)
    #expect(run.metrics == ["overshoot": 1.5, "chunks": 7])
    #expect(text.hasSuffix("}\n"))
  }

  @Test("CSV is the summary: its header, and an empty field for what has no meaning")
  func csv() throws {
    let rows = ResultFormat.csv.text(Self.results).components(separatedBy: "\r\n")
    #expect(rows.count == 3)
    #expect(rows.first == ReportTests.headers["summary.csv"])
    #expect(rows[1] == #"a,"x, y",18446744073709551615,2,1.5,,,,,,,7,,,,,,,,,,,,,,,,,,"#)
  }

  @Test("tables have a line per scheduler, and a column for the scenario if there are several")
  func tables() throws {
    var other = Self.results[0]
    other.scenario = "b"
    for format in [ResultFormat.table, .markdown] {
      let one = format.text(Self.results).split(separator: "\n")
      let two = format.text(Self.results + [other]).split(separator: "\n")
      let rule = format == .markdown ? 1 : 0
      #expect(one.count == 2 + rule)
      #expect(two.count == 3 + rule)
      let (first, second) = (try #require(one.first), try #require(two.first))
      #expect(!first.contains("scenario"))
      #expect(second.contains("scenario"))
      #expect(one.last?.contains("1.50") == true)
    }
  }

  @Test("durations are read with their units and written with three significant digits")
  func durations() throws {
    let readings: [(String, Double)] = [
      ("250ms", 0.25), ("5s", 5), ("2m", 120), ("2min", 120), ("1h", 3600), ("1d", 86_400),
      ("10us", 1e-5), ("7ns", 7e-9), ("1.5s", 1.5), ("1e3ms", 1), ("0s", 0),
    ]
    for (text, wanted) in readings {
      let seconds = try DurationText.seconds(text).get()
      #expect(abs(seconds - wanted) <= 1e-15 * wanted, "\(text)")
    }
    let writings: [(Double, String)] = [
      (0, "0 s"), (5, "5.00 s"), (0.25, "250 ms"), (1e-7, "100 ns"), (1000.2, "16.7 min"),
      (7200, "2.00 h"), (259_200, "3.00 d"), (.infinity, "-"), (2.5e-4, "250 µs"),
      (1e9, "31.7 years"),
    ]
    for (seconds, wanted) in writings { #expect(DurationText.text(seconds) == wanted) }
  }

  @Test("a number for people is the number, to three significant digits")
  func significantDigits() throws {
    for value in [0.001, 0.9999, 1, 1.005, 9.994, 9.999, 99.96, 123.4, 99_999.5, 1e14] {
      for number in [value, -value] {
        let text = DurationText.significant(number)
        let read = try #require(Double(text), "\(text)")
        #expect(abs(read - number) <= 0.005 * abs(number), "\(number) is written \(text)")
        #expect(text.count { $0.isNumber } >= 3, "\(number) is written \(text)")
      }
    }
    #expect(DurationText.significant(0) == "0")
    #expect(DurationText.significant(.nan) == "-")
  }

  @Test("a collapse is put into a sentence with the chunk, its time and what a failure loses")
  func sentence() async throws {
    var scenario = Scenario.constant([(4, 0.5), (4, 2)], sync: SyncSettings(chunkTimeSeconds: 2))
    scenario.schedulers = [
      SchedulerSettings("fixed", ["size": 4], label: "four"), SchedulerSettings("oracle"),
    ]
    let results = try await Experiment(scenario).run()
    let sentence = try #require(results.first?.collapseSentence())
    for part in ["four collapsed", "chunk 2 of 4 items", "8.00 s", "4.00 times", "3 more chunks"] {
      #expect(sentence.contains(part), "\(sentence)")
    }
    #expect(results.last?.collapseSentence() == nil)
    let named = results.first?.collapseSentence(isOneOfSeveral: true)
    #expect(named?.hasPrefix("four, replication 1, collapsed") ?? false)
    #expect(DurationText.text(119.999_999_99) == "2.00 min")
  }
}
