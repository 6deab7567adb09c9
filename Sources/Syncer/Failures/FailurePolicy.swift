/// A rule for errors of a handler or of `processChunk`.
///
/// Errors thrown because the task was cancelled are not failures: the sync then stops as cancelled.
/// `ChunkTooLarge` for more than one item is not a failure either: the chunk is divided under every
/// policy.
public struct FailurePolicy: Sendable {
  /// The number of attempts before a call counts as failed, at least 1.
  public var attempts: Int
  /// The waits before further attempts.
  public var backoff: Backoff
  /// Whether an error is worth another attempt.
  public var isTransient: @Sendable (any Error) -> Bool
  /// The number of items that may fail before the sync ends; nil if the first failure ends it.
  public var maximumErrors: Int?
  /// The retries that follow once these have not helped, in turn.
  private var further: [FailurePolicy] = []

  /// The default policy: the first failure ends the sync with `SyncFailure`, and the open chunk is
  /// lost.
  public static var stop: FailurePolicy { retry(attempts: 1) }

  /// A policy that lists failing items and processes all others.
  ///
  /// An item whose handler throws is left out of its chunk. A chunk whose `processChunk` throws is
  /// bisected until the failing items are found. `processChunk` is called again with the halves, so
  /// it must leave nothing behind when it throws, as a transaction does. One failing item among n
  /// takes about 2 log2(n) further calls.
  ///
  /// - Parameter maximumErrors: The number of items that may fail, not negative; one more ends the
  ///   sync with `SyncFailure`.
  /// - Returns: the policy, without retries.
  public static func isolate(maximumErrors: Int) -> FailurePolicy {
    precondition(
      maximumErrors >= 0, "maximumErrors must not be negative, but it is \(maximumErrors).")
    var policy = FailurePolicy.stop
    policy.maximumErrors = maximumErrors
    return policy
  }

  /// A policy that repeats failing calls, and applies another one if they still fail.
  ///
  /// A handler is retried for its item. `processChunk` is retried for the whole chunk, or for the
  /// items that `ItemsFailed` names, but not for the halves of a bisected chunk. If the sync is
  /// asked to stop, an item that waits for another attempt is neither handled nor failed. Failed
  /// attempts and waits count as time of the chunk, but not as cost for the scheduler, which learns
  /// nothing from a chunk that was retried in part.
  ///
  /// - Parameters:
  ///   - attempts: The number of attempts, at least 1.
  ///   - backoff: The waits before further attempts, on the sync's clock.
  ///   - isTransient: Whether an error is worth another attempt; all are by default.
  ///   - fallback: The policy after the last attempt, or for an error that is not transient. If it
  ///     retries too, that attempt is its first.
  /// - Returns: the policy.
  public static func retry(
    attempts: Int, backoff: Backoff = .exponential(from: .seconds(1), atMost: .seconds(60)),
    if isTransient: @escaping @Sendable (any Error) -> Bool = { _ in true },
    then fallback: FailurePolicy? = nil
  ) -> FailurePolicy {
    precondition(attempts >= 1, "attempts must be at least 1, but it is \(attempts).")
    var policy = FailurePolicy(
      attempts: attempts, backoff: backoff, isTransient: isTransient,
      maximumErrors: fallback?.maximumErrors)
    if let fallback { policy.further = [fallback] + fallback.further }
    return policy
  }

  init(
    attempts: Int, backoff: Backoff, isTransient: @escaping @Sendable (any Error) -> Bool,
    maximumErrors: Int?
  ) {
    self.attempts = attempts
    self.backoff = backoff
    self.isTransient = isTransient
    self.maximumErrors = maximumErrors
  }

  /// Whether any call that fails is made again.
  var mayRetry: Bool { attempts > 1 || further.contains { $0.attempts > 1 } }

  /// The retries of one call.
  var retries: Retries { Retries(policies: [self] + further) }
}

/// The retries of one call that fails, by policies that follow each other.
struct Retries {
  private var policies: ArraySlice<FailurePolicy>
  /// How often the call was made under the first of the policies.
  private var attempts = 1

  init(policies: [FailurePolicy]) {
    self.policies = policies[...]
  }

  /// How long is waited before the call is made again; nil where it is not.
  ///
  /// To a policy that follows another the call that failed last is the first attempt.
  mutating func wait(after error: any Error) -> Duration? {
    while let policy = policies.first {
      if attempts < policy.attempts && policy.isTransient(error) {
        attempts += 1
        return policy.backoff.wait(afterAttempt: attempts - 1)
      }
      policies.removeFirst()
      attempts = 1
    }
    return nil
  }
}

/// The waits between attempts, without jitter, so that a simulated sync repeats exactly.
public struct Backoff: Sendable, Equatable {
  /// The wait before the second attempt, not negative.
  public var first: Duration
  /// The ratio of each wait to the one before, at least 1.
  public var factor: Double
  /// The longest wait.
  public var longest: Duration

  /// Constant waits.
  public static func constant(_ wait: Duration) -> Backoff {
    exponential(from: wait, factor: 1, atMost: wait)
  }

  /// Waits that grow by a factor, 2 by default, up to a limit.
  public static func exponential(
    from first: Duration, factor: Double = 2, atMost longest: Duration
  ) -> Backoff {
    precondition(first >= .zero, "A wait must not be negative, but it is \(first).")
    precondition(
      factor >= 1 && factor.isFinite, "Waits must not get shorter, but the factor is \(factor).")
    precondition(longest >= .zero, "A wait must not be negative, but it is \(longest).")
    return Backoff(first: first, factor: factor, longest: longest)
  }

  /// The wait after the given number of failed attempts, at least 1.
  public func wait(afterAttempt attempt: Int) -> Duration {
    let limit = longest.inSeconds
    var wait = first.inSeconds
    if attempt <= 1 || wait * factor == wait { return min(first, longest) }
    for _ in 1..<attempt {
      if wait >= limit { return longest }
      wait *= factor
    }
    return min(.seconds(min(wait, limit)), longest)
  }
}

/// An item that failed and was left out of the sync.
public struct FailedItem<Key: Hashable & Sendable>: Sendable {
  /// The phase of a chunk in which an item failed.
  public enum Phase: String, Sendable, Equatable {
    /// Its handler threw.
    case handling
    /// `processChunk` threw for the item alone.
    case processing
  }

  /// The key of the item.
  public var key: Key
  /// The phase in which it failed.
  public var phase: Phase
  /// The number of its chunk, from 1.
  public var chunk: Int
  /// The error thrown.
  public var error: any Error
}

extension FailedItem: Equatable {
  /// Whether two failures are equal; errors are compared by their descriptions.
  public static func == (left: FailedItem, right: FailedItem) -> Bool {
    left.key == right.key && left.phase == right.phase && left.chunk == right.chunk
      && "\(left.error)" == "\(right.error)"
  }
}

extension FailedItem: CustomStringConvertible {
  public var description: String { "\(phase.rawValue) \(key) failed: \(error)" }
}

/// The error of a handler that was cancelled after `itemTimeout`.
public struct ItemTimedOut: Error, Equatable, CustomStringConvertible {
  /// The time limit.
  public var limit: Duration

  public var description: String {
    "The handler took longer than its itemTimeout of \(limit) and was cancelled; "
      + "allow it more time, or find out what holds it up."
  }
}
