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
        "seed", .whole(0...UInt64.max), default: "1", "Where all random numbers come from"),
      ScenarioKey(
        "replications", .whole(1...1_000_000), default: "1", "Repeats with other random numbers"
      ),
      ScenarioKey(
        "runs", .whole(1...20), default: "1",
        "Syncs in a row, of other items alike, in which `deadline` keeps what it has learned; those after "
          + "the first are rows of their own, labelled `deadline run 2` and so on"),
      ScenarioKey("sync", .object(.sync), "The arguments of the sync"),
      ScenarioKey("workload", .object(.workload), "The items and what surrounds them"),
      ScenarioKey(
        "load", .object(.load), default: "never slow", "How much slower the machine is, over time"),
      ScenarioKey(
        "faults", .object(.faults), default: "nothing fails",
        "What goes wrong, and what the sync does about it"),
      ScenarioKey(
        "schedulers",
        .list(.either([.name(SchedulerKind.names), .object(.scheduler)]), atLeast: 1),
        default: "`[\"deadline\", \"moving-average\", \"time-box\"]`",
        "What runs on these items, in order"),
      ScenarioKey("gate", .object(.gate), default: "no bounds", "What must hold of the metrics"),
    ])

  static let sync = KeyGroup(
    name: "sync", meaning: "The arguments of the sync.",
    keys: [
      ScenarioKey(
        "chunkTime", .orNull(.positiveDuration),
        "How long a chunk should take; null for chunks by count, where no scheduler is asked"),
      ScenarioKey(
        "startAt", .timeOfDay, default: "none",
        "When the sync starts by the clock on the wall, so that moments may be times of day"),
      ScenarioKey(
        "itemLimit", .whole(0...counts), unit: "items", default: "no limit",
        "The most items to handle"),
      ScenarioKey(
        "chunkCap", .whole(1...counts), unit: "items", default: "no cap",
        "The most items in a chunk"),
      ScenarioKey(
        "chunkWeightCap", .list(.object(.weightCap), atLeast: 1), default: "no cap",
        "The most that the items of a chunk may weigh together; a heavier item is a chunk of its own"
      ),
      ScenarioKey(
        "maximumDuration", .positiveDuration, default: "none",
        "When no further item is begun, since the start; the open chunk is finished"),
      ScenarioKey(
        "timeLeft", .positiveDuration, default: "any time",
        "What the sync may take in all, since the start: the last chunk is cut so that it is expected to be "
          + "processed by then"),
      ScenarioKey(
        "order", .name(SyncSettings.Order.allCases.map(\.rawValue)), default: "`\"listed\"`",
        "As listed; `roughlyListed`, where items may wait a few chunks for others; a shuffle that follows "
          + "from the seed; or by hint, `mixed` taking the smallest and the largest in turn"),
      ScenarioKey(
        "handlersAtOnce", .whole(1...1000), unit: "items", default: "1",
        "How many items of a chunk are handled at once"),
      ScenarioKey(
        "openChunks", .whole(1...1000), unit: "chunks", default: "1",
        "How many chunks may be open at once: while one is processed, the next is filled, and with "
          + "several `workers` their processing overlaps"),
      ScenarioKey(
        "workers", .whole(1...1000), unit: "processes", default: "1",
        "How many processes share the sync, each with a chunk loop and a machine of its own; not with "
          + "`handlersAtOnce` or `openChunks`"),
      ScenarioKey(
        "ranges", .whole(1...1_000_000), default: "8 per process",
        "How many ranges of keys, about equal in items, they take one after the other; whoever is free "
          + "takes the next"),
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
        "How many items `processChunk` works on at once"),
      ScenarioKey(
        "hintsFor", .name(["both", "handle"]), default: "`\"both\"`",
        "What hints are about: both phases, or handling alone"),
      ScenarioKey(
        "largestChunk", .list(.object(.weightCap), atLeast: 1), default: "no limit",
        "What `processChunk` refuses to take more of, without saying so beforehand: the chunk is then "
          + "divided; a single item is taken"),
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
      "What an item weighs, by unit: what `sync.chunkWeightCap` limits"),
  ]

  static let weightCap = KeyGroup(
    name: "weightCap", meaning: "The most that the items of a chunk may weigh together.",
    keys: [
      ScenarioKey("unit", .text, "What is weighed: a unit that items weigh something in"),
      ScenarioKey("atMost", .whole(1...counts), "The cap"),
    ])

  static let itemWeight = KeyGroup(
    name: "itemWeight", meaning: "What an item weighs: a lognormal quantity, in whole units.",
    keys: [
      ScenarioKey("unit", .text, "What is weighed, such as `bytes`"),
      ScenarioKey("mean", .number(.positive), "The mean"),
      ScenarioKey(
        "cv", .number(.variation), default: "0", "The standard deviation over the mean"),
    ])

  static let phase = KeyGroup(
    name: "phase", meaning: "A run of items of one class, or of several classes mixed at random.",
    keys: [
      ScenarioKey(
        "count", .whole(1...UInt64(WorkloadSettings.itemLimit)), unit: "items", "How many items"),
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
        "weight", .number(.positive), "How often the class occurs, relative to the other weights"),
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
        "How it is written, see \"Your own trace\""),
      ScenarioKey(
        "cost", .name(TraceSettings.Cost.allCases.map(\.rawValue)), default: "`\"handle\"`",
        "Where its seconds are spent"),
      ScenarioKey(
        "hint", .object(.hint), default: "the file's own hints",
        "Draws hints around the costs, as in a phase"),
    ])
}
