/// A scheduler of any type, as one type.
///
/// The loop is compiled for the default scheduler and for this one.
@usableFromInline
struct AnyChunkScheduler: ChunkScheduler {
  @usableFromInline typealias Draft = any ErasedDraft

  private var scheduler: any ChunkScheduler

  @usableFromInline
  init(_ scheduler: any ChunkScheduler) {
    self.scheduler = scheduler
  }

  @usableFromInline
  func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: any ErasedDraft) {
    func open(_ scheduler: some ChunkScheduler) -> (plan: ChunkPlan, draft: any ErasedDraft) {
      let (plan, draft) = scheduler.open(chunk)
      return (plan, DraftOfScheduler(shared: SharedScheduler(scheduler), draft: draft))
    }
    return open(scheduler)
  }

  @usableFromInline
  func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout any ErasedDraft
  ) -> Admission {
    draft.admits(next, into: chunk)
  }

  @usableFromInline
  func fits(
    _ next: ItemProfile, into chunk: OpenChunk, within secondsLeft: Double,
    _ draft: inout any ErasedDraft
  ) -> Bool {
    draft.fits(next, into: chunk, within: secondsLeft)
  }

  @usableFromInline
  func processingSeconds(of draft: any ErasedDraft) -> Double { draft.processingSeconds }

  @usableFromInline
  func observe(_ item: ItemProfile, seconds: Double, in draft: inout any ErasedDraft) {
    draft.observe(item, seconds: seconds)
  }

  @usableFromInline
  mutating func learn(_ sample: ChunkSample, from draft: any ErasedDraft) {
    func learn<Scheduler: ChunkScheduler>(_ scheduler: inout Scheduler) {
      guard let draft = draft as? DraftOfScheduler<Scheduler> else {
        preconditionFailure("A draft comes back to the scheduler that made it.")
      }
      scheduler.learn(sample, from: draft.draft)
    }
    learn(&scheduler)
  }

  @usableFromInline var knownClasses: [CostClass] { scheduler.knownClasses }

  @usableFromInline
  func learned(of classes: [CostClass]) -> LearnedCosts? { scheduler.learned(of: classes) }

  @usableFromInline var overheadSeconds: Double? { scheduler.overheadSeconds }

  @usableFromInline
  func estimate(for item: ItemProfile) -> CostEstimate? { scheduler.estimate(for: item) }
}

/// A draft together with the scheduler that made it, as that was then.
@usableFromInline
protocol ErasedDraft: Sendable {
  mutating func admits(_ next: ItemProfile, into chunk: OpenChunk) -> Admission
  mutating func fits(_ next: ItemProfile, into chunk: OpenChunk, within secondsLeft: Double) -> Bool
  mutating func observe(_ item: ItemProfile, seconds: Double)
  var processingSeconds: Double { get }
}

/// A scheduler by reference, so that a small draft with it lies in its existential and not in a box,
/// which would be looked at before every item.
private final class SharedScheduler<Scheduler: ChunkScheduler>: Sendable {
  let scheduler: Scheduler

  init(_ scheduler: Scheduler) {
    self.scheduler = scheduler
  }
}

private struct DraftOfScheduler<Scheduler: ChunkScheduler>: ErasedDraft {
  let shared: SharedScheduler<Scheduler>
  var draft: Scheduler.Draft

  private var scheduler: Scheduler { shared.scheduler }

  mutating func admits(_ next: ItemProfile, into chunk: OpenChunk) -> Admission {
    scheduler.admits(next, into: chunk, &draft)
  }

  mutating func fits(
    _ next: ItemProfile, into chunk: OpenChunk, within secondsLeft: Double
  ) -> Bool {
    scheduler.fits(next, into: chunk, within: secondsLeft, &draft)
  }

  var processingSeconds: Double { scheduler.processingSeconds(of: draft) }

  mutating func observe(_ item: ItemProfile, seconds: Double) {
    scheduler.observe(item, seconds: seconds, in: &draft)
  }
}

/// Fills every chunk to the cap: what schedules a sync without a chunk time.
@usableFromInline
struct CapScheduler: ChunkScheduler {
  @usableFromInline init() {}

  @usableFromInline
  func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Void) { (.everything, ()) }

  @usableFromInline
  func admits(_ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void) -> Admission {
    .take
  }
}
