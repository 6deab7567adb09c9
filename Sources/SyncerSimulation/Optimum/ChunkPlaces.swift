/// Where the items of a chunk are handled, or its jobs done: each at the place that is free first, as the
/// machine does, in nanoseconds since the first could begin.
///
/// Plain numbers, unlike `WorkerSchedule`, as a search for the best chunks adds every item to hundreds of
/// them; with many places an item costs as many steps.
struct ChunkPlaces {
  private let count: Int
  /// The places that had an item.
  private var freeAt: [Int64] = []
  /// That of them which is free first.
  private var freest = 0
  /// When all is done.
  private(set) var makespan: Int64 = 0

  init(_ count: Int) {
    self.count = count
  }

  /// When the next item would begin.
  var freeFrom: Int64 { freeAt.count < count ? 0 : freeAt[freest] }

  /// Adds an item.
  mutating func add(_ work: Int64) {
    if freeAt.count < count {
      freest = freeAt.count
      freeAt.append(0)
    }
    freeAt[freest] += work
    makespan = max(makespan, freeAt[freest])
    guard freeAt.count == count else { return }
    for place in freeAt.indices where freeAt[place] < freeAt[freest] { freest = place }
  }
}
