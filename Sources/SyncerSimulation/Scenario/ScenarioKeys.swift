extension KeyGroup {
  /// A count without a limit of its own.
  private static let counts = UInt64(Int.max)

  static let scenario = KeyGroup(
    name: "scenario",
    meaning: "An experiment: what is synced, what it costs, how loaded the machine is, and which "
      + "schedulers run. Beyond this schema co3sim checks that files exist, that bounds are in order, "
      + "that labels differ and that gates name schedulers of the scenario.",
    keys: [
      ScenarioKey("$schema", .text, default: "none", "For editors; not read"),
      ScenarioKey(
        "name",
        .pattern(
          "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$",
          words: "1 to 100 letters, digits, `.`, `_` or `-`, not starting with `.`"),
        "Also the name of the report folder"),
      ScenarioKey("summary", .text, default: "empty", "What the scenario shows, in a sentence"),
      ScenarioKey(
        "seed", .whole(0...UInt64.max), default: "1", "The seed of all random numbers"),
      ScenarioKey(
        "replications", .whole(1...1_000_000), default: "1",
        "The number of repetitions with other random numbers"
      ),
      ScenarioKey(
        "runs", .whole(1...20), default: "1",
        "The number of syncs in a row, of other items drawn alike, between which `deadline` keeps its learned "
          + "costs; later syncs have rows of their own, labelled `deadline run 2` and so on"),
      ScenarioKey("sync", .object(.sync), "The arguments of the sync"),
      ScenarioKey("workload", .object(.workload), "The items and what surrounds them"),
      ScenarioKey(
        "load", .object(.load), default: "never slow", "The slowness of the machine over time"),
      ScenarioKey(
        "faults", .object(.faults), default: "nothing fails",
        "The faults, and the failure policy of the sync"),
      ScenarioKey(
        "schedulers",
        .list(.either([.name(SchedulerKind.names), .object(.scheduler)]), atLeast: 1),
        default: "`[\"deadline\", \"moving-average\", \"time-box\"]`",
        "The schedulers to run on these items, in order"),
      ScenarioKey("gate", .object(.gate), default: "no bounds", "Bounds on the metrics"),
    ])

  static let sync = KeyGroup(
    name: "sync", meaning: "The arguments of the sync.",
    keys: [
      ScenarioKey(
        "chunkTime", .orNull(.positiveDuration),
        "The target duration of a chunk; null for chunks by count, without a scheduler"),
      ScenarioKey(
        "startAt", .timeOfDay, default: "none",
        "The wall-clock time at which the sync starts, so that moments may be times of day"),
      ScenarioKey(
        "itemLimit", .whole(0...counts), unit: "items", default: "no limit",
        "The maximum number of items to handle"),
      ScenarioKey(
        "chunkCap", .whole(1...counts), unit: "items", default: "no cap",
        "The maximum number of items in a chunk"),
      ScenarioKey(
        "chunkWeightCap", .list(.object(.weightCap), atLeast: 1), default: "no cap",
        "The maximum weight of a chunk, by unit; a heavier item is a chunk of its own"
      ),
      ScenarioKey(
        "maximumDuration", .positiveDuration, default: "none",
        "The time after which no further item is begun; the open chunk is finished"),
      ScenarioKey(
        "timeLeft", .positiveDuration, default: "any time",
        "The time limit of the sync: the last chunk is closed early enough to be processed by then"),
      ScenarioKey(
        "order", .name(SyncSettings.Order.allCases.map(\.rawValue)), default: "`\"listed\"`",
        "The order of the items: as listed; roughly so, where items may wait a few chunks; shuffled by the "
          + "seed; or by hint, where `mixed` takes the smallest and the largest in turn"),
      ScenarioKey(
        "handlersAtOnce", .whole(1...1000), unit: "items", default: "1",
        "The number of items of a chunk handled at once"),
      ScenarioKey(
        "openChunks", .whole(1...1000), unit: "chunks", default: "1",
        "The number of chunks open at once: while one is processed, the next is filled; with several "
          + "`workers`, their processing overlaps"),
      ScenarioKey(
        "workers", .whole(1...1000), unit: "processes", default: "1",
        "The number of processes that share the sync, each with its own chunk loop and machine; not with "
          + "`handlersAtOnce` or `openChunks`"),
      ScenarioKey(
        "ranges", .whole(1...1_000_000), default: "8 per process",
        "The number of ranges of keys, about equal in items; a process that is free takes the next"),
    ])

  static let workload = KeyGroup(
    name: "workload", meaning: "The items and what surrounds them: either phases or a trace.",
    keys: [
      ScenarioKey(
        "phases", .list(.object(.phase), atLeast: 1), default: "this or `trace`",
        "Items drawn at random, phase after phase, at most 100,000,000 in all"),
      ScenarioKey(
        "trace", .object(.trace), default: "this or `phases`", "Items read from a recording"),
      ScenarioKey(
        "chunkOverhead", .object(.distribution), unit: "time", default: "zero",
        "A fixed cost of every chunk, spent in `processChunk` before the items"),
      ScenarioKey(
        "workers", .whole(1...65_536), default: "1",
        "The number of items `processChunk` works on at once"),
      ScenarioKey(
        "hintsFor", .name(["both", "handle"]), default: "`\"both\"`",
        "The phases that hints are about: both, or handling alone"),
      ScenarioKey(
        "largestChunk", .list(.object(.weightCap), atLeast: 1), default: "no limit",
        "Limits above which `processChunk` refuses a chunk, which is then divided; a single item is "
          + "accepted"),
    ],
    alternatives: [
      Alternative(has: ["phases"], lacks: ["trace"]),
      Alternative(has: ["trace"], lacks: ["phases"]),
    ])

  /// What an item costs, in a phase and in a mix.
  static let itemClass: [ScenarioKey] = [
    ScenarioKey(
      "handle", .object(.distribution), unit: "time", default: "zero",
      "Cost in the handler, item by item; a chunk can be cut there"),
    ScenarioKey(
      "process", .object(.distribution), unit: "time", default: "zero",
      "Cost in `processChunk`, in bulk; it cannot be cut"),
    ScenarioKey(
      "hint", .object(.hint), default: "no hint", "A size known before the work, see below"),
    ScenarioKey(
      "weighs", .list(.object(.itemWeight), atLeast: 1), default: "nothing",
      "The weights of an item, by unit, which `sync.chunkWeightCap` limits"),
  ]

  static let weightCap = KeyGroup(
    name: "weightCap", meaning: "The maximum weight of a chunk, in one unit.",
    keys: [
      ScenarioKey("unit", .text, "The unit, which items must have a weight in"),
      ScenarioKey("atMost", .whole(1...counts), "The cap"),
    ])

  static let itemWeight = KeyGroup(
    name: "itemWeight", meaning: "The weight of an item: a lognormal quantity, in whole units.",
    keys: [
      ScenarioKey("unit", .text, "The unit, such as `bytes`"),
      ScenarioKey("mean", .number(.positive), "The mean"),
      ScenarioKey(
        "cv", .number(.variation), default: "0", "The standard deviation over the mean"),
    ])

  static let phase = KeyGroup(
    name: "phase", meaning: "A run of items of one class, or of several classes mixed at random.",
    keys: [
      ScenarioKey(
        "count", .whole(1...UInt64(WorkloadSettings.itemLimit)), unit: "items",
        "The number of items"),
      ScenarioKey(
        "class", .text, default: "this or `mix`",
        "The cost class; schedulers learn one estimate per class"),
    ] + itemClass + [
      ScenarioKey(
        "mix", .list(.object(.mixedClass), atLeast: 1), default: "one class",
        "Instead of the five keys above: objects with these five and `weight`")
    ],
    alternatives: [
      Alternative(has: ["class", "handle"], lacks: ["mix"]),
      Alternative(has: ["class", "process"], lacks: ["mix"]),
      Alternative(has: ["mix"], lacks: ["class", "handle", "process", "hint", "weighs"]),
    ])

  static let mixedClass = KeyGroup(
    name: "mixedClass", meaning: "A class of a mix.",
    keys: [
      ScenarioKey(
        "weight", .number(.positive), "The probability of the class, relative to the other weights"),
      ScenarioKey("class", .text, "The cost class"),
    ] + itemClass,
    alternatives: [Alternative(has: ["handle"]), Alternative(has: ["process"])])

  static let hint = KeyGroup(
    name: "hint",
    meaning: "A size known before the work: the item's cost times a lognormal factor of mean 1.",
    keys: [
      ScenarioKey(
        "noise", .number(.variation), "The coefficient of variation of the hint around the truth")
    ])

  static let trace = KeyGroup(
    name: "trace", meaning: "A recorded workload.",
    keys: [
      ScenarioKey("path", .path, "The recording"),
      ScenarioKey(
        "format", .name(TraceSettings.Format.allCases.map(\.rawValue)), default: "`\"csv\"`",
        "The format, see \"Your own trace\""),
      ScenarioKey(
        "cost", .name(TraceSettings.Cost.allCases.map(\.rawValue)), default: "`\"handle\"`",
        "The phase in which its seconds are spent"),
      ScenarioKey(
        "hint", .object(.hint), default: "the file's own hints",
        "Draws hints around the costs, as in a phase"),
    ])
}
