internal import Syncer

/// A simulated sync with everything an invariant can be about.
struct FuzzRun: Equatable {
  /// The finished chunks.
  var chunks: [SimulatedChunk] = []
  /// For every chunk, the items that were processed, in order.
  var processed: [[Int]] = []
  /// The items in the order they should be worked off.
  var expected: [Int] = []
  var metrics = RunMetrics()
  /// What the waste of no scheduler is below that takes the items in their order.
  var wasteBound: Double?
  /// What an observer was told, and what became of the items.
  var account = RunWitness.Account()
  /// The most items that were handled at once, where more than one may be.
  var mostAtWork = 0
  /// What every chunk that was processed weighs, by the position of the cap.
  var weights: [[Int]] = []
}

/// Runs random scenarios through the production `Syncer` and checks what must hold of all of them.
public struct Fuzzer: Sendable {
  /// A scenario of which something does not hold.
  public struct Failure: Sendable, CustomStringConvertible {
    /// The seed `Scenario.drawn(seed:withFaults:)` makes the scenario from.
    public var seed: UInt64
    /// What does not hold.
    public var violations: [String]
    /// The smallest scenario found for which that is so.
    public var smallest: Scenario

    public var description: String {
      let list = violations.map { "  \($0)\n" }.joined()
      return "Seed \(seed) breaks what must hold of every sync:\n\(list)"
        + "Again: swift run co3sim fuzz --seeds 1 --seed \(seed)\nThe smallest scenario found:\n"
        + "  sync \(smallest.sync)\n  workload \(smallest.workload)\n  load \(smallest.load)\n"
        + "  faults \(smallest.faults.map { "\($0)" } ?? "none")\n  schedulers \(smallest.schedulers)\n"
    }
  }

  /// Changes what a run is seen to do: how a test of the fuzzer plants a fault.
  typealias Fault = @Sendable (inout FuzzRun, Scenario) -> Void

  private let fault: Fault?
  private static let reasons = [Simulation.crashesKeyPath, "workload", "load"]

  /// Makes a fuzzer.
  public init() {
    fault = nil
  }

  init(fault: @escaping Fault) {
    self.fault = fault
  }

  /// Checks the scenario of a seed; nil where everything holds.
  ///
  /// Every eighth has values at the limits.
  ///
  /// - Throws: `CancellationError` when the task is cancelled.
  public func check(seed: UInt64) async throws -> Failure? {
    var scenario = Scenario.drawn(seed: seed, withFaults: true)
    if seed % 8 == 7 { scenario.drawExtremes(seed: seed) }
    let violations = try await violations(of: scenario)
    if violations.isEmpty { return nil }
    return Failure(
      seed: seed, violations: violations, smallest: try await smallest(scenario))
  }

  /// What does not hold of a scenario, each a sentence.
  func violations(of scenario: Scenario) async throws -> [String] {
    guard let first = try await run(scenario) else { return [] }
    var violations = Invariants(scenario: scenario, run: first).violations
    if try await run(scenario) != first {
      violations.append("The same scenario runs differently the second time.")
    }
    return violations
  }

  /// Runs a scenario; nil where it ends with a reason: its process crashes too often, or all that
  /// is tried again takes more than the 250 years there are.
  private func run(_ scenario: Scenario) async throws -> FuzzRun? {
    var run = FuzzRun()
    let simulation: Simulation
    let recorder = RunRecorder()
    do {
      simulation = try Simulation(scenario)
      run.metrics = try await simulation.run(scenario.schedulers[0], recorder: recorder) { chunk in
        run.chunks.append(chunk)
      }
    } catch let error as ScenarioError where Self.reasons.contains(error.keyPath) {
      return nil
    }
    run.processed = recorder.ledger.chunks
    run.account = recorder.witness.account
    run.mostAtWork = recorder.ledger.mostAtWork
    run.weights = run.processed.map { items in
      scenario.weightCaps.map { simulation.workload.weight(of: items, in: $0.unit) }
    }
    run.expected = simulation.expectedItems
    let bound = try WasteBound(
      simulation, simulation.exactPlan(), reached: run.metrics[.waste])
    run.wasteBound = bound?.waste(
      items: Int(run.metrics[.items] ?? 0), of: run.expected.count)
    fault?(&run, scenario)
    return run
  }

  /// Takes away what is not needed for something to fail, until nothing more can be.
  private func smallest(_ scenario: Scenario) async throws -> Scenario {
    var best = scenario
    var hasShrunk = true
    while hasShrunk {
      hasShrunk = false
      for candidate in best.simpler where try await !violations(of: candidate).isEmpty {
        best = candidate
        hasShrunk = true
        break
      }
    }
    return best
  }
}

extension Scenario {
  /// Scenarios with one thing less.
  fileprivate var simpler: [Scenario] {
    var simpler: [Scenario] = []
    func add(_ change: (inout Scenario) -> Void) {
      var copy = self
      change(&copy)
      if copy != self { simpler.append(copy) }
    }
    if case .phases(let phases) = workload.source {
      for index in phases.indices where phases.count > 1 {
        add {
          var fewer = phases
          fewer.remove(at: index)
          $0.workload.source = .phases(fewer)
        }
      }
      for index in phases.indices where phases[index].count > 1 {
        add {
          var shorter = phases
          shorter[index].count /= 2
          $0.workload.source = .phases(shorter)
        }
      }
    }
    add { $0.faults = nil }
    add { $0.faults?.items = [] }
    add { $0.faults?.slow = [] }
    add { $0.faults?.chunkProbability = 0 }
    add { $0.faults?.crashes = CrashSettings() }
    add { $0.faults?.cancelAtSeconds = nil }
    add { $0.faults?.onFailure = FailureSettings() }
    add { $0.load = LoadSettings() }
    add { $0.workload.workers = 1 }
    add { $0.workload.chunkOverhead = .constant(0) }
    add { $0.sync.isShuffled = false }
    add { $0.sync.handlersAtOnce = 1 }
    add { $0.sync.openChunks = 1 }
    add { $0.sync.workers = 1 }
    add { $0.sync.chunkCap = nil }
    add { $0.sync.weightCaps = [] }
    add { $0.workload.largestChunk = [] }
    add { $0.sync.itemLimit = nil }
    add { $0.sync.maximumDurationSeconds = nil }
    add { $0.sync.timeLeftSeconds = nil }
    return simpler
  }
}
