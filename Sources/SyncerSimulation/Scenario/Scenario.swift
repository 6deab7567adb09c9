internal import SafeOutput
public import Syncer

/// An experiment: what is synced, what it costs, how loaded the machine is, and who schedules.
public struct Scenario: Sendable, Equatable {
  /// The name, also that of its report folder.
  public var name: String
  /// What the scenario shows, in a sentence.
  public var summary: String
  /// The seed all random numbers derive from.
  public var seed: UInt64
  /// How many times the experiment is repeated with other random numbers.
  public var replications: Int
  /// The arguments of the sync.
  public var sync: SyncSettings
  /// What the items cost.
  public var workload: WorkloadSettings
  /// How loaded the machine is.
  public var load: LoadSettings
  /// What goes wrong; nil where nothing does.
  public var faults: FaultSettings?
  /// The schedulers to run, in order.
  public var schedulers: [SchedulerSettings]
  /// What must hold of the metrics.
  public var gate: [MetricBound]
  /// The files it was read from, and those that it reads.
  package internal(set) var files = ScenarioFiles()

  /// Makes a scenario in code, for simulating your own costs without a file.
  public init(
    name: String, summary: String = "", seed: UInt64 = 1, replications: Int = 1,
    sync: SyncSettings = SyncSettings(), workload: WorkloadSettings,
    load: LoadSettings = LoadSettings(), faults: FaultSettings? = nil,
    schedulers: [SchedulerSettings] = [.standard], gate: [MetricBound] = []
  ) {
    self.name = name
    self.summary = summary
    self.seed = seed
    self.replications = replications
    self.sync = sync
    self.workload = workload
    self.load = load
    self.faults = faults
    self.schedulers = schedulers
    self.gate = gate
  }
}

extension Scenario {
  /// What is run, in a line: name, target, seed, and the summary.
  public var heading: String {
    let target = sync.chunkTimeSeconds.map { "target \(DurationText.text($0))" } ?? "no target"
    let times = replications == 1 ? "" : ", \(replications) replications"
    let about = summary.isEmpty ? "" : ": \(summary)"
    return "\(name) (\(target), seed \(seed)\(times))\(about)".visible
  }
}

/// The items of a scenario and what surrounds them.
public struct WorkloadSettings: Sendable, Equatable {
  /// Where the items come from.
  public var source: WorkloadSource
  /// The fixed cost of a chunk, in seconds; part of processing.
  public var chunkOverhead: Distribution
  /// How many items `processChunk` works on at once, at least 1.
  public var workers: Int
  /// Whether an item's hint is about its processing too, and not about its handling alone.
  public var processingGrowsWithHint: Bool
  /// What `processChunk` refuses to take more of in one call, without saying so beforehand.
  ///
  /// A single item is taken whatever it weighs.
  public var largestChunk: [ChunkWeightCap.Limit]

  /// Makes the settings.
  public init(
    source: WorkloadSource, chunkOverhead: Distribution = .constant(0), workers: Int = 1,
    processingGrowsWithHint: Bool = true, largestChunk: [ChunkWeightCap.Limit] = []
  ) {
    self.source = source
    self.chunkOverhead = chunkOverhead
    self.workers = workers
    self.processingGrowsWithHint = processingGrowsWithHint
    self.largestChunk = largestChunk
  }
}

/// Where the items of a workload come from.
public enum WorkloadSource: Sendable, Equatable {
  /// Drawn, phase after phase.
  case phases([WorkloadPhase])
  /// Read from a recording.
  case trace(TraceSettings)
}

/// A run of items of one class, or of several mixed at random.
public struct WorkloadPhase: Sendable, Equatable {
  /// How many items the phase has.
  public var count: Int
  /// The classes and the weight of each, at least one.
  public var classes: [ItemClass]

  /// Makes a phase.
  public init(count: Int, classes: [ItemClass]) {
    self.count = count
    self.classes = classes
  }
}

/// Items of one kind, by what they cost.
public struct ItemClass: Sendable, Equatable {
  /// The name of the class.
  public var name: String
  /// How often the class occurs in its phase, relative to the others.
  public var weight: Double
  /// Seconds in the handler.
  public var handle: Distribution
  /// Seconds in `processChunk`.
  public var process: Distribution
  /// The coefficient of variation of the hint around the cost; nil for no hints.
  public var hintNoise: Double?
  /// What an item weighs, by unit.
  public var weights: [WeightSettings]

  /// Makes a class.
  public init(
    name: String, weight: Double = 1, handle: Distribution = .constant(0),
    process: Distribution = .constant(0), hintNoise: Double? = nil,
    weights: [WeightSettings] = []
  ) {
    self.name = name
    self.weight = weight
    self.handle = handle
    self.process = process
    self.hintNoise = hintNoise
    self.weights = weights
  }
}

/// A recorded workload.
public struct TraceSettings: Sendable, Equatable {
  /// How a trace is written.
  public enum Format: String, Sendable, CaseIterable {
    /// Rows of class and seconds, optionally with a hint, or the recording of a real sync.
    case csv
    /// The Standard Workload Format of the Parallel Workloads Archive.
    case swf
  }

  /// In which phase a trace's seconds are spent.
  public enum Cost: String, Sendable, CaseIterable {
    /// In the handlers.
    case handle
    /// In `processChunk`.
    case process
  }

  /// The file; relative to the scenario's folder.
  public var path: String
  /// How the file is written.
  public var format: Format
  /// In which phase the seconds are spent.
  public var cost: Cost
  /// The coefficient of variation of a hint around the cost; nil for the file's own hints, if any.
  public var hintNoise: Double?

  /// Makes the settings.
  public init(path: String, format: Format = .csv, cost: Cost = .handle, hintNoise: Double? = nil) {
    self.path = path
    self.format = format
    self.cost = cost
    self.hintNoise = hintNoise
  }
}

/// How much slower than usual the machine is, over time.
///
/// Several causes multiply.
public struct LoadSettings: Sendable, Equatable {
  /// Stretches of slowness at known times.
  public var windows: [LoadWindow]
  /// Stretches of slowness at random times.
  public var arrivals: LoadArrivals?
  /// A recorded load.
  public var trace: LoadTraceSettings?

  /// Makes the settings; without any, the machine is never slow.
  public init(
    windows: [LoadWindow] = [], arrivals: LoadArrivals? = nil, trace: LoadTraceSettings? = nil
  ) {
    self.windows = windows
    self.arrivals = arrivals
    self.trace = trace
  }
}

/// A stretch of slowness, times in seconds of virtual time.
public struct LoadWindow: Sendable, Equatable {
  /// When it begins.
  public var fromSeconds: Double
  /// When it ends.
  public var toSeconds: Double
  /// By how much everything takes longer, above zero.
  public var slowdown: Double
  /// After how long it comes again; nil for once.
  public var everySeconds: Double?

  /// Makes a window.
  public init(
    fromSeconds: Double, toSeconds: Double, slowdown: Double, everySeconds: Double? = nil
  ) {
    self.fromSeconds = fromSeconds
    self.toSeconds = toSeconds
    self.slowdown = slowdown
    self.everySeconds = everySeconds
  }
}

/// Stretches of slowness that arrive at random, one after the other.
public struct LoadArrivals: Sendable, Equatable {
  /// The mean of the exponential gap between the end of one and the start of the next.
  public var meanGapSeconds: Double
  /// How long each lasts.
  public var durationSeconds: Double
  /// By how much everything takes longer, above zero.
  public var slowdown: Double

  /// Makes arrivals.
  public init(meanGapSeconds: Double, durationSeconds: Double, slowdown: Double) {
    self.meanGapSeconds = meanGapSeconds
    self.durationSeconds = durationSeconds
    self.slowdown = slowdown
  }
}

/// A recorded load: rows of time and factor.
public struct LoadTraceSettings: Sendable, Equatable {
  /// What follows the last row.
  public enum End: String, Sendable, CaseIterable {
    /// The last factor stays.
    case hold
    /// The recording starts again.
    case wrap
  }

  /// The file; relative to the scenario's folder.
  public var path: String
  /// By how much the recorded times are stretched, above zero.
  public var timeScale: Double
  /// What follows the last row.
  public var end: End

  /// Makes the settings.
  public init(path: String, timeScale: Double = 1, end: End = .hold) {
    self.path = path
    self.timeScale = timeScale
    self.end = end
  }
}
