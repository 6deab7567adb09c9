import ArgumentParser
import Console
import Foundation
import Syncer
import SyncerPostgreSQL
import SyncerTables

/// The command line of backfills: a table synced into one of PostgreSQL.
@main
struct Co3backfill: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "co3backfill",
    abstract: "Updates a PostgreSQL table to match a source, in chunks of a chosen duration.",
    discussion: """
      SOURCE has the key columns and the columns to write, and is sorted by key (texts by bytes), as its \
      rows are merged with those of the table. Each chunk is one transaction: whenever the program ends, \
      the table holds whole chunks, and the next run continues.

      With --job, several processes share one backfill. Start each with the same arguments, on any \
      machine that reaches the database; each takes shares of the keys until all are done. A process \
      that dies loses its open chunk, and another continues after its last finished one.

      Missing parts of an address come from the environment, as for psql. Put the password into \
      PGPASSWORD or ~/.pgpass.

      Exit codes: 0 done; 1 could not run, with a message that says what and where; 10 stopped at \
      --max-duration; 12 refused to delete more than --max-delete allows, with nothing changed; 64 \
      wrong usage; 129, 130 or 143 stopped by a signal, after the open chunk. A second signal ends the \
      program at once.
      """,
    version: version)

  @OptionGroup var table: TableOptions

  @Option(
    help: ArgumentHelp(
      "The target duration of a chunk, which is one transaction (default: 1s).",
      valueName: "duration"),
    transform: DurationArgument.init)
  var chunkTime = DurationArgument(seconds: 1)

  @Option(
    help: ArgumentHelp(
      """
      Share the backfill with all processes that name this job. A job is done once; to sync again, \
      name another.
      """, valueName: "name"))
  var job: String?

  @Option(
    help: ArgumentHelp(
      """
      The number of shares of the keys, set by the process that starts the job (default: 16). With \
      several shares per worker, all workers end at about the same time.
      """, valueName: "count"))
  var shares: Int?

  @Option(
    help: ArgumentHelp(
      "Stop after this time, with the open chunk finished.", valueName: "duration"),
    transform: DurationArgument.init)
  var maxDuration: DurationArgument?

  @Option(
    help: ArgumentHelp(
      "Refuse to delete more rows than this number or share (default: 50%).",
      valueName: "count|share"), transform: { try DeletionLimit($0, of: "rows") })
  var maxDelete: DeletionLimit?

  @Flag(help: "Empty the table if the source has no row.")
  var allowEmpty = false

  @Option(
    help: ArgumentHelp(
      "Write the cost of each row to this CSV file, and the options to FILE.json.",
      valueName: "file"))
  var record: String?

  @Flag(help: "Print what would be done, and change nothing.")
  var dryRun = false

  func validate() throws {
    if let shares, shares < 1 {
      throw ValidationError("--shares must be at least 1, but it is \(shares).")
    }
    if shares != nil && job == nil {
      throw ValidationError("--shares is for a job: name it with --job.")
    }
    if let job, job.isEmpty { throw ValidationError("--job needs a name.") }
    if job != nil && record != nil {
      throw ValidationError("--record is of one sync: leave out --job.")
    }
    if dryRun && (record != nil || job != nil) {
      throw ValidationError("--record and --job need a sync: leave out --dry-run.")
    }
  }

  func run() async throws {
    let command = self
    await runToExit { try await command.work() }
  }

  private func work() async throws -> ExitCode {
    let recording = try record.map { try RecordingFile(path: $0) }
    defer { recording?.discard() }
    let journal = Journal(isSilent: table.quiet || table.noProgress, emit: table.json ? emit : nil)
    defer { journal.clear() }
    let backfill = try await table.retrying { try await Backfill(table, journal: journal) }
    if dryRun { return try await rehearse(backfill) }
    do {
      if let job { return try await share(backfill, job) }
      return try await sync(backfill, recording)
    } catch let error as TooManyDeletions {
      journal.clear()
      if table.json {
        printOut(Event("end", ChangeCounts(), reason: "too many deletions").line)
      }
      printError("co3backfill: \(error)\n")
      return .tooManyDeletions
    }
  }

  private var emit: @Sendable (Event) -> Void { { printOut($0.line) } }

  private var deletionGuard: DeletionGuard {
    DeletionGuard(limit: maxDelete, allowsEmpty: allowEmpty)
  }

  // MARK: Alone

  private func sync(_ backfill: Backfill, _ recording: RecordingFile?) async throws -> ExitCode {
    let isEmpty = try await table.retrying { try await backfill.isEmpty() }
    if !isEmpty && !deletionGuard.allowsAll {
      try deletionGuard.check(try await backfill.survey(), of: backfill.sourceName)
    }
    let recorder = recording.map { _ in SyncRecorder() }
    let connection = backfill.connection()
    let mark = SyncMark()
    do {
      let report = try await backfill.sync(
        .init(), on: connection, mark: mark,
        SyncSettings(
          chunkTime: chunkTime.duration, timeLeft: timeLeft(backfill.journal),
          recorder: recorder))
      try await table.retrying { try await connection.perform { try mark.remove($0) } }
      try write(recorder, recording, report, backfill)
      return try end(backfill, report.stopReason)
    } catch let failure as SyncFailure<PostgreSQLKey> {
      try write(recorder, recording, failure.report, backfill)
      throw failure
    }
  }

  private func write(
    _ recorder: SyncRecorder?, _ recording: RecordingFile?, _ report: SyncReport<PostgreSQLKey>,
    _ backfill: Backfill
  ) throws {
    guard let recorder, let recording else { return }
    var sidecar = RecordingSidecar(
      program: "co3backfill \(Self.version)", of: recorder, report,
      chunkTime: chunkTime.duration)
    sidecar.source = backfill.sourceName
    sidecar.table = backfill.table.name
    try recording.write(recorder, sidecar)
  }

  private func rehearse(_ backfill: Backfill) async throws -> ExitCode {
    let isJSON = table.json
    let survey = try await Survey(backfill.source.selection(in: .init()), backfill.rows()) {
      membership, key in
      let (sign, name) =
        switch membership {
        case .leftExclusive: ("+", "add")
        case .intersection: ("~", "update")
        case .rightExclusive: ("-", "delete")
        }
      var event = Event(name)
      event.key = "\(key)"
      printOut(isJSON ? event.line : "\(sign) \(key)\n")
    }
    var changes = ChangeCounts()
    (changes.added, changes.updated, changes.deleted) = (
      survey.added, survey.updated, survey.deleted
    )
    if isJSON {
      printOut(Event("end", changes).line)
    } else if !table.quiet {
      printOut(
        "Would add \(changes.added), update \(changes.updated), delete \(changes.deleted).\n")
    }
    return .success
  }

  // MARK: Together

  private func share(_ backfill: Backfill, _ job: String) async throws -> ExitCode {
    let connection = backfill.connection()
    let worker = "\(ProcessInfo.processInfo.hostName)-\(UUID().uuidString.prefix(8))"
    let shares = try await table.retrying {
      try await PostgreSQLShares(
        joining: job, of: backfill.table,
        subject: "\(backfill.sourceName) to \(backfill.table.name)", worker: worker, on: connection
      ) {
        let survey = try await backfill.survey(shareCount: self.shares ?? 16)
        try deletionGuard.check(survey, of: backfill.sourceName)
        return survey.splitter.ranges
      }
    }
    let crew = Crew(
      shares: shares, connection: connection, backfill: backfill, chunkTime: chunkTime.duration)
    return try end(backfill, try await crew.work { timeLeft(backfill.journal) })
  }

  /// What is left of the time, longer than zero; nil without a limit.
  private func timeLeft(_ journal: Journal) -> Duration? {
    maxDuration.map { max(.nanoseconds(1), $0.duration - journal.elapsed) }
  }

  /// Prints what came of it and says how to end.
  private func end(_ backfill: Backfill, _ reason: StopReason) throws -> ExitCode {
    let journal = backfill.journal
    journal.clear()
    let ending = Ending(journal.totals, reason, journal.elapsed, isJob: job != nil)
    if table.json {
      printOut(ending.event.line)
    } else if !table.quiet {
      printOut("\(ending.sentence)\n")
    }
    switch reason {
    case .maximumDuration, .timeLeft: return .outOfTime
    case .cancelled: throw CancellationError()
    case .completed, .itemLimit, .failed: return .success
    }
  }
}

extension ExitCode {
  /// The time was up before the work was done.
  static let outOfTime = ExitCode(10)
  /// More rows would have been deleted than may be.
  static let tooManyDeletions = ExitCode(12)
}
