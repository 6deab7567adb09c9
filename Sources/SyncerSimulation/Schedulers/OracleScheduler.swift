internal import Syncer
internal import SyncerTesting

/// Fills every chunk knowing every cost and the load to come.
///
/// A chunk takes one more item as long as it then still ends within its target: packing items in
/// a given order that way needs the fewest chunks, and an item that fits in no chunk is alone.
/// Without chunk overhead no chunk exceeds max(T, longest item), which no scheduler can beat.
struct OracleScheduler: SizedScheduler {
  private let machine: SimulatedMachine
  /// The item at every position of the arranged order.
  private let arranged: Arrangement
  /// How many chunks were finished before this sync.
  private let chunksBefore: Int
  /// The most items the loop lets into a chunk: what is beyond need not be looked at.
  private let chunkCap: Int

  init(machine: SimulatedMachine, arranged: Arrangement, chunksBefore: Int, chunkCap: Int?) {
    self.machine = machine
    self.arranged = arranged
    self.chunksBefore = chunksBefore
    self.chunkCap = chunkCap ?? .max
  }

  func proposedSize(for chunk: ChunkStart) -> Int {
    let workload = machine.workload
    let hasProcessing = !workload.processNanoseconds.isEmpty
    let overhead = machine.overhead(ofChunk: chunksBefore + chunk.number)
    var schedule = WorkerSchedule(workers: machine.workers)
    let opened = machine.clock.now.nanoseconds
    var handled = opened
    var position = chunk.rank
    while position < arranged.count && position - chunk.rank < chunkCap {
      let item = arranged[position]
      handled += machine.elapsed(work: workload.handle(item), at: handled)
      if hasProcessing { schedule.add(workload.process(item)) }
      var end = handled
      if overhead > 0 { end += machine.elapsed(work: overhead, at: end) }
      if hasProcessing { end += machine.elapsed(work: schedule.makespan, at: end) }
      if Double(end - opened) / 1e9 > chunk.targetSeconds { break }
      position += 1
    }
    return position - chunk.rank
  }
}
