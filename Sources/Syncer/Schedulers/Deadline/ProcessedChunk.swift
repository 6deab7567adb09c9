/// What a belief about processing is told of a chunk.
extension ProcessingBelief {
  /// The items of a class in a chunk.
  struct Part: Sendable {
    var classIndex: Int
    var count: Double
    var units: Double
    var squaredUnits: Double

    init(classIndex: Int, count: Double, units: Double, squaredUnits: Double) {
      self.classIndex = classIndex
      self.count = count
      self.units = units
      self.squaredUnits = squaredUnits
    }

    /// What a chunk had of a class.
    init(_ sample: ClassSample, of start: ChunkStart) {
      let count = Double(sample.count)
      self.init(
        classIndex: sample.classIndex, count: count,
        units: start.work(units: sample.handling.units, items: count),
        squaredUnits: start.work(units: sample.handling.squaredUnits, items: count))
    }
  }

  /// What is expected of a class never seen.
  struct Prior: Sendable, Equatable {
    /// Mean and mean square of an item's processing.
    var mean = 0.0
    var meanSquare = 0.0
    /// How much its first items may mislead; see the constants of these names.
    var firstDoubt = DeadlineConstants.firstDoubt
    var hiddenShare = DeadlineConstants.hiddenShare
  }

  /// What processing one chunk took.
  struct Chunk: Sendable {
    /// Seconds without the items timed one by one.
    var seconds: Double
    /// The variance of those seconds that comes from workers with unequal work.
    var imbalance = 0.0
    /// All items of the chunk.
    var count: Int
    /// What was expected of classes never seen.
    var prior: Prior
    /// What the chunk was meant to take, in seconds.
    var target: Double
  }
}
