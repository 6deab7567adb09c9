internal import Foundation
internal import SafeOutput
public import SyncerSimulation

/// The table of a sweep, or of a shard of one, on its way to a file.
///
/// Rows go to `FILE.partial`; the file stands in its place once all are there. A sweep that was
/// interrupted goes on after the last whole row. What was written by another sweep, or by another
/// version of the program, is refused.
public struct SweepFile {
  /// Where the table will stand.
  public let path: String
  private let sweep: Sweep
  private let cells: Range<Int>

  /// Makes the file of some cells.
  ///
  /// - Parameters:
  ///   - path: Where the table will stand.
  ///   - sweep: The sweep.
  ///   - cells: Its cells that belong into the file, numbered from 0.
  public init(path: String, of sweep: Sweep, cells: Range<Int>) {
    self.path = path
    self.sweep = sweep
    self.cells = cells
  }

  /// Runs the cells that are not in the file yet.
  ///
  /// - Returns: how many cells were there already.
  /// - Throws: `ScenarioError` for a file of another sweep or one that cannot be written, and as
  ///   `Experiment.run`.
  public func complete(progress: RunProgress? = nil) async throws -> Int {
    do {
      return try await write(progress)
    } catch let error as WriteError {
      throw ScenarioError(error)
    }
  }

  private func write(_ progress: RunProgress?) async throws -> Int {
    if ContinuedFile.isSpecial(path) {
      let file = try OutputFile(path) { _ in false }
      let text = try await Self.text(of: sweep, cells: cells, progress: progress)
      try file.write(text.utf8)
      try file.commit()
      return 0
    }
    try sweep.refuseInput(path)
    if let bytes = try FileContents.readIfThere(path, remedy: "check its permissions") {
      let (done, _) = try finishedCells(bytes, path)
      if done == cells.count { return done }
      throw foreign(path, "has \(done) of the \(cells.count) rows of this sweep")
    }
    do {
      try FileManager.default.createDirectory(
        atPath: FilePath.folder(of: path), withIntermediateDirectories: true)
    } catch {
      throw ScenarioError(writing: path, error)
    }
    let file = try ContinuedFile(path)
    let bytes = try file.contents()
    var done = 0
    if bytes.isEmpty {
      try file.write(sweep.header)
    } else {
      let (count, length) = try finishedCells(bytes, file.partialPath)
      done = count
      try file.truncate(to: length)
    }
    try await sweep.run(cells.dropFirst(done).startIndex..<cells.upperBound, progress: progress) {
      try file.write(sweep.row(ofCell: $0, $1).bytes)
    }
    try file.commit()
    return done
  }

  /// The table as text, for standard output.
  ///
  /// - Throws: as `Experiment.run`.
  public static func text(
    of sweep: Sweep, cells: Range<Int>, cores: Int? = nil, progress: RunProgress? = nil
  ) async throws -> String {
    var bytes = sweep.header
    try await sweep.run(cells, cores: cores, progress: progress) {
      bytes += sweep.row(ofCell: $0, $1).bytes
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// How many whole rows of a file are the first of these cells, and where they end, in bytes.
  private func finishedCells(
    _ bytes: [UInt8], _ path: String
  ) throws(ScenarioError) -> (count: Int, length: Int) {
    let header = sweep.header
    guard bytes.starts(with: header) else {
      // A process that was stopped may have written a part of the header.
      if header.starts(with: bytes) { return (0, 0) }
      throw foreign(path, "begins with other columns than this sweep has")
    }
    var count = 0
    var length = header.count
    while count < cells.count, let end = CSVRecord.end(in: bytes, from: length) {
      let row = bytes[length..<end]
      let cell = cells.lowerBound + count
      guard row.starts(with: sweep.start(ofCell: cell).bytes) else {
        throw foreign(path, "has a row of another sweep where cell \(cell + 1) is expected")
      }
      guard row.reversed().starts(with: ",\(sweep.digest)\r\n".utf8.reversed()) else {
        throw foreign(
          path, "has rows of another scenario, of other traces, or of another version of co3sim")
      }
      length = end
      count += 1
    }
    return (count, length)
  }

  private func foreign(_ path: String, _ rule: String) -> ScenarioError {
    ScenarioError(
      file: path, rule: rule, remedy: "choose another file with --output, or delete this one")
  }
}
