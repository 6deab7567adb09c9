internal import Syncer

/// The chunk times and schedulers that are worth judging, found by trying.
package struct AdviceSearch: Sendable {
  /// The measure over chunk times, of one scheduler.
  package struct Curve: Sendable {
    package var candidate: AdviceCandidate
    package var points: [(chunkSeconds: Double, value: Double)] = []

    /// The point with the least value; the longer chunk time where two are alike.
    var best: (chunkSeconds: Double, value: Double) {
      points.reduce((0, .infinity)) { best, point in point.value <= best.1 ? point : best }
    }
  }

  /// The better schedulers, the best first, each with its curve.
  private(set) var curves: [Curve] = []

  /// The most schedulers that are looked at closely, besides the default.
  private static let kept = 5

  /// Searches.
  ///
  /// - Throws: as `Simulation.run(_:onChunk:)`.
  init(_ advisor: Advisor, _ runner: AdviceRunner) async throws {
    let candidates = AdviceCandidate.all(
      advisor.scenario, isOpen: advisor.isOpen, itemSeconds: advisor.itemSeconds)
    let coarse = try await Self.curves(
      candidates.map { ($0, advisor.coarseTimes) }, runner, on: 1...1)
    let least = coarse.map(\.best.value).min() ?? 0
    let near = coarse.sorted { $0.best.value < $1.best.value }
      .filter { $0.best.value <= least * 1.3 }.prefix(Self.kept).map(\.candidate.name)
    let first = candidates.first?.name
    let close = coarse.filter { near.contains($0.candidate.name) || $0.candidate.name == first }
    let fine = close.map { curve in
      let best = ChunkTimes.around(curve.best.chunkSeconds, from: -0.625, to: 0.625, steps: 8)
      return (curve.candidate, ChunkTimes.distinct(advisor.coarseTimes + best))
    }
    curves = try await Self.curves(fine, runner, on: 1...advisor.searched)
      .sorted { $0.best.value < $1.best.value }
  }

  private static func curves(
    _ wanted: [(AdviceCandidate, [Double])], _ runner: AdviceRunner,
    on replications: ClosedRange<Int>
  ) async throws -> [Curve] {
    let tasks = wanted.flatMap { candidate, times in
      times.map { AdviceTask(candidate: candidate, chunkSeconds: $0) }
    }
    var results = try await runner.run(tasks, on: replications)[...]
    return wanted.map { candidate, times in
      var curve = Curve(candidate: candidate)
      for time in times {
        guard let trials = results.popFirst() else { break }
        let value = trials.reduce(0) { $0 + $1.value } / Double(trials.count)
        curve.points.append((time, value))
      }
      return curve
    }
  }
}

extension Advisor {
  /// The chunk times that every scheduler is tried at.
  ///
  /// Two octaves around a target. Under failures from an eighth of the smaller to sixteen times the
  /// larger of the given time and Young's estimate, but not beyond twice the work.
  var coarseTimes: [Double] {
    guard case .completion(let completion) = measure else {
      return ChunkTimes.around(givenSeconds, from: -2, to: 2, steps: 2)
    }
    let overhead = min(scenario.workload.chunkOverhead.mean, 1e9)
    let young = overhead > 0 ? completion.bestChunkSeconds(overheadSeconds: overhead) : givenSeconds
    let least = min(givenSeconds, young) / 8
    let most = max(min(max(givenSeconds, young) * 16, workSeconds * 2), givenSeconds)
    var times = [least]
    while let last = times.last, last < most { times.append(last * 2.0.squareRoot()) }
    return ChunkTimes.distinct(times + [givenSeconds])
  }
}
