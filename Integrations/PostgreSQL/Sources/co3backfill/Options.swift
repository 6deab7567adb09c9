import ArgumentParser
import Console
import Syncer
import SyncerPostgreSQL

/// From where, to where, and how rows are told apart.
struct TableOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A CSV file with a header, DATABASE.sqlite#TABLE, or postgresql://...#TABLE.",
      valueName: "source"), completion: .file())
  var source: String

  @Argument(help: ArgumentHelp("postgresql://...#TABLE.", valueName: "destination"))
  var destination: String

  @Option(
    help: ArgumentHelp(
      "The columns of a unique index of the destination (default: its primary key).",
      valueName: "column,..."))
  var key: String?

  @Option(
    help: ArgumentHelp(
      "The time limit of a statement (default: that of the server).", valueName: "duration"),
    transform: DurationArgument.init)
  var statementTimeout: DurationArgument?

  @Option(
    help: ArgumentHelp(
      "The time to wait for a lock (default: 10s).", valueName: "duration"),
    transform: DurationArgument.init)
  var lockTimeout = DurationArgument(seconds: 10)

  @Option(
    help: ArgumentHelp(
      """
      The number of attempts for a chunk or a batch of rows, if the connection is lost, a lock is not \
      free, or transactions conflict.
      """, valueName: "count"))
  var attempts = 12

  @Flag(help: "Print events as lines of JSON on standard output.")
  var json = false

  @Flag(help: "Print only errors.")
  var quiet = false

  @Flag(help: "Print no progress, even on a terminal.")
  var noProgress = false

  var keyColumns: [String]? {
    key?.split(separator: ",").map { String($0) }
  }

  var connectionOptions: PostgreSQLOptions {
    PostgreSQLOptions(
      statementTimeout: statementTimeout?.duration, lockTimeout: lockTimeout.duration,
      applicationName: "co3backfill")
  }

  var backoff: Backoff { .exponential(from: .milliseconds(20), atMost: .seconds(10)) }

  /// What is done about errors that pass.
  var policy: FailurePolicy {
    .retry(
      attempts: attempts, backoff: backoff,
      if: { ($0 as? PostgreSQLError)?.isTransient ?? false })
  }

  /// Does something again where it fails for a reason that passes.
  func retrying<Result>(_ work: () async throws -> Result) async throws -> Result {
    var attempt = 1
    while true {
      do {
        return try await work()
      } catch let error as PostgreSQLError where error.isTransient && attempt < attempts {
        try await Task.sleep(for: backoff.wait(afterAttempt: attempt))
        attempt += 1
      }
    }
  }

  func validate() throws {
    if attempts < 1 {
      throw ValidationError("--attempts must be at least 1, but it is \(attempts).")
    }
    if let keyColumns, keyColumns.isEmpty {
      throw ValidationError("--key names no column; write one such as id or tenant,id.")
    }
  }
}
