/// The least waste where a chunk's beginning depends on how many chunks were before it.
///
/// With o(k) the overhead of chunk k and t(w) the moment at which w seconds of work are done, a chunk k
/// of the items after i up to j takes t(P(j) + O(k)) - t(P(i) + O(k - 1)), P and O being the sums. So
/// f(k, j) = min over i of f(k - 1, i) + (that - T)², a layer for every number of chunks, each found as
/// `ChunkPartition` finds its own. A cap of items is left out, which only lowers the bound.
struct LayeredPartition {
  private let costs: ItemCosts
  private let target: Double
  private let factors: ClosedRange<Double>
  private let rounding: Rounding
  /// The most a sum of squared misses can be of a run that wastes no more than is reached already.
  private let limit: Double

  /// The most places that are looked at before the search is given up.
  private static let budget = 40_000_000

  init(_ costs: ItemCosts, target: Double, factors: ClosedRange<Double>, reached: Double) {
    self.costs = costs
    self.target = target
    self.factors = factors
    rounding = Rounding(items: costs.count, factors: factors)
    let most = costs.work[costs.count] * factors.upperBound
    let squares = max(0, reached - 1) * 2 * target * most * (1 + 1e-6)
    limit = rounding.most(squares, chunks: costs.count)
  }

  /// The least waste of all numbers of chunks; nil where the search takes too long.
  func leastWaste(
    _ timeline: inout WorkTimeline, overhead: (Int) -> Double
  ) -> Double? {
    var layer = Layer(first: 0, squares: [0], moments: [0])
    var overheadSum = 0.0
    var least = Double.infinity
    var looked = 0
    for chunk in 1...costs.count {
      overheadSum += overhead(chunk)
      layer = next(layer, overheadSum, &timeline)
      looked += layer.looked
      if timeline.isGivenUp || looked > Self.budget { return nil }
      if layer.squares.isEmpty { break }
      if layer.first + layer.squares.count - 1 == costs.count, let squares = layer.squares.last {
        let all = layer.moments[layer.moments.count - 1]
        let work = all - factors.lowerBound * overheadSum + rounding.drift
        least = min(
          least, 1 + rounding.least(squares, chunks: chunk) / (2 * target * max(work, 1e-9)))
      }
    }
    return least.isFinite ? least : nil
  }

  /// What chunks come to that end at the places of a range.
  private struct Layer {
    var first: Int
    /// For every place, the least sum of squared misses.
    var squares: [Double]
    /// For every place, when the last chunk ends.
    var moments: [Double]
    var looked = 0
  }

  private func next(
    _ layer: Layer, _ overhead: Double, _ timeline: inout WorkTimeline
  ) -> Layer {
    var next = Layer(first: layer.first + 1, squares: [], moments: [])
    var envelope = LowerEnvelope(sign: 1)
    let last = layer.first + layer.squares.count - 1
    guard layer.first < costs.count, let latest = layer.moments.last else { return next }
    for place in (layer.first + 1)...costs.count {
      next.looked += 1
      if place - 1 <= last {
        let index = place - 1 - layer.first
        envelope.add(place - 1, at: layer.moments[index], layer.squares[index])
      }
      let moment = timeline.seconds(ofWork: costs.work[place] + overhead)
      guard let best = envelope.best(at: moment - target) else { break }
      let squares = best.value(at: moment - target)
      if squares <= limit || !next.squares.isEmpty {
        next.squares.append(squares)
        next.moments.append(moment)
      } else {
        next.first = place + 1
      }
      // Beyond the last beginning, what is too long gets longer only.
      if place > last && squares > limit && moment - target >= latest { break }
    }
    while let squares = next.squares.last, squares > limit {
      next.squares.removeLast()
      next.moments.removeLast()
    }
    return next
  }
}
