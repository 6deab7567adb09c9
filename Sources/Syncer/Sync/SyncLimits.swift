/// The arguments of a chunked sync: what its chunks and the whole of it may take.
@usableFromInline
struct SyncLimits: Sendable {
  @usableFromInline var chunkTime: Duration?
  @usableFromInline var itemLimit: Int?
  @usableFromInline var chunkCap: Int?
  @usableFromInline var chunkWeightCap: ChunkWeightCap?
  @usableFromInline var maximumDuration: Duration?

  @usableFromInline
  init(
    chunkTime: Duration?, itemLimit: Int?, chunkCap: Int?, chunkWeightCap: ChunkWeightCap?,
    maximumDuration: Duration?
  ) {
    self.chunkTime = chunkTime
    self.itemLimit = itemLimit
    self.chunkCap = chunkCap
    self.chunkWeightCap = chunkWeightCap
    self.maximumDuration = maximumDuration
  }

  @usableFromInline
  func validate() throws(SyncArgumentError) {
    if let chunkTime, chunkTime <= .zero { throw .chunkTimeNotPositive(chunkTime) }
    if let chunkCap, chunkCap < 1 { throw .chunkCapBelowOne(chunkCap) }
    try chunkWeightCap?.validate()
    if let itemLimit, itemLimit < 0 { throw .itemLimitNegative(itemLimit) }
    if let maximumDuration, maximumDuration <= .zero {
      throw .maximumDurationNotPositive(maximumDuration)
    }
  }

  /// What a chunk opened this long after the start should take, in seconds: less than `chunkTime`
  /// where the sync has to end before.
  @usableFromInline
  func targetSeconds(after elapsed: Duration) -> Double {
    let target = chunkTime?.inSeconds ?? .infinity
    let left = secondsLeft(after: elapsed)
    return left > 0 ? min(target, left) : target
  }

  /// What is left of `maximumDuration`, read to the nanosecond; infinite without one.
  @usableFromInline
  func secondsLeft(after elapsed: Duration) -> Double {
    maximumDuration.map { ($0 - elapsed).inSeconds } ?? .infinity
  }
}
