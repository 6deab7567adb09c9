internal import Syncer

/// Fills every chunk knowing every cost and the load to come.
///
/// A chunk takes one more item as long as it then still ends within its target: packing items in
/// a given order that way needs the fewest chunks, and an item that fits in no chunk is alone.
/// Without chunk overhead no chunk exceeds max(T, longest item), which no scheduler can beat.
struct OracleScheduler: ChunkScheduler {
  private let machine: SimulatedMachine
  /// The item at every position of the arranged order.
  private let arranged: Arrangement
  /// How many chunks were finished before this sync.
  private let chunksBefore: Int
  private var schedule: WorkerSchedule
  /// The fixed cost of the open chunk.
  private var overhead: Int64 = 0

  init(machine: SimulatedMachine, arranged: Arrangement, chunksBefore: Int) {
    self.machine = machine
    self.arranged = arranged
    self.chunksBefore = chunksBefore
    schedule = WorkerSchedule(workers: machine.workers)
  }

  mutating func admits(_ next: ItemProfile, into chunk: OpenChunk) -> Bool {
    if chunk.count == 0 {
      schedule.reset()
      overhead = machine.overhead(ofChunk: chunksBefore + chunk.number)
    }
    let item = arranged[chunk.position]
    let processing = machine.workload.process(item)
    let now = machine.clock.now.nanoseconds
    var end = now + machine.elapsed(work: machine.workload.handle(item), at: now)
    end += machine.elapsed(work: overhead, at: end)
    end += machine.elapsed(work: schedule.makespan(adding: processing), at: end)
    let seconds = chunk.elapsedSeconds + Double(end - now) / 1e9
    guard chunk.count == 0 || seconds <= chunk.targetSeconds else { return false }
    schedule.add(processing)
    return true
  }

  mutating func record(_ sample: ChunkSample) {}
}
