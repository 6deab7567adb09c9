internal import CGSL
internal import Syncer

/// How long a sync is expected to take where the process fails at random and redoes its open chunk.
///
/// With failures of rate 1/M, a chunk of d seconds and R seconds to start again, during which it may
/// fail again, a chunk takes M e^(R/M) (e^(d/M) - 1) on average (J. T. Daly, "A higher order estimate
/// of the optimum checkpoint interval for restart dumps", Future Generation Computer Systems 22,
/// 2006, equation 20 with d for compute time and dump together). Finished chunks are safe, so the
/// sync takes the sum over its chunks.
public struct ExpectedCompletion: Sendable, Equatable {
  /// The mean time between failures, in seconds.
  public let meanTimeBetweenFailures: Double
  /// How long starting again takes, in seconds.
  public let restartSeconds: Double
  private var sum = 0.0

  /// Makes the sum for no chunks.
  ///
  /// - Parameters:
  ///   - meanTimeBetweenFailures: In seconds, above zero.
  ///   - restartSeconds: Zero or more.
  public init(meanTimeBetweenFailures: Double, restartSeconds: Double = 0) {
    precondition(
      meanTimeBetweenFailures > 0,
      "A mean time between failures is above zero; it is \(meanTimeBetweenFailures) s.")
    precondition(restartSeconds >= 0, "A restart takes no less than no time: \(restartSeconds) s.")
    self.meanTimeBetweenFailures = meanTimeBetweenFailures
    self.restartSeconds = restartSeconds
  }

  init?(_ faults: FaultSettings?) {
    guard let faults, let mean = faults.meanTimeBetweenFailuresSeconds else { return nil }
    self.init(meanTimeBetweenFailures: mean, restartSeconds: faults.restartSeconds)
  }

  /// Adds a chunk.
  public mutating func add(chunkSeconds: Double) {
    sum += gsl_expm1(chunkSeconds / meanTimeBetweenFailures)
  }

  /// The expected seconds, at most the largest `Double`.
  public var seconds: Double {
    let factor = meanTimeBetweenFailures * exp(restartSeconds / meanTimeBetweenFailures)
    let seconds = sum == 0 ? 0 : factor * sum
    return min(seconds, .greatestFiniteMagnitude)
  }

  /// The expected seconds of one chunk that takes so long without a failure, at most the largest
  /// `Double`.
  func seconds(ofChunk chunkSeconds: Double) -> Double {
    var alone = self
    alone.sum = 0
    alone.add(chunkSeconds: chunkSeconds)
    return alone.seconds
  }

  /// The chunk time that is best with chunks that cost some seconds each besides their items.
  ///
  /// sqrt(2 o M): J. W. Young, "A first order approximation to the optimum checkpoint interval",
  /// Communications of the ACM 17, 1974, with the chunk's whole time for the interval between two
  /// commits. Good for overheads far below M.
  public func bestChunkSeconds(overheadSeconds: Double) -> Double {
    (2 * overheadSeconds * meanTimeBetweenFailures).squareRoot()
  }
}
