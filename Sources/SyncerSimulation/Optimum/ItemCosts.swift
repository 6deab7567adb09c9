internal import Syncer

/// What the items of a run cost, in the order they are taken, on an unloaded machine.
struct ItemCosts {
  /// For every count of items, the seconds of useful work of the first so many: handling, of k at
  /// once divided by k, and the processing of w workers divided by w.
  let work: [Double]
  /// The nanoseconds of all items, one after the other.
  let nanoseconds: Int64
  /// How many workers share what is processed; 1 where nothing is.
  let workers: Int
  /// How many items are handled at once.
  let handlersAtOnce: Int
  /// Whether workers take jobs in the order of the items, and not those first whose hints are largest.
  let isInOrder: Bool
  private let backlog: Backlog
  private let workload: Workload

  init(_ backlog: Backlog, _ workload: Workload, _ scenario: Scenario) {
    handlersAtOnce = scenario.sync.handlersAtOnce
    self.backlog = backlog
    self.workload = workload
    workers = workload.processNanoseconds.isEmpty ? 1 : scenario.workload.workers
    isInOrder =
      workers == 1 || workload.hints.isEmpty || !scenario.workload.processingGrowsWithHint
    var work = [0.0]
    work.reserveCapacity(backlog.count + 1)
    // Whole nanoseconds, so that no rounding adds up; all together they fit into a virtual clock.
    var (handling, processing): (Int64, Int64) = (0, 0)
    for place in 0..<backlog.count {
      handling += workload.handle(backlog[place])
      processing += workload.process(backlog[place])
      let seconds =
        workers == 1 && handlersAtOnce == 1
        ? Double(handling + processing)
        : Double(handling) / Double(handlersAtOnce) + Double(processing) / Double(workers)
      work.append(seconds / 1e9)
    }
    self.work = work
    nanoseconds = handling + processing
  }

  var count: Int { backlog.count }

  /// Whether more than one thing is done at a time.
  var isParallel: Bool { workers > 1 || handlersAtOnce > 1 }

  /// What a chunk of some items takes without its overhead, in nanoseconds.
  func nanoseconds(of places: Range<Int>) -> Int64 {
    var (handling, processing) = (ChunkPlaces(handlersAtOnce), ChunkPlaces(workers))
    for place in places {
      handling.add(self.handling(place))
      processing.add(self.processing(place))
    }
    return handling.makespan + processing.makespan
  }

  /// The handling of the item at a place, in nanoseconds.
  func handling(_ place: Int) -> Int64 { workload.handle(backlog[place]) }

  /// The processing of the item at a place, in nanoseconds.
  func processing(_ place: Int) -> Int64 { workload.process(backlog[place]) }

  /// The seconds of the item at a place, handling and processing.
  func seconds(_ place: Int) -> Double {
    Double(handling(place)) / 1e9 + Double(processing(place)) / 1e9
  }
}
