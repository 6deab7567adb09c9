import Foundation
import Syncer
import SyncerPostgreSQL

/// A backfill whose two sides are open.
struct Backfill: Sendable {
  let sourceName: String
  let source: SourceRows
  let address: PostgreSQLAddress
  let table: PostgreSQLTable
  let options: TableOptions
  let journal: Journal

  /// Opens both sides, and sees to it that they fit.
  ///
  /// - Throws: `SourceError`, or `PostgreSQLError`.
  init(_ options: TableOptions, journal: Journal) async throws {
    let place = try TablePlace(options.destination)
    let connectionOptions = options.connectionOptions
    let source = try await Source(options.source, options: connectionOptions)
    let connection = PostgreSQLConnection(place.address, options: connectionOptions)
    table = try await PostgreSQLTable(
      place.table, key: options.keyColumns, columns: source.columns, of: connection)
    self.source = try await source.rows(for: table, options: connectionOptions)
    sourceName = source.name
    address = place.address
    self.options = options
    self.journal = journal
  }

  /// The rows of the table whose keys are in a range.
  func rows(in range: PostgreSQLKeyRange = .init(), keysOnly: Bool = false) -> PostgreSQLRows {
    var rows = PostgreSQLRows(
      of: table, at: address, options: options.connectionOptions, in: range)
    rows.keysOnly = keysOnly
    rows.attempts = options.attempts
    rows.backoff = options.backoff
    return rows
  }

  /// Whether the table has no rows.
  func isEmpty() async throws -> Bool {
    let connection = connection()
    let found = try await connection.query("SELECT NOT EXISTS (SELECT FROM \(table.name))")
    return found.rows.first?[0] == "t"
  }

  /// A new connection to the table's database.
  func connection() -> PostgreSQLConnection {
    PostgreSQLConnection(address, options: options.connectionOptions)
  }

  /// Reads the keys of both sides.
  func survey(shareCount: Int = 1) async throws -> Survey {
    try await Survey(
      source.selection(in: .init(), keysOnly: true), rows(keysOnly: true), shareCount: shareCount)
  }

  /// Syncs a range of keys.
  ///
  /// - Parameters:
  ///   - range: The keys.
  ///   - connection: The connection that is written by.
  ///   - mark: What tells whether a commit was made.
  ///   - settings: How.
  /// - Returns: the report of the sync.
  /// - Throws: `SyncFailure`.
  func sync(
    _ range: PostgreSQLKeyRange, on connection: PostgreSQLConnection, mark: any CommitMark,
    _ settings: SyncSettings
  ) async throws -> SyncReport<PostgreSQLKey> {
    let store = PostgreSQLStore<PostgreSQLRow>(table, on: connection, mark: mark)
    let handler = BackfillHandler(writer: store, journal: journal)
    guard let recorder = settings.recorder else {
      return try await sync(range, with: handler, observer: journal, settings)
    }
    return try await sync(
      range, with: RecordingHandler(handler, recorder),
      observer: ObserverGroup([recorder, journal]),
      settings)
  }

  private func sync<Handler: SyncHandler>(
    _ range: PostgreSQLKeyRange, with handler: Handler, observer: any SyncObserver,
    _ settings: SyncSettings
  ) async throws -> SyncReport<PostgreSQLKey>
  where
    Handler.Key == PostgreSQLKey, Handler.Left == PostgreSQLRow, Handler.Right == PostgreSQLRow
  {
    var syncer = Syncer(
      differ: SortedDiffer(
        left: Prefetching(source.selection(in: range)), right: Prefetching(rows(in: range)),
        leftKey: { $0.key }, rightKey: { $0.key }, uniqueKeys: [.left, .right]),
      handler: handler,
      scheduler: settings.learned.map { DeadlineScheduler(learned: $0) } ?? DeadlineScheduler(),
      order: .listed, observer: observer)
    syncer.onFailure = options.policy
    // A chunk is written while the next one is filled, unless single rows are timed.
    syncer.openChunks = settings.recorder == nil ? 2 : 1
    return try await syncer.chunkedSync(
      chunkTime: settings.chunkTime, maximumDuration: settings.timeLeft)
  }
}

/// How a range of keys is synced.
struct SyncSettings: Sendable {
  var chunkTime: Duration
  /// How long the sync may take; nil for as long as it likes.
  var timeLeft: Duration?
  var recorder: SyncRecorder?
  /// What the syncs before have learned.
  var learned: LearnedCosts?
}
