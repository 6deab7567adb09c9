import Syncer
import Synchronization
import SyncerTesting

/// What a sync did at the same time, told by its handler.
final class OverlapGauge: SyncObserver {
  struct State: Sendable, Equatable {
    var handled: [Int] = []
    var atWork: Set<Int> = []
    var mostAtWork = 0
    /// The items of chunks whose processing has succeeded, in order.
    var processed: [[Int]] = []
    /// The numbers of the chunks that `processChunk` was called for, halves and retries included.
    var calls: [Int] = []
    var callsAtWork = 0
    var mostCalls = 0
    /// Items begun and in no finished chunk, at most.
    var mostOpen = 0
    var finishedCount = 0
    var numbers: [Int] = []
    var starts: [Duration] = []
    var hasTimeGoneBack = false
    var elapsed = Duration.zero
    var ends = 0
  }

  private let kept = Mutex(State())

  var state: State { kept.withLock { $0 } }

  func begin(_ key: Int) {
    kept.withLock { state in
      state.atWork.insert(key)
      state.mostAtWork = max(state.mostAtWork, state.atWork.count)
    }
  }

  func end(_ key: Int) {
    kept.withLock { state in
      state.atWork.remove(key)
      state.handled.append(key)
      state.mostOpen = max(state.mostOpen, state.handled.count - state.finishedCount)
    }
  }

  func beginCall(_ chunk: HandledChunk<Int>) {
    kept.withLock { state in
      state.calls.append(chunk.number)
      state.callsAtWork += 1
      state.mostCalls = max(state.mostCalls, state.callsAtWork)
    }
  }

  func endCall(_ chunk: HandledChunk<Int>, succeeded: Bool) {
    kept.withLock { state in
      state.callsAtWork -= 1
      if succeeded { state.processed.append(chunk.outputs) }
    }
  }

  func syncDidHandleItem(_ progress: SyncProgress) { note(progress) }

  func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
    note(progress)
    kept.withLock { state in
      state.finishedCount += chunk.size
      state.numbers.append(chunk.number)
      state.starts.append(chunk.start)
    }
  }

  func syncDidEnd(_ reason: StopReason, error: (any Error)?, _ progress: SyncProgress) {
    kept.withLock { $0.ends += 1 }
  }

  private func note(_ progress: SyncProgress) {
    kept.withLock { state in
      if progress.elapsed < state.elapsed { state.hasTimeGoneBack = true }
      state.elapsed = progress.elapsed
    }
  }
}

/// A sync of numbered items on virtual time, with what happens in it.
struct OverlapBench: Sendable {
  var count = 7
  var cap = 3
  var chunkTime: Duration?
  var maximumDuration: Duration?
  var handlersAtOnce = 1
  var openChunks = 1
  var overlapping = false
  /// Seconds of handling an item, and of processing a chunk.
  var handleSeconds: @Sendable (Int) -> Int = { _ in 1 }
  var processSeconds: @Sendable (Int) -> Int = { _ in 3 }
  var onHandle: @Sendable (Int) throws -> Void = { _ in }
  var onProcess: @Sendable (HandledChunk<Int>) throws -> Void = { _ in }
  var onFailure = FailurePolicy.stop
  var stop: SyncStop?

  /// What came of a run.
  struct Outcome: Sendable {
    var report: SyncReport<Int>
    var openKeys: [Int] = []
    var error: (any Error)?
    var state: OverlapGauge.State
    /// Virtual seconds of the whole run.
    var seconds: Double
  }

  func run(
    _ change:
      @escaping @Sendable (
        inout Syncer<ClosureSyncHandler<Int, Int, Int, Int>, VirtualClock>
      ) -> Void = { _ in }
  ) throws -> Outcome {
    try VirtualTime.run(grace: .zero) { clock in
      let gauge = OverlapGauge()
      var syncer = Syncer(
        differ: Differ(left: ArrayResource(Array(0..<count)), right: ArrayResource([])),
        handler: ClosureSyncHandler<Int, Int, Int, Int>(
          allowsOverlappingChunks: overlapping,
          handle: { entry in
            gauge.begin(entry.key)
            defer { gauge.end(entry.key) }
            // What is at work goes on when the sync is cancelled.
            try await clock.sleepThrough(.seconds(handleSeconds(entry.key)))
            try onHandle(entry.key)
            return entry.key
          },
          processChunk: { chunk in
            gauge.beginCall(chunk)
            do {
              try await clock.sleepThrough(.seconds(processSeconds(chunk.number)))
              try onProcess(chunk)
              gauge.endCall(chunk, succeeded: true)
            } catch {
              gauge.endCall(chunk, succeeded: false)
              throw error
            }
          }), order: .listed, clock: clock, observer: gauge)
      syncer.handlersAtOnce = handlersAtOnce
      syncer.openChunks = openChunks
      syncer.onFailure = onFailure
      syncer.stop = stop
      change(&syncer)
      do throws(SyncFailure<Int>) {
        let report = try await syncer.chunkedSync(
          chunkTime: chunkTime, chunkCap: cap, maximumDuration: maximumDuration)
        return Outcome(
          report: report, state: gauge.state, seconds: Double(clock.now.nanoseconds) / 1e9)
      } catch {
        return Outcome(
          report: error.report, openKeys: error.openKeys, error: error.underlyingError,
          state: gauge.state, seconds: Double(clock.now.nanoseconds) / 1e9)
      }
    }
  }
}

extension VirtualClock {
  /// Sleeps to the end though the task be cancelled.
  func sleepThrough(_ duration: Duration) async throws {
    if !Task.isCancelled { return try await sleep(for: duration) }
  }
}
