internal import Syncer

/// Seconds per unit of every class, over all that was seen.
struct ClassMeans: Sendable, Equatable {
  private struct Sums: Sendable, Equatable {
    var count = 0
    var units = 0.0
    var handling = 0.0
    var processing = 0.0
  }

  private var sums: [Sums] = []

  /// The means of a class, in seconds per unit; nil before it was seen.
  subscript(classIndex: Int) -> (count: Int, handling: Double, processing: Double)? {
    guard sums.indices.contains(classIndex), sums[classIndex].units > 0 else { return nil }
    let sum = sums[classIndex]
    return (sum.count, sum.handling / sum.units, sum.processing / sum.units)
  }

  /// Adds a chunk; its processing is divided among its classes.
  mutating func add(_ sample: ChunkSample) {
    let processing = sample.processSeconds(byClass: { self[$0]?.processing })
    for (entry, processing) in zip(sample.classes, processing) {
      while sums.count <= entry.classIndex { sums.append(Sums()) }
      sums[entry.classIndex].count += entry.count
      sums[entry.classIndex].units += entry.handling.units
      sums[entry.classIndex].handling += entry.handling.seconds
      sums[entry.classIndex].processing += processing
    }
  }
}

extension ChunkSample {
  /// What processing took, divided among the classes of the chunk as `expected` says.
  ///
  /// - Parameter expected: Seconds per unit of a class, nil for one of which nothing is known: it
  ///   is taken to cost what a unit of this chunk costs on average. Where nothing is expected to
  ///   take time, every unit has the same share.
  /// - Returns: Seconds of every class, in the order of `classes`.
  func processSeconds(byClass expected: (Int) -> Double?) -> [Double] {
    let units = classes.reduce(0) { $0 + $1.handling.units }
    guard units > 0 else { return classes.map { _ in 0 } }
    let average = processSeconds / units
    let shares = classes.map { $0.handling.units * (expected($0.classIndex) ?? average) }
    let total = shares.reduce(0, +)
    guard total > 0 else { return classes.map { average * $0.handling.units } }
    return shares.map { processSeconds * ($0 / total) }
  }
}
