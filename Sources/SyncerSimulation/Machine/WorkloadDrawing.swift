internal import Dispatch
internal import Syncer
internal import Synchronization

/// Draws the items of a scenario, phase by phase.
///
/// The first items of a phase are drawn from the streams of their classes, which go on where the
/// phase before stopped. What a phase has beyond one block is drawn on all cores, every block from
/// streams of its own: numbered, so that the machine makes no difference.
struct WorkloadDrawing {
  private(set) var workload = Workload()
  private let seeds: StreamSeeds
  private let columns: DrawnColumns
  private var indices: [String: Int] = [:]
  private var streams: [ClassStreams] = []

  /// How many items are drawn from one set of streams; another number would be another workload.
  static let blockSize = 1 << 18

  init(_ phases: [WorkloadPhase], _ seeds: StreamSeeds) {
    self.seeds = seeds
    columns = DrawnColumns(phases.flatMap(\.classes))
    columns.reserve(phases.reduce(0) { $0 + $1.count }, in: &workload)
  }

  mutating func draw(_ phase: WorkloadPhase, number: Int) {
    let indices = phase.classes.map { index(of: $0.name) }
    PhaseDraws(
      phase, indices: indices, streams: indices.map { streams[$0] },
      choice: seeds.stream("mix/\(number)"), columns
    ).draw(min(phase.count, Self.blockSize), into: &workload)
    let left = phase.count - Self.blockSize
    if left <= 0 { return }
    let blocks = (left + Self.blockSize - 1) / Self.blockSize
    // Numbered by class: a phase of another class moves no draws.
    let before = indices.map { index in
      defer { streams[index].blockCount += blocks }
      return streams[index].blockCount
    }
    let drawn = Mutex(DrawnInOrder(workload))
    workload = Workload()
    DispatchQueue.concurrentPerform(iterations: blocks) { [seeds, columns] block in
      let count = min(Self.blockSize, left - block * Self.blockSize)
      let streams = phase.classes.indices.map {
        ClassStreams(phase.classes[$0].name, seeds.block(before[$0] + block))
      }
      var items = Workload()
      columns.reserve(count, in: &items)
      PhaseDraws(
        phase, indices: indices, streams: streams,
        choice: seeds.block(block).stream("mix/\(number)"), columns
      ).draw(count, into: &items)
      drawn.withLock { $0.add(items, at: block) }
    }
    workload = drawn.withLock { $0.take() }
  }

  private mutating func index(of name: String) -> Int {
    if let index = indices[name] { return index }
    let index = streams.count
    indices[name] = index
    streams.append(ClassStreams(name, seeds))
    workload.classes.append(CostClass(name))
    return index
  }
}

/// A workload to which blocks of items are added as they become ready, in their order.
private struct DrawnInOrder: Sendable {
  private var workload: Workload
  private var blocks = InOrder<Workload>()

  init(_ workload: Workload) {
    self.workload = workload
  }

  mutating func add(_ items: Workload, at place: Int) {
    blocks.add(items, number: place) { _, items in
      workload.classOfItem += items.classOfItem
      workload.handleNanoseconds += items.handleNanoseconds
      workload.processNanoseconds += items.processNanoseconds
      workload.hints += items.hints
    }
  }

  /// Gives the workload away, so that nobody else holds it.
  mutating func take() -> Workload {
    defer { workload = Workload() }
    return workload
  }
}

/// What is drawn for every item of a workload; what no class has is left out.
private struct DrawnColumns: Sendable {
  let handling: Bool
  let processing: Bool
  let hints: Bool

  init(_ classes: [ItemClass]) {
    handling = classes.contains { $0.handle != .constant(0) }
    processing = classes.contains { $0.process != .constant(0) }
    hints = classes.contains { $0.hintNoise != nil }
  }

  func reserve(_ count: Int, in workload: inout Workload) {
    workload.classOfItem.reserveCapacity(count)
    if handling { workload.handleNanoseconds.reserveCapacity(count) }
    if processing { workload.processNanoseconds.reserveCapacity(count) }
    if hints { workload.hints.reserveCapacity(count) }
  }
}

/// The generators of one class.
private final class ClassStreams {
  /// How many blocks of the class were drawn from streams of their own.
  var blockCount = 0
  let handle: RandomStream
  let process: RandomStream
  let hint: RandomStream

  init(_ name: String, _ seeds: StreamSeeds) {
    handle = seeds.stream("handle/\(name)")
    process = seeds.stream("process/\(name)")
    hint = seeds.stream("hint/\(name)")
  }
}

/// What an item of a class in a phase is drawn from.
private final class ClassDraws {
  let index: Int
  let weight: Double
  let streams: ClassStreams
  let handle: PreparedDistribution
  let process: PreparedDistribution
  let hintFactor: PreparedDistribution?

  init(_ itemClass: ItemClass, index: Int, scale: Double, _ streams: ClassStreams) {
    self.index = index
    self.streams = streams
    weight = itemClass.weight * scale
    handle = PreparedDistribution(itemClass.handle)
    process = PreparedDistribution(itemClass.process)
    hintFactor = itemClass.hintNoise.map { PreparedDistribution(.lognormal(mean: 1, cv: $0)) }
  }
}

/// What the items of a phase are drawn from.
private struct PhaseDraws: ~Copyable {
  private let columns: DrawnColumns
  private let classes: [ClassDraws]
  private let totalWeight: Double
  private let choice: RandomStream

  init(
    _ phase: WorkloadPhase, indices: [Int], streams: [ClassStreams],
    choice: consuming RandomStream, _ columns: DrawnColumns
  ) {
    self.columns = columns
    let scale = Distribution.scale(ofWeights: phase.classes.map(\.weight))
    classes = phase.classes.indices.map {
      ClassDraws(phase.classes[$0], index: indices[$0], scale: scale, streams[$0])
    }
    totalWeight = classes.reduce(0) { $0 + $1.weight }
    self.choice = choice
  }

  func draw(_ count: Int, into workload: inout Workload) {
    if classes.count == 1 && !columns.hints {
      draw(count, of: classes[0], into: &workload)
    } else {
      for _ in 0..<count { drawItem(of: chosenClass, into: &workload) }
    }
  }

  /// Draws items of one class without hints, one column after the other: their streams are
  /// independent, and a plain loop over one of them costs little more than its draws.
  private func draw(_ count: Int, of draws: ClassDraws, into workload: inout Workload) {
    workload.classOfItem.append(contentsOf: repeatElement(UInt16(draws.index), count: count))
    if columns.handling {
      draws.handle.draw(count, draws.streams.handle, into: &workload.handleNanoseconds)
    }
    if columns.processing {
      draws.process.draw(count, draws.streams.process, into: &workload.processNanoseconds)
    }
  }

  private var chosenClass: ClassDraws {
    var chosen = 0
    var left = choice.uniform() * totalWeight
    while chosen < classes.count - 1 {
      left -= classes[chosen].weight
      if left < 0 { break }
      chosen += 1
    }
    return classes[chosen]
  }

  private func drawItem(of draws: ClassDraws, into workload: inout Workload) {
    let handle = columns.handling ? draws.handle.sample(draws.streams.handle) : 0
    let process = columns.processing ? draws.process.sample(draws.streams.process) : 0
    workload.classOfItem.append(UInt16(draws.index))
    if columns.handling { workload.handleNanoseconds.append(Nanoseconds.rounding(handle)) }
    if columns.processing { workload.processNanoseconds.append(Nanoseconds.rounding(process)) }
    guard columns.hints else { return }
    workload.hints.append(
      draws.hintFactor.map { (handle + process) * $0.sample(draws.streams.hint) } ?? .nan)
  }
}

extension PreparedDistribution {
  /// Draws costs in nanoseconds.
  fileprivate func draw(
    _ count: Int, _ stream: borrowing RandomStream, into costs: inout [Int64]
  ) {
    let first = costs.count
    costs.append(contentsOf: repeatElement(0, count: count))
    costs.withUnsafeMutableBufferPointer { costs in
      for item in first..<costs.count { costs[item] = Nanoseconds.rounding(sample(stream)) }
    }
  }
}
