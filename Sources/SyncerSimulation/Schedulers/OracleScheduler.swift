internal import Syncer

/// Fills every chunk knowing every cost and the load to come.
///
/// A chunk takes one more item as long as it then still ends within its target: packing items in
/// a given order that way needs the fewest chunks, and an item that fits in no chunk is alone.
/// Without chunk overhead no chunk exceeds max(T, longest item), which no scheduler can beat.
struct OracleScheduler: ChunkScheduler {
  private let machine: SimulatedMachine
  /// The item at every position of the arranged order.
  private let arranged: [Int]
  private var schedule = WorkerSchedule(workers: 1)

  init(machine: SimulatedMachine, arranged: [Int]) {
    self.machine = machine
    self.arranged = arranged
  }

  mutating func admits(_ next: ItemProfile, into chunk: OpenChunk) -> Bool {
    if chunk.count == 0 { schedule = WorkerSchedule(workers: machine.workers) }
    let item = arranged[chunk.position]
    var extended = schedule
    _ = extended.add(machine.workload.process(item))
    let now = machine.clock.now.nanoseconds
    var end = now
    for work in [
      machine.workload.handle(item), machine.overhead(ofChunk: chunk.number), extended.makespan,
    ] {
      end += machine.elapsed(work: work, at: end)
    }
    let seconds = chunk.elapsedSeconds + Double(end - now) / 1e9
    guard chunk.count == 0 || seconds <= chunk.targetSeconds else { return false }
    schedule = extended
    return true
  }

  mutating func record(_ sample: ChunkSample) {}
}
