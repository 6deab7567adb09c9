internal import Foundation

/// The table of a sweep, or of a shard of one, on its way to a file.
///
/// Rows go to `FILE.partial`; the file stands in its place once all are there. A sweep that was
/// interrupted goes on after the last whole row.
public struct SweepFile {
  /// Where the table will stand.
  public let path: String
  private let sweep: Sweep
  private let cells: Range<Int>

  private var partial: String { path + ".partial" }

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
    let disk = FileManager.default
    if disk.fileExists(atPath: path) {
      let (done, _) = try finishedCells(of: path)
      if done == cells.count { return done }
      throw foreign(path, "has \(done) of the \(cells.count) rows of this sweep")
    }
    var done = 0
    var file: FileHandle
    do {
      if disk.fileExists(atPath: partial) {
        let (count, length) = try finishedCells(of: partial)
        done = count
        file = try FileHandle(forUpdating: URL(fileURLWithPath: partial))
        try file.truncate(atOffset: UInt64(length))
        try file.seekToEnd()
      } else {
        var header = CSVLine(sweep.columns)
        header.end()
        try Data(header.bytes).write(to: URL(fileURLWithPath: partial))
        file = try FileHandle(forWritingTo: URL(fileURLWithPath: partial))
        try file.seekToEnd()
      }
    } catch let error as ScenarioError {
      throw error
    } catch {
      throw ReportWriter.failure(path, error)
    }
    try await sweep.run(cells.dropFirst(done).startIndex..<cells.upperBound, progress: progress) {
      line in
      do {
        try file.write(contentsOf: Data(line.bytes))
      } catch {
        throw ReportWriter.failure(path, error)
      }
    }
    do {
      try file.close()
      if rename(partial, path) != 0 { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    } catch {
      throw ReportWriter.failure(path, error)
    }
    return done
  }

  /// The table as text, for standard output.
  ///
  /// - Throws: as `Experiment.run`.
  public static func text(
    of sweep: Sweep, cells: Range<Int>, cores: Int? = nil, progress: RunProgress? = nil
  ) async throws -> String {
    var table = CSVLine(sweep.columns)
    table.end()
    var bytes = table.bytes
    try await sweep.run(cells, cores: cores, progress: progress) { bytes += $0.bytes }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The whole rows of a file that are the first of these cells, and where they end, in bytes.
  private func finishedCells(of path: String) throws(ScenarioError) -> (count: Int, length: Int) {
    let bytes = try FileContents.read(path, remedy: "check its permissions")
    var header = CSVLine(sweep.columns)
    header.end()
    guard bytes.starts(with: header.bytes) else {
      throw foreign(path, "begins with other columns than this sweep has")
    }
    var count = 0
    var length = header.bytes.count
    while count < cells.count, let end = bytes[length...].firstIndex(of: 0x0A) {
      let start = sweep.start(ofCell: cells.lowerBound + count)
      guard bytes[length...].starts(with: start.bytes) else {
        let cell = cells.lowerBound + count + 1
        throw foreign(path, "has a row of another sweep where cell \(cell) is expected")
      }
      length = end + 1
      count += 1
    }
    return (count, length)
  }

  private func foreign(_ path: String, _ rule: String) -> ScenarioError {
    ScenarioError(
      file: path, rule: rule, remedy: "choose another file with --output, or delete this one")
  }
}

extension Sweep {
  /// The fields of a row that are known before its cell has run.
  fileprivate func start(ofCell cell: Int) -> CSVLine {
    let draw = cell / schedulersPerScenario
    let scenario = scenarios[draw / replications]
    var line = CSVLine()
    line.add(cell + 1)
    line.add(cellCount)
    for text in values[draw / replications] { line.add(text) }
    line.add(scenario.name)
    line.add(scenario.schedulers[cell % schedulersPerScenario].label)
    line.add(String(scenario.seed))
    line.add(draw % replications + 1)
    return line
  }
}
