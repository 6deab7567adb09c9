internal import Syncer
internal import SyncerTesting

/// Fills every chunk knowing every cost and the load to come.
///
/// A chunk takes one more item as long as it then still ends within its target: packing items in
/// a given order that way needs the fewest chunks, and an item that fits in no chunk is alone.
/// Without chunk overhead no chunk exceeds max(T, longest item), which no scheduler can beat.
struct OracleScheduler: SizedScheduler {
  private let machine: SimulatedMachine
  /// The items in the order the sync takes them.
  private let backlog: Backlog
  /// How many chunks were finished before this sync.
  private let chunksBefore: Int
  /// The most items the loop lets into a chunk: what is beyond need not be looked at.
  private let chunkCap: Int

  init(machine: SimulatedMachine, backlog: Backlog, chunksBefore: Int, chunkCap: Int?) {
    self.machine = machine
    self.backlog = backlog
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
    var rank = chunk.rank
    while rank < backlog.count && rank - chunk.rank < chunkCap {
      let item = backlog[rank]
      handled = handled.adding(
        saturating: machine.elapsed(work: workload.handle(item), at: handled))
      if hasProcessing { schedule.add(workload.process(item)) }
      var end = handled
      if overhead > 0 {
        end = end.adding(saturating: machine.elapsed(work: overhead, at: end))
      }
      if hasProcessing {
        end = end.adding(saturating: machine.elapsed(work: schedule.makespan, at: end))
      }
      if Double(end - opened) / 1e9 > chunk.targetSeconds { break }
      rank += 1
    }
    return rank - chunk.rank
  }
}
