import ArgumentParser
import Console
import Foundation
import Syncer
import SyncerFiles
import SyncerSQLite

/// Brings an index in step with its tree.
struct Sync: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Update the index to match the tree: add, update and delete rows.")

  @OptionGroup var tree: TreeOptions

  @Option(
    help: ArgumentHelp(
      "The target duration of a chunk, which is one transaction (default: 1s).",
      valueName: "duration"),
    transform: DurationArgument.init)
  var chunkTime: DurationArgument = DurationArgument(seconds: 1)

  @Option(
    help: ArgumentHelp(
      """
      The number of files read at once (default: the processor's cores, 1 with --record); above 1, \
      a chunk is also written while the next one is read.
      """, valueName: "count"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp("The maximum number of files to add, update and delete.", valueName: "count")
  )
  var itemLimit: Int?

  @Option(
    help: ArgumentHelp(
      """
      Stop after this time, with the open chunk finished. A large file is not read to its end; at \
      least one small file is done.
      """, valueName: "duration"), transform: DurationArgument.init)
  var maxDuration: DurationArgument?

  @Option(
    help: ArgumentHelp(
      "The number of unreadable files and folders to skip before giving up.",
      valueName: "count"))
  var maxErrors = 100

  @Option(
    help: ArgumentHelp(
      """
      Refuse to delete more rows than this number or share (default: 50%; 10% if the folder is on \
      another device than last time).
      """, valueName: "count|share"), transform: { try DeletionLimit($0, of: "files") })
  var maxDelete: DeletionLimit?

  @Flag(help: "Empty the index if there is no file to index.")
  var allowEmpty = false

  @Option(
    help: ArgumentHelp(
      "Write the cost of each file to this CSV file, and the options to FILE.json.",
      valueName: "file"))
  var record: String?

  @Flag(help: "Print what would be done, and change nothing.")
  var dryRun = false

  func validate() throws {
    if let itemLimit, itemLimit < 0 {
      throw ValidationError("--item-limit must not be negative, but it is \(itemLimit).")
    }
    if let jobs, jobs < 1 {
      throw ValidationError("--jobs must be at least 1, but it is \(jobs).")
    }
    if let jobs, jobs > 1 && record != nil {
      throw ValidationError("--record times one file at a time: leave out --jobs \(jobs).")
    }
    if maxErrors < 0 {
      throw ValidationError("--max-errors must not be negative, but it is \(maxErrors).")
    }
    if dryRun && record != nil {
      throw ValidationError("--record needs a sync: leave out --dry-run.")
    }
    if dryRun && tree.verify {
      throw ValidationError("--verify reads files: leave out --dry-run, or use co3index status.")
    }
  }

  func run() async throws {
    let command = self
    await runToExit {
      command.dryRun ? try await command.rehearse() : try await command.work()
    }
  }

  private func work() async throws -> ExitCode {
    let limit = TimeLimit(maxDuration?.duration)
    let root = try TreeRoot(tree.folder)
    if let record { try Recording.check(record, database: tree.database) }
    // Another program's file, or the index of another tree, is told of before the tree is read; a
    // new index is made only afterwards, so that none is left of a folder that cannot be read.
    let known = try existingIndex(of: root, .readWrite)
    let progress = ProgressLine(unless: tree.quiet || tree.noProgress)
    defer { progress.clear() }
    let journal = Journal(
      maxErrors: maxErrors, progress: progress, isVerbose: true, emit: tree.json ? emit : nil)
    guard let listing = try await listing(of: root, journal, limit) else { return endWithoutTime() }
    if journal.hasTooManyErrors { throw tooManyErrors }
    let index = try known ?? openIndex(of: root, .readWrite)
    let device = try index.claim()
    let comparison = Comparison(
      listing, rows: try index.rows(withDigests: tree.verify).select(), rules: tree.rules)
    let found = listing.roots.first.map { Int64(bitPattern: $0.device) }
    if let refused = refusal(comparison, from: device, to: found) { return refused }
    if let found, found != device { try index.remember(device: found) }
    return try await sync(comparison, into: index, journal, progress, limit)
  }

  private func sync(
    _ comparison: Comparison, into index: IndexFile, _ journal: Journal, _ progress: ProgressLine,
    _ limit: TimeLimit
  ) async throws -> ExitCode {
    let handler = IndexHandler(
      index: index, rules: comparison.rules, followsLinks: tree.followLinks, journal: journal,
      limit: limit)
    progress.plan(units: comparison.units)
    let recorder = record.map { _ in SyncRecorder() }
    var syncer = Syncer(
      differences: comparison.differences,
      handler: RecordingHandler(handler, recorder, clock: limit.clock),
      scheduler: scheduler(index), order: .roughlyListed, clock: limit.clock,
      observer: ObserverGroup(([recorder, journal] as [(any SyncObserver)?]).compactMap { $0 }))
    syncer.stop = journal.stop
    syncer.heartbeat = progress.heartbeat
    syncer.handlersAtOnce = atOnce
    syncer.openChunks = atOnce > 1 ? 2 : 1
    do {
      let report = try await syncer.chunkedSync(
        chunkTime: chunkTime.duration, itemLimit: itemLimit, maximumDuration: limit.left)
      progress.clear()
      try write(recorder, report)
      try index.keep(lateLearningOf: report)
      if comparison.fileCount == 0 && !tree.include.isEmpty && !tree.quiet {
        printError("co3index: no file in \(tree.folder) matches --include.\n")
      }
      return try end(SyncEnding(journal.totals, report, limit.elapsed), journal)
    } catch let failure as SyncFailure<TreePath> {
      progress.clear()
      try write(recorder, failure.report)
      throw failure
    }
  }
}

extension Sync {
  private var recordFiles: [String] {
    record.map { [$0, Recording.sidecar(of: $0)] } ?? []
  }

  /// How many files, or before that folders, are read at once.
  private var atOnce: Int {
    jobs ?? (record == nil ? ProcessInfo.processInfo.activeProcessorCount : 1)
  }

  private var emit: @Sendable (Event) -> Void {
    { printOut($0.line) }
  }

  private func openIndex(
    of root: TreeRoot, _ access: DatabaseFile.Access
  ) throws -> IndexFile {
    try IndexFile(
      path: tree.database, root: root, access: access,
      busyTimeout: tree.busyTimeout.duration, acceptsNewRoot: tree.newRoot)
  }

  /// The index, where there is a file at all.
  private func existingIndex(
    of root: TreeRoot, _ access: DatabaseFile.Access
  ) throws -> IndexFile? {
    if FileIdentity(path: tree.database) != nil || tree.database.isEmpty {
      return try openIndex(of: root, access)
    }
    let folder = URL(fileURLWithPath: tree.database).deletingLastPathComponent().path
    if Foundation.access(folder, W_OK) != 0 {
      throw FileError(
        file: tree.database, rule: "cannot be made (\(String(cString: strerror(errno))))",
        remedy: "name a file in a folder that exists and can be written")
    }
    return nil
  }

  /// Reads the tree; nil where the time was up before it was read.
  private func listing(
    of root: TreeRoot, _ journal: Journal, _ limit: TimeLimit
  ) async throws -> DirectoryListing? {
    let folder = tree.folder
    do {
      return try await tree.listing(
        of: root, except: recordFiles, foldersAtOnce: atOnce, onSkip: journal.skip
      ) { count in
        journal.didList(count, of: folder)
        try limit.check()
      }
    } catch is OutOfTime {
      return nil
    }
  }

  /// Says that the time was up before anything could be done.
  private func endWithoutTime() -> ExitCode {
    if tree.json {
      printOut(
        Event("end", ChangeCounts(), reason: StopReason.maximumDuration.rawValue).line)
    } else if !tree.quiet {
      printOut("The time was up while \(tree.folder) was read; allow more with --max-duration.\n")
    }
    return .outOfTime
  }

  /// Says why the index would lose too many rows; nil where it would not.
  private func refusal(
    _ comparison: Comparison, from device: Int64?, to found: Int64?
  ) -> ExitCode? {
    let objection = DeletionGuard(limit: maxDelete, allowsEmpty: allowEmpty).objection(
      to: comparison, of: tree.folder,
      isOnAnotherDevice: device.map { $0 != found } ?? false)
    guard let objection else { return nil }
    if tree.json {
      printOut(Event("end", ChangeCounts(), reason: "too many deletions").line)
    }
    printError("co3index: \(objection)\n")
    return .tooManyDeletions
  }

  /// Prints what came of the sync and says how to end.
  private func end(_ ending: SyncEnding, _ journal: Journal) throws -> ExitCode {
    let tooMany = journal.hasTooManyErrors
    if tree.json {
      printOut(ending.event(tooManyErrors: tooMany).line)
    } else if !tree.quiet {
      printOut("\(ending.sentence)\n")
    }
    if tooMany { throw tooManyErrors }
    switch ending.reason {
    case .maximumDuration, .timeLeft: return .outOfTime
    case .cancelled: throw CancellationError()
    case .completed, .itemLimit, .failed:
      if journal.totals.mismatched > 0 { return .differs }
      return journal.totals.skipped > 0 ? .skipped : .success
    }
  }

  private var tooManyErrors: FileError {
    FileError(
      file: tree.folder, rule: "has more than \(maxErrors) files or folders that cannot be read",
      remedy: "change their permissions, exclude them, or raise --max-errors")
  }

  /// Lists what a sync would do.
  private func rehearse() async throws -> ExitCode {
    let root = try TreeRoot(tree.folder)
    var rows: [IndexedFile] = []
    if FileIdentity(path: tree.database) != nil {
      rows = try openIndex(of: root, .readOnly).rows().select()
    }
    let journal = Journal(maxErrors: maxErrors, isVerbose: true, emit: tree.json ? emit : nil)
    let listing = try await tree.listing(of: root, foldersAtOnce: atOnce, onSkip: journal.skip)
    let comparison = Comparison(listing, rows: rows, rules: tree.rules)
    if journal.hasTooManyErrors { throw tooManyErrors }
    for entry in comparison.differences where comparison.rules.takesPart(entry) {
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
