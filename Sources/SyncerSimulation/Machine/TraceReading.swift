internal import Foundation
internal import Syncer

extension Workload {
  /// Reads a recorded workload.
  init(trace: TraceSettings, _ seeds: StreamSeeds) throws(ScenarioError) {
    self.init()
    let bytes = try FileContents.read(trace.path, remedy: "correct workload.trace.path")
    switch trace.format {
    case .csv: try readCSV(bytes, trace)
    case .swf: try readSWF(bytes, trace)
    }
    if count == 0 {
      throw ScenarioError(
        file: trace.path, rule: "has no items", remedy: "give it at least one row")
    }
    if let noise = trace.hintNoise { drawHints(noise: noise, seeds) }
  }

  /// Rows of `class,seconds` with an optional `hint`, or of `class,handle_s,process_s`.
  private mutating func readCSV(_ bytes: [UInt8], _ trace: TraceSettings) throws(ScenarioError) {
    var text = try DelimitedText(file: trace.path, bytes: bytes)
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

  /// The Standard Workload Format: field 4 is the run time in seconds, field 5 the processors.
  ///
  /// Jobs without a run time (-1) were never run and are left out. The class is
  /// serial on one processor, small on 2 to 16, large on more.
  private mutating func readSWF(_ bytes: [UInt8], _ trace: TraceSettings) throws(ScenarioError) {
    let names: [CostClass] = ["serial", "small", "large"]
    var used: [Int: UInt16] = [:]
    var number = 0
    var rest = bytes[...]
    while !rest.isEmpty {
      let line = rest.prefix { $0 != 0x0A }
      rest = rest.dropFirst(line.count + 1)
      number += 1
      let fields = line.split(maxSplits: 5) { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      guard let first = fields.first, first.first != 0x3B else { continue }
      guard fields.count >= 5,
        let seconds = Double(String(decoding: fields[3], as: UTF8.self)),
        let processors = Double(String(decoding: fields[4], as: UTF8.self)),
        seconds.isFinite, processors.isFinite
      else {
        throw ScenarioError(
          file: trace.path, keyPath: "line \(number)",
          rule: "is no job of the Standard Workload Format",
          remedy: "write at least five numbers, or start a comment with ';'")
      }
      if seconds < 0 { continue }
      let kind = processors <= 1 ? 0 : processors <= 16 ? 1 : 2
      if used[kind] == nil {
        used[kind] = UInt16(classes.count)
        classes.append(names[kind])
      }
      classOfItem.append(used[kind] ?? 0)
      append(Self.nanoseconds(seconds), to: trace.cost)
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
