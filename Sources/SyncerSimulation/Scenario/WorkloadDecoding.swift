internal import Foundation
internal import SafeOutput
internal import Syncer

extension ScenarioNode {
  /// The path of an existing file, resolved against the scenario's folder.
  func filePath(in folder: String) throws(ScenarioError) -> String {
    let path = try text()
    let resolved =
      path.hasPrefix("/") || folder.isEmpty
      ? path : FilePath.joined(folder, path)
    var isFolder: ObjCBool = false
    if !FileManager.default.fileExists(atPath: resolved, isDirectory: &isFolder) {
      return try noted(
        error(
          "names the file \(resolved), which does not exist",
          "correct the path; it is relative to the scenario's folder"), "")
    }
    if isFolder.boolValue {
      return try noted(error("names \(resolved), which is a folder", "name a file"), "")
    }
    reading.files.append(resolved)
    return resolved
  }
}

extension WorkloadSettings {
  init(_ node: ScenarioNode, folder: String) throws(ScenarioError) {
    let object = try node.object(.workload)
    let source: WorkloadSource
    switch (object.optional("phases"), object.optional("trace")) {
    case (let phases?, nil):
      let list = try phases.nonEmptyList { phase throws(ScenarioError) in
        try WorkloadPhase(phase, folder: folder)
      }
      try Self.checkItemCount(list, phases)
      source = .phases(list)
    case (nil, let trace?):
      source = .trace(try TraceSettings(trace, folder: folder))
    case (nil, nil):
      throw object.node("phases").error("is missing", "add the key \"phases\", or \"trace\"")
    case (_?, _?):
      throw object.node("trace").error(
        "stands beside \"phases\"", "keep one of the two: a trace replaces phases")
    }
    try self.init(
      source: source,
      chunkOverhead: object.optional("chunkOverhead", else: .constant(0)) {
        node throws(ScenarioError) in try Distribution(node, folder: folder)
      },
      workers: object.optional("workers")?.whole(1...65_536) ?? 1,
      processingGrowsWithHint: object.optional("hintsFor")?.name(of: ["both", "handle"])
        != "handle",
      largestChunk: object.optional("largestChunk", else: []) { node throws(ScenarioError) in
        try node.nonEmptyList { cap throws(ScenarioError) in try ChunkWeightCap.Limit(cap) }
      })
  }

  /// The most items a scenario may have: their costs are held in memory.
  ///
  /// Two times, a class and a hint are 26 bytes per item, and a run needs about as much again.
  static let itemLimit = 100_000_000

  private static func checkItemCount(
    _ phases: [WorkloadPhase], _ node: ScenarioNode
  ) throws(ScenarioError) {
    let total = phases.reduce(0) { min($0 + $1.count, itemLimit + 1) }
    let classes = Set(phases.flatMap { $0.classes.map(\.name) })
    if classes.count > Int(UInt16.max) {
      throw node.error("have more than 65,535 classes", "use one class per kind of item")
    }
    if total > itemLimit {
      throw node.error(
        "have more than \(itemLimit) items together, which do not fit in memory",
        "lower the counts")
    }
  }
}

extension WorkloadPhase {
  init(_ node: ScenarioNode, folder: String) throws(ScenarioError) {
    let object = try node.object(.phase)
    let count = try object.required("count").whole(1...WorkloadSettings.itemLimit)
    guard let mix = object.optional("mix") else {
      self.init(count: count, classes: [try ItemClass(object, folder: folder)])
      return
    }
    for key in ["class"] + KeyGroup.itemClass.map(\.name) {
      if let stray = object.optional(key) {
        try stray.reading.note(
          stray.error("stands beside \"mix\"", "move it into the classes of the mix"))
      }
    }
    let classes = try mix.nonEmptyList { entry throws(ScenarioError) in
      let fields = try entry.object(.mixedClass)
      var itemClass = try ItemClass(fields, folder: folder)
      itemClass.weight = try fields.required("weight").number(.positive)
      return itemClass
    }
    self.init(count: count, classes: classes)
  }
}

extension ItemClass {
  fileprivate init(_ object: ScenarioObject, folder: String) throws(ScenarioError) {
    try self.init(name: object.required("class").text())
    handle = try object.optional("handle", else: handle) { cost throws(ScenarioError) in
      try Distribution(cost, folder: folder)
    }
    process = try object.optional("process", else: process) { cost throws(ScenarioError) in
      try Distribution(cost, folder: folder)
    }
    if object.optional("handle") == nil && object.optional("process") == nil {
      try object.node.reading.note(
        object.node("handle").error(
          "is missing", "give the class a cost in \"handle\", in \"process\" or in both"))
    }
    hintNoise = try Self.hintNoise(object)
    weights = try object.optional("weighs", else: []) { node throws(ScenarioError) in
      try node.nonEmptyList { weight throws(ScenarioError) in try WeightSettings(weight) }
    }
  }

  static func hintNoise(_ object: ScenarioObject) throws(ScenarioError) -> Double? {
    guard let hint = object.optional("hint") else { return nil }
    return try hint.object(.hint).required("noise").number(.variation)
  }
}

extension TraceSettings {
  init(_ node: ScenarioNode, folder: String) throws(ScenarioError) {
    let object = try node.object(.trace)
    let format = try object.optional("format")?.name(of: Format.allCases.map(\.rawValue))
    let cost = try object.optional("cost")?.name(of: Cost.allCases.map(\.rawValue))
    try self.init(
      path: object.required("path").filePath(in: folder),
      format: format.flatMap(Format.init(rawValue:)) ?? .csv,
      cost: cost.flatMap(Cost.init(rawValue:)) ?? .handle,
      hintNoise: ItemClass.hintNoise(object))
  }
}
