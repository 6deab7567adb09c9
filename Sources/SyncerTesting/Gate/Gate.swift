internal import Foundation
internal import SafeOutput
public import Syncer

/// A check of metrics against bounds and accepted baselines.
///
/// `co3sim gate` and tests call the same code, so their verdicts agree.
public struct Gate: Sendable {
  /// The folder of the baselines.
  public let folder: String
  /// The names of baselines that `check` of a report accepts; `all` stands for every name.
  private let accepted: Set<String>

  /// The environment variable that lists the baselines to accept, separated by commas.
  public static let variable = "CO3_ACCEPT"

  /// The default folder of the baselines, relative to the current folder.
  public static let standardFolder = "Reports/Baselines"

  /// Creates a gate with the baselines of a folder, relative to the current folder.
  public init(baselines folder: String = Gate.standardFolder) {
    self.folder = folder
    accepted = []
  }

  /// Creates a gate with the baselines of a folder beside a test file.
  ///
  /// With `CO3_ACCEPT=NAME` or `CO3_ACCEPT=all` in the environment, a check writes its baseline and
  /// passes.
  ///
  /// - Parameters:
  ///   - folder: The folder, relative to that of the file.
  ///   - file: The test file.
  ///   - environment: The environment variables; by default those of the process.
  public init(
    baselines folder: String = "Baselines", beside file: String,
    environment: [String: String]? = nil
  ) {
    let environment = environment ?? ProcessInfo.processInfo.environment
    let tests = FilePath.folder(of: file)
    self.folder = FilePath.joined(tests, folder)
    accepted = Set(
      (environment[Self.variable] ?? "").split(separator: ",").map {
        $0.trimmingCharacters(in: .whitespaces)
      })
  }

  /// Checks the report of your own sync, run on a `VirtualClock`.
  ///
  /// - Parameters:
  ///   - report: The report that `chunkedSync` returned.
  ///   - name: The name of the baseline.
  ///   - bounds: Bounds on the metrics.
  ///   - overheadSeconds: The fixed overhead of a chunk, if you know it, as for
  ///     `RunMetrics.init(_:overheadSeconds:)`.
  /// - Returns: the verdict; expect `passes`, and show `message`.
  /// - Throws: `ScenarioError` for a damaged baseline.
  public func check<Key>(
    _ report: SyncReport<Key>, name: String, bounds: [MetricBound] = [],
    overheadSeconds: Double? = nil
  ) throws -> GateOutcome {
    let current = Baseline(
      scenario: name, digest: "\(report.itemCount) items",
      schedulers: [
        "sync": Baseline.worst([RunMetrics(report, overheadSeconds: overheadSeconds)])
      ])
    var outcome = try judge(
      current, bounds: bounds, acceptedBy: "run the test again with \(Self.variable)=\(name)")
    if !accepted.isDisjoint(with: [name, "all"]), outcome.broken.isEmpty, !outcome.isUnchanged {
      try accept(outcome)
      outcome.isAccepted = true
    }
    return outcome
  }

  /// Records the metrics of a check as the new baseline, unless a bound is broken.
  ///
  /// - Throws: `ScenarioError` if the file cannot be written.
  public func accept(_ outcome: GateOutcome) throws(ScenarioError) {
    if outcome.broken.isEmpty { try outcome.current.write(path(outcome.current.scenario)) }
  }

  func path(_ name: String) -> String {
    FilePath.joined(folder, "\(name).json")
  }

  /// Holds metrics against bounds and the baseline.
  ///
  /// `acceptedBy` says, as the rest of a sentence, how what is found is accepted.
  package func judge(
    _ current: Baseline, bounds: [MetricBound], acceptedBy: String
  ) throws(ScenarioError) -> GateOutcome {
    let path = path(current.scenario)
    var outcome = GateOutcome(current: current, path: path, acceptedBy: acceptedBy)
    outcome.hasBounds = !bounds.isEmpty
    for bound in bounds { outcome.broken += bound.broken(by: current) }
    guard let baseline = try Baseline.read(path) else {
      outcome.isNew = true
      outcome.newSchedulers = current.schedulers.keys.sorted()
      return outcome
    }
    outcome.isIncomparable = baseline.scenarioDigest != current.scenarioDigest
    if outcome.isIncomparable { return outcome }
    for (label, metrics) in baseline.schedulers.sorted(by: { $0.key < $1.key }) {
      let lacking = (current.schedulers[label] ?? [:]).keys.filter { metrics[$0] == nil }.sorted()
      if !lacking.isEmpty {
        outcome.lacking.append("lacking: \(label) \(lacking.joined(separator: ", "))")
      }
      for metric in Metric.byImportance {
        guard let was = metrics[metric.rawValue] else { continue }
        let own = bounds.first { $0.metric == metric && $0.tolerance != nil && $0.covers(label) }
        outcome.deviations.append(
          Deviation(
            scheduler: label, metric: metric, was: was,
            now: current.schedulers[label]?[metric.rawValue],
            tolerance: own?.tolerance ?? metric.tolerance))
      }
    }
    outcome.deviations.removeAll { $0.verdict == .same }
    outcome.newSchedulers = current.schedulers.keys.filter { baseline.schedulers[$0] == nil }
      .sorted()
    outcome.isNew = !outcome.newSchedulers.isEmpty
    return outcome
  }
}

/// A difference between a metric and its baseline.
public struct Deviation: Sendable, Equatable {
  /// The verdict on a deviation.
  public enum Verdict: String, Sendable {
    /// Within tolerance.
    case same
    /// An improvement.
    case better
    /// A regression.
    case worse
    /// The metric or the scheduler is missing.
    case missing
  }

  /// The label of the scheduler.
  public var scheduler: String
  /// The metric.
  public var metric: Metric
  /// The accepted value.
  public var was: Double
  /// The present value; nil if there is none.
  public var now: Double?
  /// The drift that counts as no change, relative to the accepted value.
  public var tolerance: Double

  /// Creates a deviation; `now` is nil if there is no value.
  public init(scheduler: String, metric: Metric, was: Double, now: Double?, tolerance: Double) {
    self.scheduler = scheduler
    self.metric = metric
    self.was = was
    self.now = now
    self.tolerance = tolerance
  }

  /// The verdict on a deviation.
  ///
  /// A part in 10^9 is always allowed: mathematical libraries differ that much. From 0 every change
  /// is one, whatever the tolerance.
  public var verdict: Verdict {
    guard let now else { return .missing }
    let (before, after) = (metric.distance(was), metric.distance(now))
    if abs(after - before) <= (tolerance + 1e-9) * abs(was) { return .same }
    return metric.direction == .fixed || after > before ? .worse : .better
  }

  /// The deviation as a line of text.
  public var text: String {
    guard let now else {
      return "missing: \(scheduler) \(metric.rawValue), was \(DurationText.significant(was))"
    }
    let figures = Self.figures(was, now)
    let ratio = was != 0 ? " (x\(DurationText.significant(now / was)))" : ""
    let allowed = "tolerance +-\(DurationText.significant(tolerance * 100)) %"
    return
      "\(verdict.rawValue): \(scheduler) \(metric.rawValue) \(figures.0) -> \(figures.1)\(ratio), "
      + allowed
  }

  /// Two numbers with as many digits as tell them apart, and one more; at least four.
  static func figures(_ one: Double, _ other: Double) -> (String, String) {
    for digits in 3..<17 {
      let (left, right) = (text(one, digits: digits), text(other, digits: digits))
      if left != right { return (text(one, digits: digits + 1), text(other, digits: digits + 1)) }
    }
    return ("\(one)", "\(other)")
  }

  private static func text(_ value: Double, digits: Int) -> String {
    abs(value) >= 1e15 || value != 0 && abs(value) < 1e-4
      ? String(format: "%.\(digits - 1)e", value)
      : String(
        format: "%.\(max(0, digits - 1 - Int(log10(max(abs(value), 1e-4)).rounded(.down))))f", value
      )
  }
}

extension MetricBound {
  func covers(_ label: String) -> Bool { schedulers.isEmpty || schedulers.contains(label) }

  /// The schedulers that break the bound, each a line.
  fileprivate func broken(by current: Baseline) -> [String] {
    current.schedulers.sorted { $0.key < $1.key }.compactMap { label, metrics in
      guard covers(label) else { return nil }
      guard let value = metrics[metric.rawValue] else {
        return "bound: \(label) has no \(metric.rawValue) to hold against its bound"
      }
      if let atMost, !(value <= atMost) {
        let figures = Deviation.figures(value, atMost)
        return "bound: \(label) \(metric.rawValue) is \(figures.0), at most \(figures.1) is allowed"
      }
      if let atLeast, !(value >= atLeast) {
        let figures = Deviation.figures(value, atLeast)
        return
          "bound: \(label) \(metric.rawValue) is \(figures.0), at least \(figures.1) is expected"
      }
      return nil
    }
  }
}
