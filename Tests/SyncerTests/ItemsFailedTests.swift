import Syncer
import Testing

/// A `processChunk` that names the items that failed: the others are never processed again.
struct ItemsFailedTests {
  /// Syncs items 0 to 6 in chunks of up to 4; those that fail do so a number of times.
  private func run(
    failing: [Int: Int], _ policy: FailurePolicy
  ) async -> (processed: [Int], result: Result<SyncReport<Int>, SyncFailure<Int>>) {
    var bench = Bench(0..<7)
    let attempts = Journal()
    bench.onProcess = { [journal = bench.journal] chunk in
      let failed = chunk.outputs.indices.filter { position in
        let key = chunk.outputs[position]
        attempts.handle(key)
        return attempts.handled.count { $0 == key } <= failing[key] ?? 0
      }
      if failed.isEmpty { return }
      journal.process(
        chunk.outputs.indices.filter { !failed.contains($0) }.map { chunk.outputs[$0] })
      throw ItemsFailed(
        failed.reversed().map { position in
          ItemsFailed.Item(position: position, error: Fault(place: "\(chunk.outputs[position])"))
        })
    }
    var syncer = bench.syncer()
    syncer.onFailure = policy
    do throws(SyncFailure<Int>) {
      let report = try await syncer.chunkedSync(chunkCap: 4)
      return (bench.journal.processed.flatMap { $0 }, .success(report))
    } catch {
      return (bench.journal.processed.flatMap { $0 }, .failure(error))
    }
  }

  @Test("every set of failing items under every policy: processed once, listed, or open")
  func exhaustive() async throws {
    let policies: [(name: String, policy: FailurePolicy)] = [
      ("stop", .stop), ("isolate", .isolate(maximumErrors: 2)),
      ("retry", .retry(attempts: 2, backoff: .constant(.zero))),
      ("both", .retry(attempts: 2, backoff: .constant(.zero), then: .isolate(maximumErrors: 9))),
    ]
    for (name, policy) in policies {
      for failures in 0..<(1 << 7) {
        for times in 1...2 {
          let failing = (0..<7).filter { failures >> $0 & 1 == 1 }
          let (processed, result) = await run(
            failing: Dictionary(uniqueKeysWithValues: failing.map { ($0, times) }), policy)
          let comment: Comment = "policy \(name), items \(failing) fail \(times) times"
          #expect(Set(processed).count == processed.count, comment)
          var listed: [Int] = []
          var open: [Int] = []
          var reached = 7
          switch result {
          case .success(let report):
            listed = report.failures.map(\.key)
            #expect(report.handledCount == 7, comment)
          case .failure(let failure):
            listed = failure.report.failures.map(\.key)
            open = failure.openKeys
            reached = open.contains { $0 < 4 } ? 4 : 7
            #expect(failure.underlyingError is ItemsFailed, comment)
            #expect(!open.isEmpty && open.allSatisfy(failing.contains), comment)
            #expect(failure.report.handledCount == reached - open.count, comment)
          }
          #expect((processed + listed + open).sorted() == Array(0..<reached), comment)
          if name == "both" || times == 1 && name == "retry" { #expect(open.isEmpty, comment) }
        }
      }
    }
  }

  @Test("the error counts the items and shows the first ones")
  func sentence() {
    let error = ItemsFailed(
      (0..<5).map { .init(position: 4 - $0, error: Fault(place: "\(4 - $0)")) })
    #expect(error.items.map(\.position) == [0, 1, 2, 3, 4])
    #expect("\(error)".hasPrefix("5 items of the chunk failed: Fault(place: \"0\"); Fault"))
    #expect("\(error)".hasSuffix("; and 2 more"))
  }

  @Test("cancelled while it waits to try items again, a sync names them and has processed the rest")
  func cancelledInRetry() async throws {
    for fallback in [nil, FailurePolicy.isolate(maximumErrors: 10)] {
      var bench = Bench(0..<4)
      bench.clock.cancelsSleep = true
      bench.onProcess = { [journal = bench.journal] chunk in
        guard let bad = chunk.outputs.firstIndex(of: 2) else { return }
        journal.process(chunk.outputs.filter { $0 != 2 })
        throw ItemsFailed([.init(position: bad, error: Fault(place: "2"))])
      }
      var syncer = bench.syncer()
      syncer.onFailure = .retry(
        attempts: 3, backoff: .constant(.seconds(60)), then: fallback)
      let cancelled = syncer
      do {
        let report = try await inOwnTask { try await cancelled.chunkedSync(chunkCap: 4) }
        #expect(fallback != nil)
        #expect(report.failures.map(\.key) == [2])
        #expect(report.handledCount == 4)
      } catch let failure as SyncFailure<Int> {
        #expect(fallback == nil)
        #expect(failure.openKeys == [2])
        #expect(failure.report.handledCount == 3)
      }
      #expect(bench.journal.processed == [[0, 1, 3]])
    }
  }
}
