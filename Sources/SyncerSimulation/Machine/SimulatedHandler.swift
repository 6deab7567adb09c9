internal import Syncer

/// The handler of a simulated sync: every item costs what the workload says.
struct SimulatedHandler: MachineHandler {
  /// The number of an item: half the size of an `Int`, and never negative.
  typealias Key = UInt32

  let machine: SimulatedMachine
  /// The workload's, at hand without a way through the machine.
  let classes: [CostClass]
  let classOfItem: [UInt16]
  /// Whether `processChunk` reports every item's own time, as a router of jobs does.
  let reportsCompletions: Bool
  /// How many chunks were finished before this sync, by those that crashed.
  let chunksBefore: Int

  init(machine: SimulatedMachine, chunksBefore: Int = 0) {
    self.machine = machine
    self.chunksBefore = chunksBefore
    classes = machine.workload.classes
    classOfItem = machine.workload.classOfItem
    reportsCompletions = machine.workers > 1
  }

  @inline(__always)
  func costClass(of entry: DiffEntry<UInt32, Void, Never>) -> CostClass {
    classes[Int(classOfItem[entry.item])]
  }

  func costHint(of entry: DiffEntry<UInt32, Void, Never>) -> Double? {
    machine.workload.hints.isEmpty ? nil : machine.workload.hints[entry.item]
  }

  func weight(of entry: DiffEntry<UInt32, Void, Never>, in unit: WeightUnit) -> Int {
    machine.workload.weight(of: entry.item, in: unit)
  }

  var processingGrowsWithHint: Bool { machine.processingGrowsWithHint }

  var workers: Int { machine.workers }

  /// A router of jobs goes on with the next chunk.
  var allowsOverlappingChunks: Bool { machine.workers > 1 }

  func handleLeftExclusive(_ key: UInt32, _ items: ArraySlice<Void>) async throws -> HandledItem {
    try await handle(Int(key))
  }

  func handleRightExclusive(_ key: UInt32, _ items: ArraySlice<Never>) async throws -> HandledItem {
    try await handle(Int(key))
  }

  func handleIntersection(
    _ key: UInt32, _ left: ArraySlice<Void>, _ right: ArraySlice<Never>
  ) async throws -> HandledItem {
    try await handle(Int(key))
  }

  @inline(__always)
  private func handle(_ item: Int) async throws -> HandledItem {
    HandledItem(item: item, handleTime: try await machine.handle(item))
  }

  func processChunk(_ chunk: HandledChunk<HandledItem>) async throws {
    if let refusal = refusal(of: chunk.outputs) {
      _ = try await machine.process([], chunk: chunksBefore + chunk.number, isCommitted: false)
      throw refusal
    }
    let times = try await machine.process(chunk.outputs, chunk: chunksBefore + chunk.number)
    guard reportsCompletions else { return }
    for (position, time) in times.enumerated() {
      await chunk.completed(position, in: .nanoseconds(time))
    }
  }

  /// Why a call is refused; nil where it is not.
  private func refusal(of items: [HandledItem]) -> ChunkTooLarge? {
    guard items.count > 1 else { return nil }
    let limit = machine.largestChunk.first { limit in
      machine.workload.weight(of: items.lazy.map(\.item), in: limit.unit) > limit.atMost
    }
    return limit.map { ChunkTooLarge(in: $0.unit) }
  }
}
