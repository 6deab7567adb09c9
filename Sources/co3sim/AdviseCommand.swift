public import ArgumentParser
import Console
import Syncer
import SyncerReports
public import SyncerSimulation

/// Says which chunk time and scheduler suit some items.
struct Advise: WorkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recommend a chunk time and a scheduler, with the reason and the uncertainty.",
    discussion: """
      Tries schedulers and chunk times on the items of a scenario, or of a recording as 'co3index sync \
      --record' writes it. Without failures it minimises the waste of the chunks, measured by the chunk \
      time given, or by one that suits the items. With --failures-every, or meanTimeBetweenFailures in \
      the scenario, it minimises the expected time to completion.
      """)

  @Argument(
    help: "A scenario file, '-' for one from standard input, or a recording (.csv, .swf, .gz).",
    completion: .file(extensions: ["json", "csv", "gz", "swf"]))
  var file: String

  @Option(
    help: "The target duration of a chunk, such as 5s, instead of the scenario's.",
    transform: DurationOption.seconds)
  var chunkTime: Double?

  @Option(
    help: "The fixed cost of a chunk, such as 50ms, instead of the scenario's.",
    transform: DurationOption.seconds)
  var overhead: Double?

  @Option(
    help: "The mean time between failures, such as 12h; each loses the open chunk.",
    transform: DurationOption.seconds)
  var failuresEvery: Double?

  @Option(
    help: "The phase of the seconds of a recording that does not name one: handle or process.")
  var cost: TraceSettings.Cost?

  @Option(
    name: .customLong("scheduler"),
    help: ArgumentHelp(
      "Choose only from these schedulers. Repeatable.", valueName: "name"),
    completion: .list(SchedulerKind.all.map(\.name)))
  var schedulers: [String] = []

  @Option(
    parsing: .unconditional, help: "The seed, instead of the scenario's.",
    transform: SeedOption.seed)
  var seed: UInt64?

  @Option(help: "The number of replications for the verdict, at least 10.")
  var replications: Int?

  @Option(
    help: ArgumentHelp(
      "Write a picture of the search to this SVG file.", valueName: "file"))
  var picture: String?

  @OptionGroup var print: PrintOptions

  func validate() throws {
    try ScenarioChanges.check(replications: replications)
    for (name, value) in [("--chunk-time", chunkTime), ("--failures-every", failuresEvery)] {
      if let value, value < 1e-9 {
        throw ValidationError("\(name) must be at least 1 ns.")
      }
    }
    if cost != nil, !isRecording {
      throw ValidationError("--cost is for a recording: a scenario says where its costs are.")
    }
  }

  private var isRecording: Bool { file != "-" && !file.hasSuffix(".json") }

  func work() async throws -> ExitCode {
    let original =
      isRecording
      ? try Scenario(trace: file, cost: cost ?? .handle) : try ScenarioOptions.read(file)
    var scenario = try ScenarioChanges.adjusted(
      original, seed: seed, replications: replications, schedulers: schedulers)
    if let chunkTime { scenario.sync.chunkTimeSeconds = chunkTime }
    if let overhead { scenario.workload.chunkOverhead = .constant(overhead) }
    if let failuresEvery {
      var faults = scenario.faults ?? FaultSettings()
      faults.meanTimeBetweenFailuresSeconds = failuresEvery
      scenario.faults = faults
    }
    var advisor = try Advisor(scenario)
    advisor.isOpen = schedulers.isEmpty
    let done = RunProgress()
    let ready = advisor
    let advice = try await Progress(print).watch(done) { try await ready.advice(progress: done) }
    try picture.map { try advice.writePicture(to: $0) }
    printOut(data: advice.text(print.format))
    return .success
  }
}

/// A duration on a command line.
enum DurationOption {
  /// Its seconds.
  ///
  /// - Throws: `ValidationError` for a text that is no duration.
  static func seconds(_ text: String) throws -> Double {
    switch DurationText.seconds(text) {
    case .success(let seconds): return seconds
    case .failure(let problem):
      throw ValidationError(
        "\"\(text)\" \(problem.rule); write a number and a unit, such as 250ms, 5s, 2m or 1h.")
    }
  }
}

extension TraceSettings.Cost: ExpressibleByArgument {}
