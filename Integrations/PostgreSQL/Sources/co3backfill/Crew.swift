import Syncer
import SyncerPostgreSQL

/// What a worker of a job does: it takes shares until all are done.
struct Crew: Sendable {
  let shares: PostgreSQLShares
  let connection: PostgreSQLConnection
  let backfill: Backfill
  let chunkTime: Duration

  /// How long a worker waits that has nothing to do while others still work: one of them may die.
  private static let patience = Duration.milliseconds(500)

  /// Works until all shares are done, or it is stopped.
  ///
  /// - Parameter timeLeft: What is left of the time, longer than zero; nil without a limit.
  /// - Returns: why it ended.
  /// - Throws: `SyncFailure`, `PostgreSQLError`.
  func work(timeLeft: () -> Duration?) async throws -> StopReason {
    var learned: LearnedCosts?
    while true {
      if Task.isCancelled { return .cancelled }
      if let left = timeLeft(), left <= .nanoseconds(1) { return .maximumDuration }
      let (shares, connection) = (shares, connection)
      let taken = try await backfill.options.retrying { try await shares.take(on: connection) }
      guard let share = taken else {
        let counts = try await backfill.options.retrying { try await shares.counts(on: connection) }
        if counts.all == counts.done { return .completed }
        do {
          try await Task.sleep(for: Self.patience)
        } catch {
          return .cancelled
        }
        continue
      }
      backfill.journal.share(share.number, .taken)
      let settings = SyncSettings(
        chunkTime: chunkTime, timeLeft: timeLeft(), learned: learned)
      do {
        let report = try await backfill.sync(
          share.range, on: connection, mark: share, settings)
        learned = report.learned ?? learned
        if report.stopReason != .completed { return report.stopReason }
        try await backfill.options.retrying { try await share.finish(on: connection) }
        backfill.journal.share(share.number, .done)
      } catch let failure as SyncFailure<PostgreSQLKey>
        where failure.underlyingError is ShareTaken
      {
        backfill.journal.share(share.number, .lost)
      } catch is ShareTaken {
        backfill.journal.share(share.number, .lost)
      }
    }
  }
}
