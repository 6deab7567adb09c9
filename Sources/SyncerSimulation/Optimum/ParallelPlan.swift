/// The chunks of least waste where more than one thing is done at a time.
///
/// What a chunk takes is found by giving its items to the handler, and its jobs to the worker, that is
/// free first, as the machine does. Every division is considered where that takes no longer than
/// `budget`; else chunks end after items of T/32 or more of work together, which only costs what finer
/// places would win.
struct ParallelPlan {
  /// The chunks and the least costs they come from.
  private struct Division {
    var chunkEnds: [Int] = []
    /// For every place, the least sum of c + d² of chunks that end there.
    var least: [Double]
  }

  /// How many items there are up to the end of every chunk.
  let chunkEnds: [Int]
  /// For every count of items, the least sum of c + d² over chunks; nil where not every division was
  /// considered.
  let leastCosts: [Double]?

  /// How many places are looked at before the search is given up: a second or so.
  private static let budget = 250_000_000

  init(_ costs: ItemCosts, target: Double, overhead: Double, cap: Int) {
    let constant = Waste.costPerChunk(target: target, overhead: overhead)
    func divide(at places: [Int], budget: Int) -> Division? {
      Self.divide(
        costs, at: places, constant: constant, overhead: overhead, cap: cap, budget: budget)
    }
    if let exact = divide(at: Array(0...costs.count), budget: Self.budget) {
      (chunkEnds, leastCosts) = (exact.chunkEnds, exact.least)
    } else {
      let places = Self.places(costs, step: max(target, 2 * overhead) / 32, cap: cap)
      (chunkEnds, leastCosts) = (divide(at: places, budget: .max)?.chunkEnds ?? [], nil)
    }
  }

  /// Divides the items at some of the places; nil where that takes too long.
  ///
  /// With d(i, j) what a chunk of the items from i up to j takes, o its overhead, and a what it takes
  /// until a place is free for one more item: d(i, k) is at least a + d(j, k), as no item after j begins
  /// before, and at most d(i, j) + d(j, k) - o. So a chunk up to k that takes d(i, j) - o + x or more is
  /// no better than two that meet at j, if c + d(i, j)² <= a² + 2 a x; nor is any longer one.
  private static func divide(
    _ costs: ItemCosts, at places: [Int], constant: Double, overhead: Double, cap: Int, budget: Int
  ) -> Division? {
    var division = Division(least: [Double](repeating: .infinity, count: places.count))
    var previous = [Int](repeating: 0, count: places.count)
    division.least[0] = 0
    let items = (0..<costs.count).map { (costs.handling($0), costs.processing($0)) }
    var looked = 0
    for start in 0..<(places.count - 1) {
      var (handlers, workers) = (ChunkPlaces(costs.handlersAtOnce), ChunkPlaces(costs.workers))
      var longest = Double.infinity
      for end in (start + 1)..<places.count {
        if places[end] - places[start] > cap { break }
        for (handling, processing) in items[places[end - 1]..<places[end]] {
          handlers.add(handling)
          workers.add(processing)
        }
        looked += (places[end] - places[end - 1]) * (costs.handlersAtOnce + costs.workers)
        if looked > budget { return nil }
        let duration = overhead + Double(handlers.makespan + workers.makespan) / 1e9
        let sum = division.least[start] + constant + duration * duration
        if sum < division.least[end] {
          division.least[end] = sum
          previous[end] = start
        }
        if duration >= longest { break }
        let free = Double(handlers.freeFrom + workers.freeFrom) / 1e9
        if free > 0 {
          let rest = (constant + duration * duration - free * free) / (2 * free)
          longest = min(longest, duration - overhead + rest)
        }
      }
    }
    var end = places.count - 1
    while end > 0 {
      division.chunkEnds.append(places[end])
      end = previous[end]
    }
    division.chunkEnds.reverse()
    return division
  }

  /// Where chunks may end: after items that take a step of time together, or a chunk at its cap.
  private static func places(_ costs: ItemCosts, step: Double, cap: Int) -> [Int] {
    var places = [0]
    for place in 1...costs.count {
      let last = places[places.count - 1]
      if place == costs.count || costs.work[place] - costs.work[last] >= step
        || place - last >= max(1, cap / 8)
      {
        places.append(place)
      }
    }
    return places
  }
}
