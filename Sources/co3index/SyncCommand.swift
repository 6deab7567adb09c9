import ArgumentParser
import Console
import Foundation
import Syncer
import SyncerFiles
import SyncerSQLite

/// Brings an index in step with its tree.
struct Sync: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring the index in step with the tree: add, update and delete rows.")

  @OptionGroup var tree: TreeOptions

  @Option(
    help: ArgumentHelp(
      "How long a chunk should take; each is one transaction (default: 1s).", valueName: "duration"),
    transform: DurationArgument.init)
  var chunkTime: DurationArgument = DurationArgument(seconds: 1)

  @Option(help: ArgumentHelp("The most files to add, update and delete.", valueName: "count"))
  var itemLimit: Int?

  @Option(
    help: ArgumentHelp(
      "Stop after this time, with the open chunk finished and at least one file done.",
      valueName: "duration"), transform: DurationArgument.init)
  var maxDuration: DurationArgument?

  @Option(
    help: ArgumentHelp(
      "How many unreadable files and folders are listed and skipped before giving up.",
      valueName: "count"))
  var maxErrors = 100

  @Option(
    help: ArgumentHelp(
      "Write what each file cost to this CSV file, and the options to FILE.json.",
      valueName: "file"))
  var record: String?

  @Flag(help: "Say what would be done, and do nothing.")
  var dryRun = false

  func validate() throws {
    if let itemLimit, itemLimit < 0 {
      throw ValidationError("--item-limit must not be negative, but it is \(itemLimit).")
    }
    if maxErrors < 0 {
      throw ValidationError("--max-errors must not be negative, but it is \(maxErrors).")
    }
    if dryRun && record != nil {
      throw ValidationError("--record needs a sync: leave out --dry-run.")
    }
  }

  func run() async throws {
    let command = self
    try await runToExit {
      command.dryRun ? try command.rehearse() : try await command.work()
    }
  }

  private func work() async throws -> ExitCode {
    let clock = ContinuousClock()
    let start = clock.now
    let root = try TreeRoot(tree.folder)
    if let record { try Recording.check(record) }
    let index = try IndexFile(
      path: tree.database, root: root, access: .readWrite,
      busyTimeout: tree.busyTimeout.duration, acceptsNewRoot: tree.newRoot)
    let progress = ProgressLine(unless: tree.quiet || tree.noProgress)
    defer { progress.clear() }
    progress.show("Reading \(tree.folder)")
    let journal = Journal(
      maxErrors: maxErrors, progress: progress, isVerbose: true, emit: tree.json ? emit : nil)
    let comparison = try Comparison(
      tree, root, rows: index.rows.select(), except: recordFiles, onSkip: journal.skip)
    if journal.hasTooManyErrors { throw tooManyErrors }
    let handler = IndexHandler(
      writer: TableWriter(database: index.file.queue), unseen: comparison.unseen,
      followsLinks: tree.followLinks, journal: journal)
    let recorder = record.map { _ in SyncRecorder() }
    let observers: [(any SyncObserver)?] = [recorder, journal]
    var syncer = Syncer(
      differences: comparison.differences,
      handler: RecordingHandler(handler, recorder, clock: clock), order: .listed, clock: clock,
      observer: ObserverGroup(observers.compactMap { $0 }))
    syncer.stop = journal.stop
    do {
      let report = try await syncer.chunkedSync(
        chunkTime: chunkTime.duration, itemLimit: itemLimit,
        maximumDuration: maxDuration.map { max(.nanoseconds(1), $0.duration - (clock.now - start)) }
      )
      progress.clear()
      try write(recorder, report)
      return try end(journal, report)
    } catch let failure as SyncFailure<TreePath> {
      progress.clear()
      try write(recorder, failure.report)
      throw failure
    }
  }
}

extension Sync {
  private var recordFiles: [String] {
    record.map { [$0, $0 + ".json"] } ?? []
  }

  private var emit: @Sendable (Event) -> Void {
    { printOut($0.line) }
  }

  /// Prints what came of the sync and says how to end.
  private func end(_ journal: Journal, _ report: SyncReport<TreePath>) throws -> ExitCode {
    let totals = journal.totals
    let tooMany = journal.hasTooManyErrors
    var event = Event("end", totals.changes)
    event.chunk = report.chunks.count
    event.items = report.handledCount
    event.skipped = totals.skipped
    event.durationS = report.duration / .seconds(1)
    event.reason = tooMany ? "too many errors" : report.stopReason.rawValue
    if tree.json {
      printOut(event.line)
    } else if !tree.quiet {
      printOut(sentence(totals, report))
    }
    if tooMany { throw tooManyErrors }
    switch report.stopReason {
    case .maximumDuration: return .outOfTime
    case .cancelled: throw CancellationError()
    case .completed, .itemLimit, .failed: return totals.skipped > 0 ? .skipped : .success
    }
  }

  private var tooManyErrors: FileError {
    FileError(
      file: tree.folder, rule: "has more than \(maxErrors) files or folders that cannot be read",
      remedy: "change their permissions, exclude them, or raise --max-errors")
  }

  private func sentence(_ totals: Journal.Totals, _ report: SyncReport<TreePath>) -> String {
    let changes = totals.changes
    var text = "Added \(changes.added), updated \(changes.updated), deleted \(changes.deleted)"
    if totals.skipped > 0 { text += ", skipped \(totals.skipped)" }
    if totals.vanished > 0 { text += ", gone meanwhile \(totals.vanished)" }
    text += " in \(report.chunks.count) chunks, \(DurationText.text(report.duration / .seconds(1)))"
    let left = report.itemCount - report.handledCount
    switch report.stopReason {
    case .maximumDuration: text += "; the time was up with \(left) to go"
    case .cancelled: text += "; stopped with \(left) to go"
    case .itemLimit: text += "; that was the limit"
    case .completed, .failed: break
    }
    return text + ".\n"
  }

  private func write(_ recorder: SyncRecorder?, _ report: SyncReport<TreePath>) throws {
    guard let record, let recorder else { return }
    var options = ["chunk-time": "\(chunkTime)", "max-errors": "\(maxErrors)"]
    options["item-limit"] = itemLimit.map { "\($0)" }
    options["max-duration"] = maxDuration.map { "\($0)" }
    options["include"] =
      tree.include.isEmpty ? nil : tree.include.map(\.pattern).joined(separator: " ")
    options["exclude"] =
      tree.exclude.isEmpty ? nil : tree.exclude.map(\.pattern).joined(separator: " ")
    try Recording.write(
      recorder, to: record,
      RecordingSidecar(
        tree: tree.folder, options: options, chunkTimeS: chunkTime.duration / .seconds(1),
        chunkOverheadS: recorder.chunkOverhead.map { $0 / .seconds(1) },
        chunks: report.chunks.count, items: report.handledCount,
        durationS: report.duration / .seconds(1), stopReason: report.stopReason.rawValue))
  }

  /// Lists what a sync would do.
  private func rehearse() throws -> ExitCode {
    let root = try TreeRoot(tree.folder)
    var rows: [IndexedFile] = []
    if FileManager.default.fileExists(atPath: tree.database) {
      let index = try IndexFile(
        path: tree.database, root: root, access: .readOnly,
        busyTimeout: tree.busyTimeout.duration, acceptsNewRoot: tree.newRoot)
      rows = try index.rows.select()
    }
    let journal = Journal(maxErrors: maxErrors, isVerbose: true, emit: tree.json ? emit : nil)
    let comparison = try Comparison(tree, root, rows: rows, onSkip: journal.skip)
    if journal.hasTooManyErrors { throw tooManyErrors }
    for entry in comparison.differences
    where IndexRules.takesPart(entry, unseen: comparison.unseen) {
      let (sign, name) =
        switch entry.membership {
        case .leftExclusive: ("+", "add")
        case .intersection: ("~", "update")
        case .rightExclusive: ("-", "delete")
        }
      printOut(tree.json ? Event(name, entry.key).line : "\(sign) \(entry.key)\n")
    }
    if tree.json {
      printOut(Event("end", comparison.counts).line)
    } else if !tree.quiet {
      printOut("\(comparison.sentence)\n")
    }
    return journal.totals.skipped > 0 ? .skipped : .success
  }
}
