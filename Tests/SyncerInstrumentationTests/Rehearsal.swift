import Syncer
import SyncerTesting

/// A sync of whole numbers on virtual time, for observers to watch.
struct Rehearsal {
  /// An item that fails on purpose.
  struct Fault: Error {}

  /// What every item takes, one chunk of two items after the other.
  var milliseconds: [Int]
  var faulty: Set<Int> = []
  var onFailure = FailurePolicy.isolate(maximumErrors: 10)

  /// Runs the sync with chunks that are meant to take a second.
  func run(_ observer: any SyncObserver) async {
    let clock = VirtualClock()
    let handler = ClosureSyncHandler<Int, Int, Int, Int>(
      handle: { entry in
        if faulty.contains(entry.key) { throw Fault() }
        clock.advance(by: .milliseconds(milliseconds[entry.key]))
        return entry.key
      },
      processChunk: { _ in clock.advance(by: .milliseconds(10)) })
    var syncer = Syncer(
      differ: Differ(
        left: ArrayResource(Array(milliseconds.indices)), right: ArrayResource([])),
      handler: handler, scheduler: FixedScheduler(size: 2), order: .listed, clock: clock,
      observer: observer)
    syncer.onFailure = onFailure
    do {
      _ = try await syncer.chunkedSync(chunkTime: .seconds(1))
    } catch {
      // The observer was told.
    }
  }
}
