import Console
import Foundation
import Syncer
import SyncerFiles
import SyncerSQLite

/// What syncs of a tree have learned of costs: a table of one row.
struct LearnedRow: TableRow {
  /// `LearnedCosts` as JSON.
  var costs: String
  /// When it was kept, in seconds since 1970.
  var keptSeconds: Int64

  static let table = TableLayout(name: "learned", key: ["id"], columns: ["costs", "kept_s"])

  var values: [TableValue?] { [1, costs, keptSeconds] }

  init(_ learned: LearnedCosts, keptSeconds: Int64) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    costs = String(decoding: try encoder.encode(learned), as: UTF8.self)
    self.keptSeconds = keptSeconds
  }

  /// Reads the columns costs and kept_s.
  init(_ row: ResultRow) throws {
    costs = String(decoding: try row.bytes(0), as: UTF8.self)
    keptSeconds = try row.integer(1)
  }

  /// What it says, as old as it is.
  func learned(nowSeconds: Int64) throws -> LearnedCosts {
    var learned = try JSONDecoder().decode(LearnedCosts.self, from: Data(costs.utf8))
    learned.age(
      by: .seconds(max(0, nowSeconds.subtractingReportingOverflow(keptSeconds).partialValue)))
    return learned
  }
}

extension IndexFile {
  /// What the database's clock shows, in seconds since 1970.
  func secondsNow() throws -> Int64 {
    let now = TableResource(
      in: file.queue, sql: "SELECT CAST(strftime('%s', 'now') AS INTEGER)"
    ) { try $0.integer(0) }
    return try now.select().first ?? 0
  }

  /// What earlier syncs have learned; nil where nothing is kept, or where it cannot be read, which is
  /// told and costs the learning only.
  func learned(tell: (String) -> Void) -> LearnedCosts? {
    do {
      let kept = TableResource(in: file.queue, sql: "SELECT costs, kept_s FROM learned") {
        try LearnedRow($0)
      }
      return try kept.select().first?.learned(nowSeconds: try secondsNow())
    } catch DecodingError.dataCorrupted(let context)
      where context.codingPath.last?.stringValue == "version"
    {
      tell("\(file.path): \(context.debugDescription)")
    } catch {
      tell(
        "\(file.path): what earlier syncs have learned of costs cannot be read; it is learned anew."
      )
    }
    return nil
  }

  /// The row for what was learned, to be kept with the last chunk.
  func rows(of learned: LearnedCosts?) throws -> [RowChange<LearnedRow>] {
    try learned.map { [.insert(try LearnedRow($0, keptSeconds: try secondsNow()))] } ?? []
  }

  /// Keeps what a sync has learned that ended between two chunks, so that no chunk was known to be its
  /// last.
  func keep(lateLearningOf report: SyncReport<TreePath>) throws {
    try file.checkPlace()
    let reason = report.chunks.last?.closeReason
    guard reason == .scheduler || reason == .cap else { return }
    try TableWriter(database: file.queue).write(try rows(of: report.learned))
  }
}

extension Sync {
  /// The scheduler, with what earlier syncs of the tree have learned of costs.
  func scheduler(_ index: IndexFile) -> DeadlineScheduler {
    let learned = index.learned { word in
      if !tree.quiet { printError("co3index: \(word)\n") }
    }
    return DeadlineScheduler(learned: learned)
  }
}
