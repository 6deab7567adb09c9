internal import CGSL

/// Finds where a function of several shares, each from 0 to 1, is smallest.
///
/// First it looks at points that fill the space evenly (GSL's Sobol sequence), then it goes downhill
/// from the best of them with the simplex of Nelder and Mead (GSL's `nmsimplex2`). The function may
/// be asynchronous, which GSL's minimisers do not know: whenever the simplex asks for a value that
/// is not known yet, it is stopped, the value is computed, and the simplex starts anew with all
/// values known so far. That costs microseconds, and the same values give the same steps.
public struct Minimiser: Sendable {
  /// A point and the value there.
  public struct Minimum: Sendable, Equatable {
    /// The point.
    public var point: [Double]
    /// The value.
    public var value: Double
  }

  /// How many variables there are.
  public let dimensions: Int
  /// The most points at which the function is computed.
  public let evaluations: Int
  /// The size of the simplex, in shares, at which a descent has arrived.
  public let tolerance: Double

  /// Makes a minimiser.
  public init(dimensions: Int, evaluations: Int = 200, tolerance: Double = 1e-3) {
    precondition(
      (1...40).contains(dimensions), "There are 1 to 40 variables; there are \(dimensions).")
    precondition(evaluations >= 1, "At least one evaluation is needed; it is \(evaluations).")
    self.dimensions = dimensions
    self.evaluations = evaluations
    self.tolerance = tolerance
  }

  /// Finds the smallest value.
  ///
  /// - Parameters:
  ///   - start: A point to look at first.
  ///   - function: The function; a value that is not finite counts as very large.
  /// - Returns: the best point that was computed.
  /// - Throws: what the function throws.
  public func minimise(
    from start: [Double], _ function: ([Double]) async throws -> Double
  ) async throws -> Minimum {
    precondition(
      start.count == dimensions, "The start has \(dimensions) shares; it has \(start.count).")
    var known: [[Double]: Double] = [:]
    var computed: [Minimum] = []
    func compute(_ point: [Double]) async throws {
      let value = try await function(point)
      let minimum = Minimum(point: point, value: value.isFinite ? min(value, 1e300) : 1e300)
      known[point] = minimum.value
      computed.append(minimum)
    }
    // A third of the work to look around, the rest to go downhill.
    let places = [start] + spread(max(1, evaluations / 3))
    for point in places where known[point] == nil && known.count < evaluations {
      try await compute(point)
    }
    // From the best place downhill, then from the next best, until the work is used up.
    for start in Self.ranked(computed) where known.count < evaluations {
      var origin = start.point
      var step = 0.15
      // A second descent from where the first arrived: a simplex can collapse before its time.
      for _ in 0..<2 {
        while known.count < evaluations {
          let (arrived, missing) = descend(from: origin, step: step, known)
          guard let missing else {
            origin = arrived
            break
          }
          try await compute(missing)
        }
        step /= 3
      }
    }
    return Self.ranked(computed)[0]
  }

  /// The best first; of equals the one computed first, so that the start wins where nothing is
  /// gained.
  private static func ranked(_ computed: [Minimum]) -> [Minimum] {
    computed.enumerated().sorted { first, second in
      (first.element.value, first.offset) < (second.element.value, second.offset)
    }.map(\.element)
  }

  /// Points that fill the space evenly.
  private func spread(_ count: Int) -> [[Double]] {
    guard let sequence = gsl_qrng_alloc(co3_gsl_sobol(), UInt32(dimensions)) else {
      preconditionFailure("GSL has Sobol sequences of up to 40 dimensions.")
    }
    defer { gsl_qrng_free(sequence) }
    return (0..<count).map { _ in
      var point = [Double](repeating: 0, count: dimensions)
      gsl_qrng_get(sequence, &point)
      return point
    }
  }

  /// Goes downhill with what is known.
  ///
  /// - Returns: where the simplex arrived, and the first point whose value it lacks; nil when it
  ///   has arrived.
  private func descend(
    from start: [Double], step: Double, _ known: [[Double]: Double]
  ) -> (point: [Double], missing: [Double]?) {
    let lookup = Lookup(known)
    return withExtendedLifetime(lookup) {
      var function = gsl_multimin_function(
        f: { vector, context in
          guard let vector, let context else { return .nan }
          return Unmanaged<Lookup>.fromOpaque(context).takeUnretainedValue().value(at: vector)
        }, n: dimensions, params: Unmanaged.passUnretained(lookup).toOpaque())
      return run(&function, from: start, step: step, lookup)
    }
  }

  private func run(
    _ function: inout gsl_multimin_function, from start: [Double], step: Double, _ lookup: Lookup
  ) -> (point: [Double], missing: [Double]?) {
    GSLErrors.areReturned
    guard let simplex = gsl_multimin_fminimizer_alloc(co3_gsl_nmsimplex2(), dimensions),
      let point = gsl_vector_alloc(dimensions), let steps = gsl_vector_alloc(dimensions)
    else { preconditionFailure("GSL could not allocate a simplex of \(dimensions) dimensions.") }
    defer {
      gsl_multimin_fminimizer_free(simplex)
      gsl_vector_free(point)
      gsl_vector_free(steps)
    }
    for (index, share) in start.enumerated() {
      gsl_vector_set(point, index, share)
      // Inwards, so that no corner of the first simplex is outside.
      gsl_vector_set(steps, index, share > 0.5 ? -step : step)
    }
    var status = gsl_multimin_fminimizer_set(simplex, &function, point, steps)
    // A simplex of n + 1 corners that has not arrived after this many steps goes in circles.
    for _ in 0..<(200 * dimensions) where Int(status) == GSL_SUCCESS {
      if lookup.missing != nil { break }
      status = gsl_multimin_fminimizer_iterate(simplex)
      if gsl_multimin_fminimizer_size(simplex) < tolerance { break }
    }
    let arrived = (0..<dimensions).map { gsl_vector_get(simplex.pointee.x, $0) }
    return (lookup.inside(arrived), lookup.missing)
  }
}

/// What GSL asks for values: known ones, and the first that is not.
private final class Lookup {
  private let known: [[Double]: Double]
  private(set) var missing: [Double]?

  init(_ known: [[Double]: Double]) {
    self.known = known
  }

  /// The value, plus how far the point is outside: the simplex is free, the space is not.
  func value(at vector: UnsafePointer<gsl_vector>) -> Double {
    let wanted = (0..<vector.pointee.size).map { gsl_vector_get(vector, $0) }
    let point = inside(wanted)
    if missing != nil { return .nan }
    guard let value = known[point] else {
      missing = point
      return .nan
    }
    let distance = zip(wanted, point).reduce(0) { $0 + abs($1.0 - $1.1) }
    return value + distance * (1 + abs(value))
  }

  func inside(_ point: [Double]) -> [Double] { point.map { min(max($0, 0), 1) } }
}
