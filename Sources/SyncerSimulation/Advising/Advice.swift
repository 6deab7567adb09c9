internal import Syncer

/// Which chunk time and scheduler to take, and what that rests on.
public struct Advice: Sendable {
  /// How one scheduler did at one chunk time.
  package struct Line: Sendable {
    /// The scheduler whatever the chunk time, and as it was run.
    package var name, label: String
    package var chunkSeconds: Double
    /// Whether an application has the scheduler, and not the simulator alone.
    package var isInLibrary: Bool
    var trials: [AdviceTrial]
    /// The measure, replication by replication.
    var values: [Double]
    /// The measure: its mean and how sure that is.
    package var value: SampleStatistics
    /// What it is more than that of the reference, pair by pair.
    package var difference: SampleStatistics

    package func mean(_ figure: (AdviceTrial) -> Double) -> Double {
      trials.reduce(0) { $0 + figure($1) } / Double(trials.count)
    }

    /// The mean share of the workers' time that is work; nil where nothing is processed.
    package var utilisation: Double? {
      let shares = trials.compactMap(\.utilisation)
      return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
    }
  }

  /// The chunk time to take, in seconds.
  public var chunkSeconds: Double { lines[advised].chunkSeconds }
  /// The label of the scheduler to take.
  public var scheduler: String { lines[advised].label }
  /// Whether that is surely better than the default at the chunk time given.
  public var isChange: Bool { advised != reference }

  package let scenario: Scenario
  package let origin: String?
  /// The keys of the scenario that were left out.
  let leftOut: [String]
  let relevance: Double
  /// How many replications it rests on, or beginnings of a recording.
  let replications: Int
  package let measure: AdviceMeasure
  /// Whether waste is over that of the best chunks.
  package let isRelative: Bool
  package let workSeconds, itemSeconds: Double
  package let curves: [AdviceSearch.Curve]
  /// What was judged: the advised scheduler by chunk time, then the others.
  package private(set) var lines: [Line] = []
  /// Among the lines: what is advised, and what others are compared with.
  package private(set) var advised = 0
  package private(set) var reference = 0

  /// Judges what a search found.
  init(_ advisor: Advisor, _ search: AdviceSearch, _ runner: AdviceRunner) async throws {
    scenario = advisor.scenario
    origin = advisor.origin
    leftOut = advisor.leftOut
    relevance = advisor.relevance
    replications = advisor.judged
    (measure, curves) = (advisor.measure, search.curves)
    (workSeconds, itemSeconds) = (advisor.workSeconds, advisor.itemSeconds)
    let first = advisor.scenario.isRandom ? advisor.searched + 1 : 1
    let unseen = first...(first + advisor.judged - 1)
    let bounds = try await runner.bounds(on: unseen)
    isRelative = bounds != nil
    let standard = AdviceCandidate.all(
      scenario, isOpen: advisor.isOpen, itemSeconds: advisor.itemSeconds)[0]
    let given = AdviceTask(candidate: standard, chunkSeconds: advisor.givenSeconds)
    var finalists = [given]
    for curve in search.curves
    where curve.candidate.name != standard.name || curve.best.chunkSeconds != given.chunkSeconds {
      finalists.append(
        AdviceTask(candidate: curve.candidate, chunkSeconds: curve.best.chunkSeconds))
    }
    let judged = Self.lines(finalists, try await runner.run(finalists, on: unseen), bounds)
    let choice = Self.choice(judged, relevance: relevance)
    let chosen = finalists[choice]
    let ladder = [0.25, 0.5, 2, 4].map { chosen.chunkSeconds * $0 }
    let known = finalists.filter { $0.candidate.name == chosen.candidate.name }
      .map(\.chunkSeconds)
    let around = ChunkTimes.distinct(ladder).filter { time in
      !known.contains { abs($0 / time - 1) < 0.1 }
    }.map { AdviceTask(candidate: chosen.candidate, chunkSeconds: $0) }
    let all = judged + Self.lines(around, try await runner.run(around, on: unseen), bounds)
    order(all, choice)
  }

  /// Without a base, the first is what others are compared with.
  private static func lines(
    _ tasks: [AdviceTask], _ trials: [[AdviceTrial]], _ bounds: [Double]?
  ) -> [Line] {
    zip(tasks, trials).map { task, trials in
      let values = trials.enumerated().map { number, trial in
        trial.value / (bounds?[number] ?? 1)
      }
      let value = SampleStatistics(values)
      return Line(
        name: task.candidate.name, label: task.settings.label, chunkSeconds: task.chunkSeconds,
        isInLibrary: task.settings.isInLibrary, trials: trials, values: values, value: value,
        difference: value)
    }
  }

  /// What to take: the first, unless another is surely better; of those the best, unless the default
  /// scheduler at another chunk time is as good.
  private static func choice(_ lines: [Line], relevance: Double) -> Int {
    func isBetter(_ one: Int, than other: Int) -> Bool {
      lines[one].isBetter(than: lines[other], relevance: relevance)
    }
    let better = lines.indices.dropFirst().filter { isBetter($0, than: 0) }
    guard let best = better.min(by: { lines[$0].value.mean < lines[$1].value.mean }) else {
      return 0
    }
    let own = better.first { lines[$0].name == lines[0].name }
    guard let own, !isBetter(best, than: own) else { return best }
    return own
  }

  /// The advised scheduler comes first, by chunk time, and then the others, the best first.
  private mutating func order(_ all: [Line], _ choice: Int) {
    let chosen = all[choice].name
    let order = all.indices.sorted { left, right in
      let (one, other) = (all[left], all[right])
      if (one.name == chosen) != (other.name == chosen) { return one.name == chosen }
      return one.name == chosen
        ? one.chunkSeconds < other.chunkSeconds : one.value.mean < other.value.mean
    }
    let base = all[0]
    lines = order.map { index in
      var line = all[index]
      line.difference = line.difference(to: base)
      return line
    }
    advised = order.firstIndex(of: choice) ?? 0
    reference = order.firstIndex(of: 0) ?? 0
  }
}

extension Advice.Line {
  /// What it costs more, pair by pair.
  func difference(to other: Self) -> SampleStatistics {
    SampleStatistics(zip(values, other.values).map { $0 - $1 })
  }

  /// Whether it costs less surely, and by more than nobody asks about.
  func isBetter(than other: Self, relevance: Double) -> Bool {
    let difference = difference(to: other)
    return difference.isDistinctFromZero && difference.mean < -relevance * other.value.mean
  }
}
