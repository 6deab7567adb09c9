/// What single units took, counted by octave: enough for the expectation of any function of it.
///
/// Only octaves that were met are stored. Each keeps the sum of its seconds, so that means are exact
/// and only the spread within a factor of two is lost.
struct CostHistogram: Sendable, Equatable {
  /// The costs from a power of two to the next.
  struct Octave: Sendable, Equatable {
    var exponent: Int
    var weight: Double
    var seconds: Double

    /// What a unit of the octave takes on average.
    var mean: Double { weight > 0 ? max(0, seconds) / weight : 0 }
  }

  private(set) var octaves: [Octave] = []
  private(set) var weight = 0.0
  private(set) var seconds = 0.0

  /// Costs below the resolution of clocks share an octave.
  private static let lowestExponent = -30

  /// What a unit takes on average; 0 without any.
  var mean: Double { weight > 0 ? max(0, seconds) / weight : 0 }

  /// What a unit of the highest octave takes.
  var highest: Double { octaves.reduce(0) { max($0, $1.mean) } }

  /// The variance of a unit around the mean.
  var variance: Double {
    guard weight > 0 else { return 0 }
    let mean = mean
    return octaves.reduce(0) { $0 + $1.weight * ($1.mean - mean) * ($1.mean - mean) } / weight
  }

  /// The variance of the mean; the first units may lead it as far astray as those of a first chunk.
  var doubt: Double {
    guard weight > 0 else { return 0 }
    return (variance + DeadlineConstants.firstDoubt * mean * mean / weight) / weight
  }

  /// Adds units that took so many seconds each; a negative weight takes them back.
  mutating func add(_ secondsPerUnit: Double, weight added: Double = 1) {
    // Of the bits, as the exponent of a number is a call.
    let exponent = max(Int(secondsPerUnit.exponentBitPattern) - 1023, Self.lowestExponent)
    weight += added
    seconds += added * secondsPerUnit
    // To the end: which octave comes next is chance, which a processor guesses wrong half the time.
    var found = octaves.count
    for index in octaves.indices where octaves[index].exponent == exponent { found = index }
    if found == octaves.count {
      octaves.append(Octave(exponent: exponent, weight: 0, seconds: 0))
    }
    octaves[found].weight += added
    octaves[found].seconds += added * secondsPerUnit
  }

  /// Adds what another has, its weights multiplied.
  mutating func add(_ other: CostHistogram, scaledBy scale: Double = 1) {
    for octave in other.octaves { add(octave.mean, weight: scale * octave.weight) }
  }

  /// The same units, each taking so many times as long.
  func scaled(by factor: Double) -> CostHistogram {
    if factor == 1 { return self }
    var scaled = CostHistogram()
    for octave in octaves { scaled.add(octave.mean * factor, weight: octave.weight) }
    return scaled
  }

  /// Forgets a part: what is left of every weight is the share.
  mutating func fade(to share: Double) {
    weight *= share
    seconds *= share
    for index in octaves.indices {
      octaves[index].weight *= share
      octaves[index].seconds *= share
    }
  }
}
