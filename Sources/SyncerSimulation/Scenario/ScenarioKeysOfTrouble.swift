internal import SyncerTesting

extension KeyGroup {
  private static let slowdown = ScenarioKey(
    "slowdown", .number(.positive), unit: "factor", "The factor by which everything takes longer")

  static let load = KeyGroup(
    name: "load", meaning: "The slowness of the machine over time; several causes multiply.",
    keys: [
      ScenarioKey(
        "windows", .list(.object(.loadWindow)), default: "none",
        "Stretches of slowness at known times"),
      ScenarioKey(
        "poisson", .object(.loadArrivals), default: "none",
        "Stretches of slowness at random times, one after the other"),
      ScenarioKey("trace", .object(.loadTrace), default: "none", "A recorded load"),
    ])

  static let loadWindow = KeyGroup(
    name: "loadWindow", meaning: "A stretch of slowness.",
    keys: [
      ScenarioKey("from", .moment, "When it begins"),
      ScenarioKey("to", .moment, "When it ends, later than `from`"),
      slowdown,
      ScenarioKey(
        "every", .positiveDuration, default: "once",
        "The period of its repetition, not shorter than the window"),
    ])

  static let loadArrivals = KeyGroup(
    name: "loadArrivals", meaning: "Stretches of slowness one after the other, with random gaps.",
    keys: [
      ScenarioKey(
        "meanGap", .positiveDuration,
        "The mean of the exponential gap from the end of one to the start of the next"),
      ScenarioKey("duration", .positiveDuration, "The duration of each"),
      slowdown,
    ])

  static let loadTrace = KeyGroup(
    name: "loadTrace", meaning: "A recorded load: each factor holds from its time to the next.",
    keys: [
      ScenarioKey(
        "path", .path,
        "A CSV file with the columns `t_seconds` (rising) and `load_factor` (above 0); the factor is 1 "
          + "before the first row, and a run that ends before it is warned about"),
      ScenarioKey(
        "timeScale", .number(.positive), unit: "factor", default: "1",
        "The factor by which the recorded times are stretched"),
      ScenarioKey(
        "end", .name(LoadTraceSettings.End.allCases.map(\.rawValue)), default: "`\"hold\"`",
        "After the last row: its factor stays, or the recording starts again"),
    ])

  static let faults = KeyGroup(
    name: "faults", meaning: "The faults, and the failure policy of the sync.",
    keys: [
      ScenarioKey(
        "onFailure", .either([.name(["stop"]), .object(.isolation), .object(.retry)]),
        default: "`\"stop\"`", "The sync's failure policy"),
      ScenarioKey("items", .list(.object(.itemFaults)), default: "none", "Items that fail"),
      ScenarioKey(
        "chunks", .object(.chunkFaults), default: "none", "Calls of `processChunk` that fail"),
      ScenarioKey(
        "slow", .list(.object(.slowItems)), default: "none", "Items whose handling takes longer"),
      ScenarioKey(
        "cancelAt", .moment, default: "never",
        "The time at which the sync is asked to finish its open chunk and stop"),
      ScenarioKey(
        "crashes", .object(.crashes), default: "none",
        "The crashes of a process, which then continues after its last processed chunk, as may another of "
          + "`sync.workers`"),
      ScenarioKey(
        "restartTime", .duration, default: "zero",
        "The time the process takes to start again; it may crash meanwhile"),
      ScenarioKey(
        "meanTimeBetweenFailures", .positiveDuration, default: "no metric",
        "The mean time for `expected_completion_s`; the run itself has no such failures"),
    ])

  static let isolation = KeyGroup(
    name: "isolation", meaning: "Failing items are found and listed, and all others are processed.",
    keys: [ScenarioKey("isolate", .object(.isolate), "The limit of failures")])

  /// The policies of some names, exactly one of which may stand in an object.
  static func policies(_ names: [String]) -> KeyGroup {
    oneOf(
      "policy", "A failure policy.",
      (isolation.keys + retry.keys).filter { names.contains($0.name) })
  }

  static let isolate = KeyGroup(
    name: "isolate", meaning: "The limit of failures.",
    keys: [
      ScenarioKey(
        "maximumErrors", .whole(0...UInt64(Int.max)), unit: "items",
        "The number of items that may fail and be listed; one more ends the sync")
    ])

  static let retry = KeyGroup(
    name: "retrying", meaning: "Failing calls are made again after a while.",
    keys: [ScenarioKey("retry", .object(.retryFields), "The attempts and the waits")])

  static let retryFields = KeyGroup(
    name: "retry", meaning: "The attempts of a failing call, and the waits.",
    keys: [
      ScenarioKey(
        "attempts", .whole(1...1000), "The number of attempts before a call counts as failed"),
      ScenarioKey(
        "backoff", .duration, default: "`\"1s\"`",
        "The wait before the second attempt; each further one is twice as long"),
      ScenarioKey(
        "longestBackoff", .duration, default: "`\"1m\"`, at least `backoff`", "The longest wait"),
      ScenarioKey(
        "then", .either([.name(["stop"]), .object(.isolation)]), default: "`\"stop\"`",
        "The policy after the last attempt"),
    ])

  private static let faultyClass = ScenarioKey(
    "class", .text, default: "all classes", "Their class")

  static let itemFaults = KeyGroup(
    name: "itemFaults", meaning: "Items that fail, chosen at random.",
    keys: [
      faultyClass,
      ScenarioKey("probability", .number(.probability), "The share of them that fails"),
      ScenarioKey(
        "phase", .name(TraceSettings.Cost.allCases.map(\.rawValue)), default: "`\"handle\"`",
        "Whether their handler throws, or `processChunk` with them in the chunk"),
      ScenarioKey(
        "kind", .name(["permanent", "transient"]), default: "`\"permanent\"`",
        "Whether they always fail, or only the first time"),
    ])

  static let chunkFaults = KeyGroup(
    name: "chunkFaults", meaning: "Calls of `processChunk` that fail.",
    keys: [
      ScenarioKey(
        "probability", .number(.probability),
        "The share of calls that fails, whatever is in the chunk")
    ])

  static let slowItems = KeyGroup(
    name: "slowItems", meaning: "Slow items, chosen at random.",
    keys: [
      faultyClass,
      ScenarioKey("probability", .number(.probability), "The share of them that is slow"),
      ScenarioKey(
        "slowdown", .number(.positive), unit: "factor",
        "The factor by which their handling takes longer"),
    ])

  static let crashes = KeyGroup(
    name: "crashes", meaning: "When a process dies, each of `sync.workers` by itself.",
    keys: [
      ScenarioKey(
        "at", .list(.moment, atLeast: 1), default: "none",
        "Moments at which the process dies; of several processes the first moment is the first one's, and so on"
      ),
      ScenarioKey(
        "meanGap", .positiveDuration, default: "none",
        "The mean of the exponential time between crashes of a process at random moments"),
    ],
    alternatives: [Alternative(has: ["at"]), Alternative(has: ["meanGap"])])

  /// A bound or several, by metric.
  static let gate = KeyGroup(
    name: "gate", meaning: "Bounds by metric: one, or a list of bounds for different schedulers.",
    keys: MetricDefinition.all.map { metric in
      ScenarioKey(
        metric.metric.rawValue, .either([.object(.bound), .list(.object(.bound), atLeast: 1)]),
        default: "no bound", metric.metric.meaning)
    })

  static let bound = KeyGroup(
    name: "bound", meaning: "What a metric must keep; people write it, no command changes it.",
    keys: [
      ScenarioKey(
        "atMost", .number(.any), unit: "the metric's", default: "none", "The most the metric may be"
      ),
      ScenarioKey(
        "atLeast", .number(.any), unit: "the metric's", default: "none",
        "The least it may be: keeps a reference as bad as it is"),
      ScenarioKey(
        "for", .list(.text, atLeast: 1), default: "all schedulers", "The labels it holds for"),
      ScenarioKey(
        "tolerance", .number(.notNegative), unit: "relative", default: "the metric's own",
        "The drift from a recorded baseline that counts as none"),
    ],
    alternatives: ["atMost", "atLeast", "tolerance"].map { Alternative(has: [$0]) })

  /// A kind with its parameters, and a label.
  static let scheduler: KeyGroup = {
    let kinds = SchedulerKind.all.flatMap { kind in
      ([kind.name] + [kind.alias].compactMap { $0 }).map { name in
        ScenarioKey(
          name,
          .object(kind.keys), default: "", kind.summary)
      }
    }
    let label = ScenarioKey(
      "label", .text, default: "the name with the parameters", "What reports call it")
    var group = oneOf("scheduler", "A scheduler by name, with its parameters.", kinds)
    group.keys.append(label)
    return group
  }()
}

extension SchedulerKind {
  /// Its parameters as keys of a scenario.
  var keys: KeyGroup {
    KeyGroup(name: "parameters-\(name)", meaning: summary, keys: parameters.map(\.key))
  }
}

extension SchedulerParameter {
  /// The parameter as a key of a scenario.
  var key: ScenarioKey {
    let type: KeyType =
      switch unit {
      case .real: .number(NumberRule(in: range))
      case .whole: .whole(UInt64(range.lowerBound)...UInt64(range.upperBound))
      case .duration: .duration
      }
    return ScenarioKey(
      name, type, default: standard.map(text) ?? "none", summary)
  }
}
