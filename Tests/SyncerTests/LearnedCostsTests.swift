import Foundation
import Testing

@testable import Syncer

/// What a scheduler has learned, kept for the next sync.
struct LearnedCostsTests {
  /// Syncs items of 50 ms that take as long again in processing, at chunks of 5 s.
  private func run(
    _ learned: LearnedCosts? = nil, slower: Int = 1, count: Int = 2000
  ) async throws -> SyncReport<Int> {
    var bench = Bench(0..<count)
    bench.cost = { _ in .milliseconds(50 * slower) }
    bench.processCost = { .milliseconds(20 + 50 * slower * $0.count) }
    bench.costClass = { CostClass("class \($0 % 10)") }
    return try await bench.syncer(DeadlineScheduler(learned: learned)).chunkedSync(
      chunkTime: .seconds(5))
  }

  private func seconds(_ report: SyncReport<Int>) -> [Double] {
    report.chunks.map { $0.duration / .seconds(1) }
  }

  @Test("a second sync fills chunks after a first one that finds out how fast everything is")
  func guides() async throws {
    let first = try await run()
    let learned = try #require(first.learned)
    #expect(learned.classCount == 10)
    let second = try await run(learned)
    // At a first chunk the pace is doubted by a factor of 7, in processing alone.
    #expect(seconds(second)[0] > 1.2 && seconds(second)[0] < 2.2)
    #expect(seconds(second)[1...4].allSatisfy { abs($0 - 5) < 0.3 })
    let miss = { (report: SyncReport<Int>) in
      self.seconds(report).dropLast().reduce(0) { $0 + ($1 - 5) * ($1 - 5) }
    }
    #expect(miss(second) < miss(first))
  }

  @Test("where everything is ten times slower or faster, one chunk shows", arguments: [0.1, 10])
  func doesNotBind(factor: Double) async throws {
    let slow = factor > 1 ? (learned: 1, now: 10) : (learned: 10, now: 1)
    let learned = try #require(try await run(slower: slow.learned).learned)
    let second = try await run(learned, slower: slow.now)
    #expect(seconds(second)[0] < 1.5 * 5)
    #expect(seconds(second)[1...4].allSatisfy { abs($0 - 5) < 1.1 }, "\(seconds(second)[0...4])")
  }

  @Test("classes are known by name, whatever the order they are met in")
  func names() async throws {
    let learned = try #require(try await run().learned)
    var bench = Bench((0..<40).reversed())
    bench.costClass = { CostClass("class \($0 % 10)") }
    let report = try await bench.syncer(DeadlineScheduler(learned: learned)).chunkedSync(
      chunkTime: .seconds(5))
    let estimates = report.chunks[0].classes.map(\.estimate?.seconds)
    #expect(estimates.allSatisfy { abs(($0 ?? 0) - 0.1) < 0.04 }, "\(estimates)")
  }

  @Test("what was learned is the same after it was written and read")
  func coding() async throws {
    let learned = try #require(try await run().learned)
    let data = try JSONEncoder().encode(learned)
    #expect(try JSONDecoder().decode(LearnedCosts.self, from: data) == learned)
    // Small: about a hundred bytes a class.
    #expect(data.count < 10 * 150)
  }

  @Test("what is remembered of handling a class weighs as ten items")
  func rememberedItems() async throws {
    let learned = try #require(try await run().learned)
    var beliefs = ClassBeliefs()
    beliefs.recall(learned, of: learned.classes.keys.sorted().map { CostClass($0) })
    #expect(beliefs.entries.count == learned.classCount)
    for entry in beliefs.entries { #expect(abs(entry.handling.weight - 10) < 0.05) }
  }

  @Test("numbers keep three digits, whatever their size")
  func numbers() {
    for value in [1, 0.001, 3.14159, 1e-9, 123_456_789, 1e-300, 1e300] as [Double] {
      #expect(abs(ShortNumber(value).value / value - 1) <= 0.0005, "\(value)")
      #expect(ShortNumber(code: ShortNumber(value).code) == ShortNumber(value))
    }
    for value in [0, -1, .nan, .infinity, .leastNonzeroMagnitude] as [Double] {
      #expect(ShortNumber(value).value == 0, "\(value)")
    }
    #expect(ShortNumber(1.9999).value == 2)
  }

  private static let damaged = [
    #"{}"#, #"{"version":1}"#, #"{"version":0,"overhead":0,"classes":{}}"#,
    #"{"version":1,"overhead":-1,"classes":{}}"#, #"{"version":1,"overhead":5,"classes":{}}"#,
    #"{"version":1,"overhead":0,"classes":{"a":{"h":[1]}}}"#,
    #"{"version":1,"overhead":0,"classes":{"a":{"h":[1990000,0]}}}"#,
    #"{"version":1,"overhead":0,"classes":{"a":{"r":-1}}}"#,
    #"{"version":1,"overhead":0,"classes":{"a":{"u":0}}}"#,
    #"{"version":1,"overhead":0,"classes":{"a":{"p":"x"}}}"#,
    #"{"version":1,"overhead":3023999,"classes":{}}"#,
    #"{"version":1,"overhead":0,"classes":{"a":{"p":3023999}}}"#,
    #"{"version":1,"overhead":0,"classes":{"a":{"h":[2040000,1000]}}}"#,
    #"{"version":1,"overhead":0,"classes":{"a":{"s":2900000}}}"#,
    #"{"version":1,"overhead":0,"classes":{"a":{"u":2900000}}}"#,
  ]

  @Test("hints beyond all numbers make nothing that is not read again")
  func extremeHints() async throws {
    for hint in [1e308, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 1e-300] as [Double] {
      var bench = Bench(0..<50)
      bench.hint = { $0 % 3 == 0 ? nil : hint }
      bench.costClass = { $0 % 3 == 0 ? "plain" : "extreme" }
      let report = try await bench.syncer(DeadlineScheduler()).chunkedSync(chunkTime: .seconds(1))
      let data = try JSONEncoder().encode(try #require(report.learned))
      let read = try JSONDecoder().decode(LearnedCosts.self, from: data)
      #expect(read == report.learned && read.classes["plain"] != nil, "\(hint)")
    }
  }

  @Test(
    "costs at the limits of what is read make no chunk long, and are numbers", arguments: 0..<300)
  func atTheLimits(seed: UInt64) async throws {
    var generator = SplitMix64(seed: seed)
    func number(_ values: [Double]) -> ShortNumber {
      ShortNumber(values[generator.next(below: values.count)])
    }
    var learned = LearnedCosts()
    learned.overhead = number([0, 1e-9, 1, 1e3, 3e9])
    for name in ["even", "odd", "other"] {
      var known = LearnedClass()
      let seconds = [0, 1e-300, 1e-9, 1, 1e6, 3e9]
      known.handling = (0..<generator.next(below: 4)).map { _ in
        .init(seconds: number(seconds), share: 1 + generator.next(below: 1000))
      }
      known.completions = generator.next(below: 3) == 0 ? known.handling : []
      known.processing = number(seconds)
      known.scatter = number([0, 1, 1e12])
      known.units = number([1, 1e-100, 1e100])
      known.work = number([1, 1e-100, 1e100])
      if known.isPossible { learned.classes[name] = known }
    }
    var bench = Bench(0..<60)
    bench.costClass = { $0 % 2 == 0 ? "even" : "odd" }
    bench.cost = { _ in .milliseconds(100) }
    bench.processCost = { .milliseconds(20 + 100 * $0.count) }
    let syncer = bench.syncer(
      DeadlineScheduler(learned: learned), order: seed % 2 == 0 ? .listed : .roughlyListed)
    let report = try await syncer.chunkedSync(chunkTime: .seconds(1))
    #expect(report.handledCount == 60)
    #expect(report.chunks.allSatisfy { $0.duration < .seconds(4) }, "\(seconds(report))")
    let estimates = report.chunks.flatMap { $0.classes.compactMap(\.estimate) }
    #expect(estimates.allSatisfy { $0.seconds.isFinite && $0.deviationSeconds.isFinite })
  }

  @Test("a remembered overhead makes no chunk longer before one has shown it")
  func staleOverhead() async throws {
    var learned = LearnedCosts()
    learned.overhead = ShortNumber(100)
    for isKnown in [false, true] {
      if isKnown {
        learned.classes["item"] = LearnedClass(handling: [
          .init(seconds: ShortNumber(0.01), share: 1000)
        ])
      }
      var bench = Bench(0..<3000)
      bench.processCost = { _ in .milliseconds(20) }
      let report = try await bench.syncer(DeadlineScheduler(learned: learned)).chunkedSync(
        chunkTime: .seconds(5))
      #expect(seconds(report).allSatisfy { $0 < 7.5 }, "\(seconds(report))")
      #expect(report.warnings.isEmpty)
    }
  }

  @Test("what nobody has written is not read", arguments: damaged)
  func refuses(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(LearnedCosts.self, from: Data(text.utf8))
    }
  }

  @Test("what a newer version has written is told apart")
  func newer() {
    let text = #"{"version":2,"overhead":0,"classes":{}}"#
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(LearnedCosts.self, from: Data(text.utf8))
    }
    guard case .dataCorrupted(let context)? = error else {
      Issue.record("\(error.map { "\($0)" } ?? "no error")")
      return
    }
    #expect(
      context.debugDescription
        == "What was learned has the version 2, and this program knows 1; it learns anew.")
  }

  @Test("a class that is not met is forgotten after twenty syncs, and doubted more until then")
  func aging() async throws {
    var learned = try #require(try await run().learned)
    #expect(learned.classes["class 0"]?.doubt == 0.2)
    var bench = Bench(0..<200)
    bench.costClass = { _ in "class 1" }
    for run in 1...21 {
      let report = try await bench.syncer(DeadlineScheduler(learned: learned)).chunkedSync(
        chunkTime: .seconds(1))
      learned = try #require(report.learned)
      #expect((learned.classes["class 0"] != nil) == (run <= 20), "sync \(run)")
      if let doubt = learned.classes["class 0"]?.doubt {
        #expect(abs(doubt - min(1, 0.2 + 0.1 * Double(run))) < 1e-9, "sync \(run)")
      }
    }
    #expect(learned.classCount == 1)
    learned.age(by: .seconds(86_400 * 10))
    #expect(abs((learned.classes["class 1"]?.doubt ?? 0) - 0.3) < 0.001)
    learned.age(by: .seconds(86_400 * 1000))
    #expect(learned.classes["class 1"]?.doubt == 1)
    learned.age(by: .seconds(-5))
    #expect(learned.classes["class 1"]?.doubt == 1)
  }

  @Test("of more than a thousand classes those met last are kept")
  func limited() async throws {
    var bench = Bench(0..<1500)
    bench.costClass = { CostClass("class \($0)") }
    let learned = try #require(
      try await bench.syncer(DeadlineScheduler()).chunkedSync(chunkTime: .seconds(5)).learned)
    #expect(learned.classCount == 1000)
    bench.costClass = { CostClass("other \($0)") }
    bench.items = Array(0..<10)
    let later = try #require(
      try await bench.syncer(DeadlineScheduler(learned: learned)).chunkedSync(
        chunkTime: .seconds(5)
      ).learned)
    #expect(later.classCount == 1000)
    #expect(later.classes.keys.count { $0.hasPrefix("other") } == 10)
  }

  @Test("the last chunk, and no other, is handed what was learned before it", arguments: [1, 3])
  func lastChunk(openChunks: Int) async throws {
    let kept = Journal()
    var bench = Bench(0..<100)
    bench.onProcess = { if $0.learned != nil { kept.handle($0.number) } }
    var syncer = bench.syncer(DeadlineScheduler())
    syncer.openChunks = openChunks
    let report = try await syncer.chunkedSync(chunkTime: .milliseconds(100))
    #expect(kept.handled == [report.chunks.count])
    #expect(report.learned?.classCount == 1)
    let without = try await bench.syncer(MovingAverageScheduler()).chunkedSync(
      chunkTime: .seconds(1))
    #expect(without.learned == nil)
    #expect(kept.handled.count == 1)
  }

  @Test(
    "an unknown pace is doubted until a chunk shows it, and one that shows little changes nothing")
  func pace() {
    var pace = Pace()
    #expect(pace.caution == 1 && !pace.isOpen)
    #expect(pace.learn(5, squaredError: 0) == 1)
    pace.open()
    #expect(pace.caution == 7 && pace.isOpen)
    #expect(pace.learn(10, squaredError: 2) == 1)
    #expect(pace.caution == 7)
    // A single item that takes a fifth of the mean is an item like others.
    #expect(pace.learn(0.2, squaredError: 0.25) == 1)
    #expect(pace.isOpen && pace.caution < 1.2)
    // One that takes twice the mean may be.
    var other = Pace()
    other.open()
    #expect(other.learn(2, squaredError: 0.25) == 1)
    #expect(other.caution > 1.7 && other.caution < 2)
    #expect(other.learn(10, squaredError: 0.05) == 10 && other.isOpen, "not known to a fifth")
    #expect(other.learn(3, squaredError: 0.005) == 3 && !other.isOpen, "known to a fourteenth")
    #expect(pace.learn(10, squaredError: 0.001) == 10)
    #expect(!pace.isOpen)
    #expect(pace.caution < 1.01)
  }
}
