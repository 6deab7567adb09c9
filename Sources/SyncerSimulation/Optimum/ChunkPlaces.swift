/// Where the items of a chunk are handled, or its jobs done: each at the place that is free first, as the
/// machine does, in nanoseconds since the first could begin.
///
/// Plain numbers, as a search for the best chunks adds every item to hundreds of them.
struct ChunkPlaces {
  private var freeAt: [Int64]
  /// The place that is free first.
  private var freest = 0
  /// When all is done.
  private(set) var makespan: Int64 = 0

  init(_ count: Int) {
    freeAt = [Int64](repeating: 0, count: count)
  }

  /// When the next item would begin.
  var freeFrom: Int64 { freeAt[freest] }

  /// Adds an item.
  mutating func add(_ work: Int64) {
    freeAt[freest] += work
    makespan = max(makespan, freeAt[freest])
    for place in freeAt.indices where freeAt[place] < freeAt[freest] { freest = place }
  }
}
