internal import SafeOutput
internal import Syncer

extension Scenario {
  /// Reads a scenario file, strictly: an unknown key is an error.
  ///
  /// - Throws: `ScenarioError`, also for files the scenario refers to and that are missing.
  public init(file: String) throws(ScenarioError) {
    if let refusal = Self.refusal(ofRecording: file) { throw refusal }
    try self.init(
      json: try FileContents.read(
        file, remedy: "name a scenario file", limit: FileContents.documentLimit), file: file,
      folder: FilePath.namedFolder(of: file))
  }

  /// Reads a scenario from the bytes of a JSON document.
  ///
  /// - Parameters:
  ///   - json: The document, UTF-8.
  ///   - file: What error messages call it.
  ///   - folder: What the paths in it are relative to; empty for the current folder.
  /// - Throws: `ScenarioError`, also for files the scenario refers to and that are missing.
  public init(json: [UInt8], file: String, folder: String = "") throws(ScenarioError) {
    try self.init(JSONValue(document: json, file: file), file: file, folder: folder)
  }

  /// Reads a scenario from a JSON document that was read before.
  init(_ value: JSONValue, file: String, folder: String) throws(ScenarioError) {
    let reading = ScenarioReading()
    let root = ScenarioNode(value: value, path: "", file: file, reading: reading)
    try self.init(root.objectOfScenario(), folder: folder)
    files.paths = [file] + reading.files
    if case .object(let fields) = value, let runs = fields["runs"],
      ![.whole(1), .number(1)].contains(runs), !schedulers.contains(where: { $0.run > 1 })
    {
      files.notes.append(
        "\(file): runs is without effect: none of the schedulers learns from one sync for the next; "
          + "add deadline, or leave runs out.")
    }
    if case .object(let fields) = value, case .string(let schema)? = fields["$schema"],
      !schema.contains("://")
    {
      files.schema = schema.hasPrefix("/") ? schema : FilePath.joined(folder, schema)
    }
  }

  private init(_ object: ScenarioObject, folder: String) throws(ScenarioError) {
    let runs = try object.optional("runs")?.whole(1...20) ?? 1
    try self.init(
      name: object.required("name").reportName(),
      summary: object.optional("summary")?.text() ?? "",
      seed: object.optional("seed")?.seed() ?? 1,
      replications: object.optional("replications")?.whole(1...1_000_000) ?? 1,
      sync: object.required("sync", else: SyncSettings(chunkTimeSeconds: 1)) {
        node throws(ScenarioError) in try SyncSettings(node)
      },
      workload: object.required("workload", else: WorkloadSettings(source: .phases([]))) {
        node throws(ScenarioError) in try WorkloadSettings(node, folder: folder)
      },
      load: object.optional("load", else: LoadSettings()) { node throws(ScenarioError) in
        try LoadSettings(node, folder: folder)
      },
      faults: object.optional("faults", else: nil) { node throws(ScenarioError) in
        try FaultSettings(node)
      },
      schedulers: object.optional("schedulers", else: SchedulerSettings.compared) {
        node throws(ScenarioError) in
        try node.nonEmptyList { node throws(ScenarioError) in try SchedulerSettings(node) }
      }.flatMap { $0.runs(runs) },
      gate: object.optional("gate", else: []) { node throws(ScenarioError) in
        try MetricBound.list(node)
      })
    let reading = object.node.reading
    if reading.isRight {
      try checkLabels(object)
      if let faults = object.optional("faults") { try checkClasses(faults) }
      try checkUnits(object)
      try checkOrder(object)
    }
    try reading.finish()
  }

  /// Faults of a class that the phases do not have would never happen.
  private func checkClasses(_ node: ScenarioNode) throws(ScenarioError) {
    guard let faults, case .phases(let phases) = workload.source else { return }
    let classes = phases.flatMap(\.classes)
    if let problem = faults.problem(
      classes: classes.map(\.name),
      handled: Set(classes.filter { $0.handle != .constant(0) }.map(\.name)))
    {
      try node.note(
        "faults.\(problem.keyPath)", problem.rule, problem.remedy)
    }
  }

  /// An order by hint without hints would be that of the list.
  private func checkOrder(_ object: ScenarioObject) throws(ScenarioError) {
    guard sync.isByHint, case .phases(let phases) = workload.source else { return }
    if phases.flatMap(\.classes).contains(where: { $0.hintNoise != nil }) { return }
    try object.node.note(
      "sync.order", "is \"\(sync.order.rawValue)\", but no class has hints",
      "give a class of the phases a \"hint\", or choose \"listed\" or \"shuffled\"")
  }

  /// A cap of what nothing weighs would cap nothing.
  private func checkUnits(_ object: ScenarioObject) throws(ScenarioError) {
    var known: Set<WeightUnit> = []
    if case .phases(let phases) = workload.source {
      known = Set(phases.flatMap(\.classes).flatMap(\.weights).map(\.unit))
    }
    let lists = [
      ("sync.chunkWeightCap", sync.weightCaps), ("workload.largestChunk", workload.largestChunk),
    ]
    for (keyPath, limits) in lists {
      for (index, limit) in limits.enumerated() where !known.contains(limit.unit) {
        try object.node.note(
          "\(keyPath)[\(index)].unit", "is \"\(limit.unit)\", in which no item weighs anything",
          "add the unit to \"weighs\" of a class of the phases")
      }
    }
  }

  /// Labels name rows of a report: they must differ, and a bound must be for one that exists.
  private func checkLabels(_ object: ScenarioObject) throws(ScenarioError) {
    var seen: Set<String> = []
    for (index, scheduler) in schedulers.enumerated()
    where !seen.insert(scheduler.label.visible).inserted {
      try object.node.note(
        "schedulers[\(index)]", "has the label \"\(scheduler.label)\" of an earlier scheduler",
        "give it a \"label\" of its own")
    }
    for bound in gate {
      for label in bound.schedulers where !seen.contains(label.visible) {
        try object.node.note(
          "gate.\(bound.metric.rawValue).for",
          "names \"\(label)\", which is no scheduler of this scenario",
          "choose from: " + schedulers.map(\.label).joined(separator: ", "))
      }
    }
  }
}

extension ScenarioNode {
  /// Notes a mistake of the document that shows only once all of it is read.
  fileprivate func note(
    _ keyPath: String, _ rule: String, _ remedy: String
  ) throws(ScenarioError) {
    try reading.note(ScenarioError(file: file, keyPath: keyPath, rule: rule, remedy: remedy))
  }

  fileprivate func objectOfScenario() throws(ScenarioError) -> ScenarioObject {
    guard case .object = value else {
      throw ScenarioError(
        file: file, rule: "must hold a JSON object, but it holds \(value.kind)",
        remedy: "see Scenarios/README.md")
    }
    return try object(.scenario)
  }

  /// A name that is safe as that of a report folder.
  fileprivate func reportName() throws(ScenarioError) -> String {
    let name = try text()
    let letters = name.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0))
    }
    if name.isEmpty || name.count > 100 || name.hasPrefix(".") || !letters {
      return try noted(
        error(
          "must be 1 to 100 letters, digits, '.', '_' or '-', not starting with '.', but it is "
            + "\"\(name.prefix(120))\"", "rename it: it is also the name of the report folder"), "")
    }
    return name
  }
}

extension LoadSettings {
  init(_ node: ScenarioNode, folder: String) throws(ScenarioError) {
    let object = try node.object(.load)
    self.init()
    windows = try object.optional("windows", else: []) { node throws(ScenarioError) in
      try node.list { node throws(ScenarioError) in try node.windows() }.flatMap { $0 }
    }
    arrivals = try object.optional("poisson", else: nil) { node throws(ScenarioError) in
      try LoadArrivals(node)
    }
    trace = try object.optional("trace", else: nil) { node throws(ScenarioError) in
      try LoadTraceSettings(node, folder: folder)
    }
  }
}

extension LoadArrivals {
  init(_ node: ScenarioNode) throws(ScenarioError) {
    let object = try node.object(.loadArrivals)
    try self.init(
      meanGapSeconds: object.required("meanGap").positiveDuration(),
      durationSeconds: object.required("duration").positiveDuration(),
      slowdown: object.required("slowdown").number(.positive))
  }
}

extension LoadTraceSettings {
  init(_ node: ScenarioNode, folder: String) throws(ScenarioError) {
    let object = try node.object(.loadTrace)
    let end = try object.optional("end")?.name(of: End.allCases.map(\.rawValue))
    try self.init(
      path: object.required("path").filePath(in: folder),
      timeScale: object.optional("timeScale")?.number(.positive) ?? 1,
      end: end.flatMap(End.init(rawValue:)) ?? .hold)
  }
}

extension MetricBound {
  /// One bound per metric, or a list of bounds.
  static func list(_ node: ScenarioNode) throws(ScenarioError) -> [MetricBound] {
    let object = try node.object(.gate)
    var bounds: [MetricBound] = []
    for key in object.keys {
      guard let metric = Metric(rawValue: key) else { continue }
      bounds += try object.optional(key, else: []) { value throws(ScenarioError) in
        guard case .array = value.value else { return [try MetricBound(metric, value)] }
        return try value.nonEmptyList { entry throws(ScenarioError) in
          try MetricBound(metric, entry)
        }
      }
    }
    return bounds
  }

  private init(_ metric: Metric, _ node: ScenarioNode) throws(ScenarioError) {
    let object = try node.object(.bound)
    self.init(metric: metric)
    atMost = try object.optional("atMost")?.number()
    atLeast = try object.optional("atLeast")?.number()
    tolerance = try object.optional("tolerance")?.number(.notNegative)
    if let list = object.optional("for") {
      schedulers = try list.nonEmptyList { label throws(ScenarioError) in try label.text() }
    }
    if atMost == nil && atLeast == nil && tolerance == nil {
      throw node.error("bounds nothing", "give \"atMost\", \"atLeast\" or \"tolerance\"")
    }
  }
}
