internal import Syncer

extension Workload {
  /// Reads a recorded workload.
  init(trace: TraceSettings, _ seeds: StreamSeeds) throws(ScenarioError) {
    self.init()
    switch trace.format {
    case .csv: try readCSV(trace)
    case .swf: try readSWF(trace)
    }
    if count == 0 {
      throw ScenarioError(
        file: trace.path, rule: "has no items", remedy: "give it at least one row")
    }
    if let noise = trace.hintNoise { drawHints(noise: noise, seeds) }
  }

  /// Rows of `class,seconds` with an optional `hint`, or of `class,handle_s,process_s`.
  private mutating func readCSV(_ trace: TraceSettings) throws(ScenarioError) {
    var text = try DelimitedText(trace.path, remedy: Self.remedy)
    guard let classColumn = text.index(of: "class") else {
      throw text.error("has no column \"class\"", "name the columns \"class,seconds\" in line 1")
    }
    let seconds = text.index(of: "seconds")
    let recorded = text.index(of: "handle_s").flatMap { handle in
      text.index(of: "process_s").map { (handle, $0) }
    }
    let hint = text.index(of: "hint")
    if seconds == nil && recorded == nil {
      throw text.error(
        "has neither a column \"seconds\" nor the columns \"handle_s\" and \"process_s\"",
        "name the columns \"class,seconds\" in line 1")
    }
    var table = ClassNames()
    var fields: [Range<Int>] = []
    while try text.next(&fields) {
      classOfItem.append(try table.index(of: text.text(fields[classColumn]), text))
      if let (handle, process) = recorded, seconds == nil {
        handleNanoseconds.append(try text.nanoseconds(fields[handle], "handle_s"))
        processNanoseconds.append(try text.nanoseconds(fields[process], "process_s"))
      } else if let seconds {
        append(try text.nanoseconds(fields[seconds], "seconds"), to: trace.cost)
      }
      if let hint {
        hints.append(fields[hint].isEmpty ? .nan : try text.number(fields[hint], "hint"))
      }
      try checkCount(trace)
    }
    classes = table.classes
    // A column of zeros is the same as none.
    if handleNanoseconds.allSatisfy({ $0 == 0 }) { handleNanoseconds = [] }
    if processNanoseconds.allSatisfy({ $0 == 0 }) { processNanoseconds = [] }
  }

  private static let remedy = "correct workload.trace.path"

  private mutating func readSWF(_ trace: TraceSettings) throws(ScenarioError) {
    var log = try StandardWorkloadLog(trace.path, remedy: Self.remedy)
    var used: [StandardWorkloadLog.Size: UInt16] = [:]
    while let job = try log.next() {
      if used[job.size] == nil {
        used[job.size] = UInt16(classes.count)
        classes.append(CostClass(job.size.rawValue))
      }
      classOfItem.append(used[job.size] ?? 0)
      append(Nanoseconds.rounding(job.seconds), to: trace.cost)
      try checkCount(trace)
    }
  }

  private func checkCount(_ trace: TraceSettings) throws(ScenarioError) {
    if count <= WorkloadSettings.itemLimit { return }
    throw ScenarioError(
      file: trace.path,
      rule: "has more than \(WorkloadSettings.itemLimit) items, which do not fit in memory",
      remedy: "cut it into smaller files")
  }

  private mutating func append(_ cost: Int64, to phase: TraceSettings.Cost) {
    switch phase {
    case .handle: handleNanoseconds.append(cost)
    case .process: processNanoseconds.append(cost)
    }
  }

  /// Hints equal to the cost times a lognormal of mean 1.
  private mutating func drawHints(noise: Double, _ seeds: StreamSeeds) {
    let streams = classes.map { Box(seeds.stream("hint/\($0.name)")) }
    let factor = Distribution.lognormal(mean: 1, cv: noise)
    hints = (0..<count).map { item in
      let seconds = Double(handle(item) + process(item)) / 1e9
      return seconds * factor.sample(streams[Int(classOfItem[item])].stream)
    }
  }

  private final class Box {
    let stream: RandomStream
    init(_ stream: consuming RandomStream) { self.stream = stream }
  }
}

/// Numbers the classes of a trace.
private struct ClassNames {
  private(set) var classes: [CostClass] = []
  private var indices: [String: UInt16] = [:]

  mutating func index(of name: String, _ text: DelimitedText) throws(ScenarioError) -> UInt16 {
    if let index = indices[name] { return index }
    if classes.count == Int(UInt16.max) {
      throw text.error("is the 65,536th class", "use fewer classes: one per kind of item")
    }
    let index = UInt16(classes.count)
    indices[name] = index
    classes.append(CostClass(name))
    return index
  }
}
