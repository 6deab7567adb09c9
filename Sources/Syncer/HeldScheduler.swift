/// A scheduler in use and its draft of the open chunk: the default one, which is called directly, or
/// any other.
@usableFromInline
struct HeldScheduler {
  @usableFromInline let isDefault: Bool
  @usableFromInline var deadline: DeadlineScheduler
  @usableFromInline var deadlineDraft: DeadlineScheduler.Draft
  @usableFromInline var other: AnyChunkScheduler
  @usableFromInline var otherDraft: any ErasedDraft
  @usableFromInline var plan = ChunkPlan.asked

  @usableFromInline
  init(_ scheduler: any ChunkScheduler) {
    let start = ChunkStart(targetSeconds: 1)
    let deadline = scheduler as? DeadlineScheduler
    isDefault = deadline != nil
    self.deadline = deadline ?? DeadlineScheduler()
    deadlineDraft = self.deadline.open(start).draft
    other = AnyChunkScheduler(deadline == nil ? scheduler : FixedScheduler(size: 1))
    otherDraft = other.open(start).draft
  }

  @usableFromInline
  mutating func open(_ chunk: ChunkStart) {
    if isDefault {
      (plan, deadlineDraft) = deadline.open(chunk)
    } else {
      (plan, otherDraft) = other.open(chunk)
    }
  }

  @inlinable @inline(__always)
  mutating func admits(_ next: ItemProfile, into chunk: OpenChunk) -> Bool {
    isDefault
      ? deadline.admits(next, into: chunk, &deadlineDraft) == .take
      : other.admits(next, into: chunk, &otherDraft) == .take
  }

  @inlinable @inline(__always)
  mutating func observe(_ item: ItemProfile, seconds: Double) {
    if !isDefault { other.observe(item, seconds: seconds, in: &otherDraft) }
  }

  @usableFromInline
  mutating func learn(_ sample: ChunkSample) {
    if isDefault {
      deadline.learn(sample, from: deadlineDraft)
    } else {
      other.learn(sample, from: otherDraft)
    }
  }

  @usableFromInline
  var overheadSeconds: Double? { isDefault ? deadline.overheadSeconds : other.overheadSeconds }

  @usableFromInline
  func estimate(for item: ItemProfile) -> CostEstimate? {
    isDefault ? deadline.estimate(for: item) : other.estimate(for: item)
  }
}
