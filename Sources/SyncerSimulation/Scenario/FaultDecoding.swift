internal import Syncer

extension FaultSettings {
  init(_ node: ScenarioNode) throws(ScenarioError) {
    let object = try node.object(.faults)
    self.init()
    onFailure = try object.optional("onFailure", else: onFailure) { node throws(ScenarioError) in
      try FailureSettings(node)
    }
    items = try object.optional("items", else: []) { node throws(ScenarioError) in
      try node.list { node throws(ScenarioError) in try ItemFaults(node) }
    }
    if let node = object.optional("chunks") {
      chunkProbability = try node.object(.chunkFaults).required("probability").probability()
    }
    slow = try object.optional("slow", else: []) { node throws(ScenarioError) in
      try node.list { node throws(ScenarioError) in try SlowItems(node) }
    }
    cancelAtSeconds = try object.optional("cancelAt")?.moment()
    crashes = try object.optional("crashes", else: crashes) { node throws(ScenarioError) in
      try CrashSettings(node)
    }
    restartSeconds = try object.optional("restartTime")?.duration() ?? 0
    meanTimeBetweenFailuresSeconds =
      try object.optional("meanTimeBetweenFailures")?.positiveDuration()
  }
}

extension FailureSettings {
  /// Reads `"stop"`, `{ "isolate": { ... } }` or `{ "retry": { ..., "then": ... } }`.
  fileprivate init(_ node: ScenarioNode, names: [String] = ["isolate", "retry"])
    throws(ScenarioError)
  {
    self.init()
    if case .string(let text) = node.value {
      if names.contains(text) {
        throw node.error(
          "needs more than the name \"\(text)\"",
          text == "isolate"
            ? "write { \"isolate\": { \"maximumErrors\": 10 } }"
            : "write { \"retry\": { \"attempts\": 3 } }")
      }
      _ = try node.name(of: ["stop"])
      return
    }
    let object = try node.object(.policies(names))
    guard object.keys.count == 1, let name = object.keys.first else {
      throw node.error(
        "must be \"stop\" or name exactly one policy",
        "choose one of: stop, " + names.joined(separator: ", "))
    }
    if name == "isolate" {
      let fields = try object.required(name).object(.isolate)
      maximumErrors = try fields.required("maximumErrors").whole(0...Int.max)
      return
    }
    let fields = try object.required(name).object(.retryFields)
    attempts = try fields.required("attempts").whole(1...1000)
    backoffSeconds = try fields.optional("backoff")?.duration() ?? backoffSeconds
    longestBackoffSeconds =
      try fields.optional("longestBackoff")?.duration() ?? max(60, backoffSeconds)
    if let fallback = fields.optional("then") {
      maximumErrors = try FailureSettings(fallback, names: ["isolate"]).maximumErrors
    }
  }
}

extension ItemFaults {
  fileprivate init(_ node: ScenarioNode) throws(ScenarioError) {
    let object = try node.object(.itemFaults)
    let phases = TraceSettings.Cost.allCases.map(\.rawValue)
    let phase = try object.optional("phase")?.name(of: phases)
    try self.init(
      costClass: object.optional("class")?.costClass(),
      probability: object.required("probability").probability(),
      phase: phase.flatMap(TraceSettings.Cost.init(rawValue:)) ?? .handle,
      isTransient: object.optional("kind")?.name(of: ["permanent", "transient"]) == "transient")
  }
}

extension SlowItems {
  fileprivate init(_ node: ScenarioNode) throws(ScenarioError) {
    let object = try node.object(.slowItems)
    try self.init(
      costClass: object.optional("class")?.costClass(),
      probability: object.required("probability").probability(),
      slowdown: object.required("slowdown").number(.positive))
  }
}

extension CrashSettings {
  fileprivate init(_ node: ScenarioNode) throws(ScenarioError) {
    let object = try node.object(.crashes)
    self.init()
    if let list = object.optional("at") {
      atSeconds = try list.nonEmptyList { moment throws(ScenarioError) in
        let seconds = try moment.moment()
        if seconds > 0 { return seconds }
        return try moment.noted(
          moment.error("must be later than the start", "choose a later moment"), 1)
      }
    }
    meanGapSeconds = try object.optional("meanGap")?.positiveDuration()
    if atSeconds.isEmpty && meanGapSeconds == nil {
      throw node.error("crashes nothing", "give \"at\", \"meanGap\" or both")
    }
  }
}

extension ScenarioNode {
  fileprivate func probability() throws(ScenarioError) -> Double { try number(.probability) }

  fileprivate func costClass() throws(ScenarioError) -> CostClass { CostClass(try text()) }
}
