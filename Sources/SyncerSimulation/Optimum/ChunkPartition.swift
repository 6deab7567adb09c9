/// The best division of items, in their order, into chunks: that with the least sum over chunks of
/// `constant + (end - start)²`.
///
/// f(j) = min over i of f(i) + constant + (end(j) - start(i))². As parabolas in end(j) all have the
/// same curvature, two of them cross once, and the best i grows with j: the lower envelope of the
/// parabolas, kept as a queue, gives every f(j) in constant time on average (the convex hull trick).
struct ChunkPartition {
  /// For every count of items, the least sum over chunks that hold exactly the first so many.
  private(set) var costs: [Double]
  /// For every count of items, where the last of those chunks begins.
  private var previous: [Int32]

  /// Divides items.
  ///
  /// - Parameters:
  ///   - starts: For the boundaries before, between and after the items, when a chunk that begins
  ///     there begins; never falling.
  ///   - ends: Likewise, when a chunk that ends there ends; never falling.
  ///   - constant: What a chunk costs besides.
  ///   - cap: The most items of a chunk, at least 1.
  init<Ends: RandomAccessCollection>(
    starts: [Double], ends: Ends, constant: Double, cap: Int = .max
  ) where Ends.Element == Double, Ends.Index == Int {
    let count = starts.count - 1
    precondition(cap >= 1 && ends.count == starts.count, "Every item has a start and an end.")
    costs = [Double](repeating: .infinity, count: count + 1)
    previous = [Int32](repeating: 0, count: count + 1)
    costs[0] = 0
    let cap = min(cap, max(1, count))
    // Chunks that end in a block begin in it, where candidates only come, or before it, where they
    // only go: backwards from its end, those only come, too.
    for block in stride(from: 0, to: count, by: cap) {
      let last = min(block + cap, count)
      var earlier = LowerEnvelope(sign: -1)
      // There is nothing before the first.
      for end in stride(from: block == 0 ? 0 : block + cap - 1, to: block, by: -1) {
        let start = end - cap
        earlier.add(start, at: starts[start], costs[start])
        if end <= last { take(&earlier, for: end, at: ends[end], constant) }
      }
      var own = LowerEnvelope(sign: 1)
      for end in (block + 1)...last {
        own.add(end - 1, at: starts[end - 1], costs[end - 1])
        take(&own, for: end, at: ends[end], constant)
      }
    }
  }

  /// Takes the best beginning of a chunk that ends at a place and a moment.
  private mutating func take(
    _ beginnings: inout LowerEnvelope, for end: Int, at moment: Double, _ constant: Double
  ) {
    guard let best = beginnings.best(at: moment) else { return }
    let cost = best.value(at: moment) + constant
    if cost < costs[end] {
      costs[end] = cost
      previous[end] = Int32(best.index)
    }
  }

  /// How many items there are up to the end of every chunk.
  var chunkEnds: [Int] {
    var ends: [Int] = []
    var end = costs.count - 1
    while end > 0 {
      ends.append(end)
      end = Int(previous[end])
    }
    return ends.reversed()
  }
}

/// The lowest of parabolas `value + (x - start)²` that are added from one side to the other, at
/// places asked for from that side to the other.
struct LowerEnvelope {
  struct Parabola {
    var index: Int
    var start: Double
    var value: Double
    /// From which place on it is below the one before it.
    var lowestFrom = -Double.infinity

    func value(at x: Double) -> Double { value + (x - start) * (x - start) }
  }

  /// 1 where starts and places grow, -1 where they fall.
  private let sign: Double
  private var parabolas: [Parabola] = []
  private var first = 0

  init(sign: Double) {
    self.sign = sign
  }

  /// From which place on a parabola is below one added before it.
  private func crossing(_ old: Parabola, _ new: Parabola) -> Double {
    if new.start == old.start { return new.value < old.value ? -.infinity : .infinity }
    return sign
      * ((new.value - old.value) / (2 * (new.start - old.start)) + (old.start + new.start) / 2)
  }

  mutating func add(_ index: Int, at start: Double, _ value: Double) {
    var new = Parabola(index: index, start: start, value: value)
    while let last = parabolas.last {
      new.lowestFrom = crossing(last, new)
      if parabolas.count - first < 2 || new.lowestFrom > last.lowestFrom { break }
      parabolas.removeLast()
    }
    parabolas.append(new)
  }

  /// The lowest parabola; nil where there is none.
  mutating func best(at x: Double) -> Parabola? {
    while first + 1 < parabolas.count, parabolas[first + 1].lowestFrom <= sign * x { first += 1 }
    // Those that are passed go when they are most of what there is.
    if first > 1024 && first * 2 > parabolas.count {
      parabolas.removeFirst(first)
      first = 0
    }
    return first < parabolas.count ? parabolas[first] : nil
  }
}
