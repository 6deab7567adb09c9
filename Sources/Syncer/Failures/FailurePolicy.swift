/// What a sync does when a handler or `processChunk` throws.
///
/// Errors thrown because the task was cancelled are no failures: the sync then stops as cancelled.
/// Neither is `ChunkTooLarge` of more than one item: the chunk is divided under every policy.
public struct FailurePolicy: Sendable {
  /// How often a call is made before it counts as failed, at least 1.
  public var attempts: Int
  /// How long is waited before each further attempt.
  public var backoff: Backoff
  /// Which errors are worth another attempt.
  public var isTransient: @Sendable (any Error) -> Bool
  /// How many items may fail and be listed before the sync ends; nil where the first one ends it.
  public var maximumErrors: Int?
  /// The retries that follow once these have not helped, in turn.
  private var further: [FailurePolicy] = []

  /// The default: the first failure ends the sync with `SyncFailure`, and the open chunk is lost.
  public static var stop: FailurePolicy { retry(attempts: 1) }

  /// Failing items are found and listed, and all others are processed.
  ///
  /// An item whose handler throws is left out of its chunk. A chunk whose `processChunk` throws is
  /// bisected until the failing items are alone: `processChunk` is called again with the halves,
  /// so it must leave nothing behind when it throws, as a transaction does. One failing item among
  /// n costs about 2 log2(n) further calls.
  ///
  /// - Parameter maximumErrors: How many items may fail, not negative; one more ends the sync with
  ///   `SyncFailure`.
  /// - Returns: the policy, without retries.
  public static func isolate(maximumErrors: Int) -> FailurePolicy {
    precondition(
      maximumErrors >= 0, "maximumErrors must not be negative, but it is \(maximumErrors).")
    var policy = FailurePolicy.stop
    policy.maximumErrors = maximumErrors
    return policy
  }

  /// Failing calls are made again after a while; where that does not help, another policy decides.
  ///
  /// A handler is retried for its item, `processChunk` for its whole chunk or for the items that
  /// `ItemsFailed` names, and neither for the halves of a bisected chunk. An item that would be
  /// tried again when the sync is asked to stop is left: neither handled nor failed. The time of
  /// failed attempts and of waiting counts as the chunk's, and the scheduler does not take it for a
  /// cost; from a chunk of which a part was tried again it does not learn.
  ///
  /// - Parameters:
  ///   - attempts: How often a call is made, at least 1.
  ///   - backoff: How long is waited before each further attempt, on the sync's clock.
  ///   - isTransient: Which errors are worth another attempt; all by default.
  ///   - fallback: What happens when the last attempt has failed, or an error is not transient; of a
  ///     policy that retries too, that attempt is the first.
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

/// How long is waited between attempts: without jitter, so that a simulated sync repeats exactly.
public struct Backoff: Sendable, Equatable {
  /// The wait before the second attempt, not negative.
  public var first: Duration
  /// By how much each wait is longer than the one before, at least 1.
  public var factor: Double
  /// The longest wait.
  public var longest: Duration

  /// The same wait every time.
  public static func constant(_ wait: Duration) -> Backoff {
    exponential(from: wait, factor: 1, atMost: wait)
  }

  /// Waits that grow by a factor, 2 unless given, up to a limit.
  public static func exponential(
    from first: Duration, factor: Double = 2, atMost longest: Duration
  ) -> Backoff {
    precondition(first >= .zero, "A wait must not be negative, but it is \(first).")
    precondition(
      factor >= 1 && factor.isFinite, "Waits must not get shorter, but the factor is \(factor).")
    precondition(longest >= .zero, "A wait must not be negative, but it is \(longest).")
    return Backoff(first: first, factor: factor, longest: longest)
  }

  /// The wait after a number of failed attempts, at least 1.
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
  /// What the item was doing.
  public enum Phase: String, Sendable, Equatable {
    /// Its handler threw.
    case handling
    /// `processChunk` threw for it alone.
    case processing
  }

  /// The key of the item.
  public var key: Key
  /// What it was doing.
  public var phase: Phase
  /// The number of its chunk, from 1.
  public var chunk: Int
  /// What was thrown.
  public var error: any Error
}

extension FailedItem: Equatable {
  /// Whether all is the same; errors are compared by their descriptions.
  public static func == (left: FailedItem, right: FailedItem) -> Bool {
    left.key == right.key && left.phase == right.phase && left.chunk == right.chunk
      && "\(left.error)" == "\(right.error)"
  }
}

extension FailedItem: CustomStringConvertible {
  /// A sentence: the item, the phase and the error.
  public var description: String { "\(phase.rawValue) \(key) failed: \(error)" }
}

/// A handler took longer than `itemTimeout`, and was cancelled.
public struct ItemTimedOut: Error, Equatable, CustomStringConvertible {
  /// How long it was given.
  public var limit: Duration

  /// A sentence with the limit and the remedy.
  public var description: String {
    "The handler took longer than its itemTimeout of \(limit) and was cancelled; "
      + "allow it more time, or find out what holds it up."
  }
}
